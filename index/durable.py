"""Files that are derived from the store: written whole or not at all, and never trusted without their digest."""

import fcntl
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from io import BufferedRandom
from mmap import ACCESS_READ, mmap
from pathlib import Path
from stat import S_IMODE

from corpus.store.folders import sweep, sync


class Aside:
    """A file that is written beside the place it is meant for, durable, and put there or removed at the end."""

    def __init__(self, path: Path, write: Callable[[BufferedRandom], str]) -> None:
        """Write it; it is for this user's eyes only, unless it takes the place of one that others may read.

        Args:
            path: the place it is meant for.
            write: writes what it is to hold, and returns the digest by which it is known.
        """
        self._path = path
        sweep(path.parent, path.name)
        self._file, self._aside = _owned(path)
        try:
            with suppress(OSError):  # there is none, or it is another user's
                os.fchmod(self._file.fileno(), S_IMODE(path.stat().st_mode))
            self.digest = write(self._file)
            self._file.flush()
            os.fsync(self._file.fileno())
        except BaseException:
            self.remove()
            raise

    def place(self) -> None:
        """Put it in its place by rename."""
        self._aside.replace(self._path)
        sync(self._path.parent)

    def remove(self) -> None:
        """Remove it, unless it is in its place."""
        self._aside.unlink(missing_ok=True)
        with suppress(OSError):  # what could not be written is still in its buffer
            self._file.close()


def holding(data: bytes) -> Callable[[BufferedRandom], str]:
    """Return what writes some bytes into a file, which is known by their SHA-256."""

    def write(file: BufferedRandom) -> str:
        file.write(data)
        return sha256(data).hexdigest()

    return write


def _owned(path: Path) -> tuple[BufferedRandom, Path]:
    """Return a new file beside another; it is locked while it is open, which says that somebody writes it."""
    while True:
        handle, aside = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        file = os.fdopen(handle, "w+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        if Path(aside).exists():  # else somebody sweeps, and was there before the lock
            return file, Path(aside)
        file.close()


def write_whole(path: Path, data: bytes) -> str:
    """Write a file aside, make it durable, put it in place by rename, and return its SHA-256."""
    aside = Aside(path, holding(data))
    try:
        aside.place()
    finally:
        aside.remove()
    return aside.digest


def map_whole(path: Path, digest: str) -> mmap | None:
    """Return what a file holds, mapped, or `None` if it is not there or not the one whose SHA-256 is given.

    Processes share what is mapped, and what takes the place of the file leaves it as it was.
    """
    try:
        with path.open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
    except (OSError, ValueError):  # of nothing at all
        return None
    return data if sha256(data).hexdigest() == digest else None
