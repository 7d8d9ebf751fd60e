"""Which processes serve a data folder: the first of them takes up what was left there, and makes it clean."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from corpus.store.collections import FOLDER
from corpus.store.folders import may_write, open_private
from corpus.store.placing import sweep_staging

SCRATCH = ".reading"  # below the data folder: files while they are read
LOCK = ".serving"
MAKING = ".making-"  # how the folder of a collection is called until it is whole
GONE = ".deleted-"  # how the folder of a collection is called from its deletion until it is empty


def scratch_in(data_dir: Path) -> Path:
    """Return the folder, made if need be, where files lie while they are read."""
    scratch = data_dir / SCRATCH
    scratch.mkdir(mode=0o700, exist_ok=True)
    return scratch


class Place:
    """A process's place among those that serve a data folder. Where there are no such locks, every one is the first."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._file: BinaryIO | None = None

    def take(self) -> bool:
        """Take a place until `leave` or the end of the process, and return whether no other process has one.

        Where this process may not write, others may, and what was left is theirs.
        """
        lock = self._data_dir / LOCK
        if not may_write(lock):
            return False
        first = True
        with suppress(ImportError, OSError):  # Windows; a full disk
            import fcntl

            self._file = open_private(lock, "ab")
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                first = False
            if first:
                sweep(self._data_dir)
            fcntl.flock(self._file, fcntl.LOCK_SH)
        return first

    def leave(self) -> None:
        """Give the place up."""
        if self._file is not None:
            self._file.close()
            self._file = None


def sweep(data_dir: Path) -> None:
    """Remove what was left of reading files, of making and deleting collections, and of restoring a backup."""
    cut_short = (each for beginning in (MAKING, GONE) for each in (data_dir / FOLDER).glob(f"{beginning}*"))
    for folder in (data_dir / SCRATCH, *cut_short):
        shutil.rmtree(folder, ignore_errors=True)
    sweep_staging(data_dir)
