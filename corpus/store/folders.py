"""What is done to folders as a whole: one work in a folder at a time, and waiting until the disk has it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StoreUnavailable


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that a rename never precedes what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """A block that only one process is in, for each folder; the lock goes with the process, however it ends.

    Raises:
        StoreUnavailable: if another is in it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StoreUnavailable(f"{folder}: a backup or restore of it is running; try again after it") from None
    finally:
        os.close(descriptor)
