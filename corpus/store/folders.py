"""What is done to folders as a whole: who may look into them, one work at a time, and waiting until the disk has it."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, Literal

from corpus.errors import StoreReadOnly, StoreUnavailable

FOREIGN = (errno.EACCES, errno.EPERM, errno.EROFS)  # what the system says to who may not write
RANDOM = "?" * 8  # what `tempfile` puts behind a name that it makes


def open_private(path: Path, mode: Literal["ab", "xb"]) -> BinaryIO:
    """Open a file for writing; one that is new is for this user's eyes only, however wide the umask is."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if mode == "xb" else os.O_APPEND)
    return os.fdopen(os.open(path, flags, 0o600), mode)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this user's eyes only; what is there stays as it is.

    Raises:
        StoreReadOnly, StoreUnavailable: if the system refuses.
    """
    try:
        for missing in (*(each for each in reversed(folder.parents) if not each.exists()), folder):
            missing.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise refused(folder, error, "name another --data-dir") from None


def refused(path: Path, error: OSError, way_out: str) -> StoreUnavailable:
    """Return the error of a write that the system refused."""
    if error.errno in FOREIGN:
        return StoreReadOnly(f"{path}: {error.strerror}; let this user write there, or {way_out}")
    return StoreUnavailable(f"{path}: {error.strerror}; {way_out}")


def may_write(path: Path) -> bool:
    """Return whether this user may change a file and what is kept beside it."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def seen_by_all(path: Path) -> bool:
    """Return whether every user of the machine can read a file."""
    try:
        return bool(path.stat().st_mode & 0o004) and all(each.stat().st_mode & 0o001 for each in path.resolve().parents)
    except OSError:
        return False


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


@contextmanager
def workshop(folder: Path, name: str) -> Iterator[Path]:
    """A block with a new folder in a folder, gone at its end; what killed processes left of theirs is removed before.

    Args:
        folder: where it is made.
        name: what is made in it, which tells it from the workshops of other things.
    """
    prefix = f".{name}-"
    sweep(folder, prefix)
    made, lock = _owned(folder, prefix)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def _owned(folder: Path, prefix: str) -> tuple[Path, int]:
    """Return a new folder and the lock that says that somebody is at work there."""
    while True:
        made = Path(mkdtemp(prefix=prefix, dir=folder))
        with suppress(FileNotFoundError):  # somebody sweeps, and was there before the lock
            lock = os.open(made, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if made.exists():
                return made, lock
            os.close(lock)


def sweep(folder: Path, prefix: str) -> None:
    """Remove the temporary files and folders of killed processes; what a living one has is locked, and stays."""
    for path in folder.glob(f"{prefix}{RANDOM}"):
        with suppress(OSError):  # it is somebody's, or gone, or nothing may be removed here
            lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)
            finally:
                os.close(lock)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
