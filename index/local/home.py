"""A data folder as the home of collections, and which processes serve it.

The first of them takes up what was left there, and makes it clean. Where there are no such locks, every one is the
first.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from corpus.store.collections import FOLDER, folder_of, names_in
from corpus.store.folders import may_write, open_private, refused, seen_by_all, sync
from corpus.store.placing import sweep_staging
from corpus.store.sqlite import DATABASE_FILE
from index.engine import Engine
from index.local.index import LOCAL

SCRATCH = ".reading"  # below the data folder: files while they are read
LOCK = ".serving"
MAKING = ".making-"  # how the folder of a collection is called until it is whole
GONE = ".deleted-"  # how the folder of a collection is called from its deletion until it is empty


class LocalHome:
    """A data folder; see `index.home.Home`.

    Attributes:
        folder: it.
        engine: what opens the collections in it.
        claims: none; a process does the jobs that it accepts, and the first one those that were left.
    """

    claims: None = None

    def __init__(self, folder: Path, engine: Engine = LOCAL) -> None:
        self.folder = folder
        self.engine = engine
        self._lock: BinaryIO | None = None

    def __str__(self) -> str:
        """Return the folder."""
        return str(self.folder)

    @property
    def option(self) -> str:
        """How a command names it."""
        return f"--data-dir {self.folder}"

    @property
    def read_only(self) -> bool:
        """Whether this user may not write here."""
        return self.folder.exists() and not may_write(self.folder / DATABASE_FILE)

    def place(self, name: str) -> Path:
        """Return the folder of a collection."""
        return folder_of(self.folder, name)

    def names(self) -> list[str]:
        """Return the names of the collections that there are."""
        return names_in(self.folder)

    def make(self, name: str, begin: Callable[[Path], None]) -> None:
        """Make a collection where none is seen, and give it its name once it is whole."""
        folder = self.place(name)
        made = _aside(folder, MAKING)
        try:
            begin(made)
            _rename(made, folder)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise

    def remove(self, name: str) -> None:
        """Give a collection's folder a name that none has, durably, and empty it then."""
        folder = self.place(name)
        gone = _aside(folder, GONE)
        _rename(folder, gone)
        shutil.rmtree(gone, ignore_errors=True)

    def take(self) -> bool:
        """Take a place among those who serve the folder, and return whether no other process has one.

        Where this process may not write, others may, and what was left is theirs.
        """
        lock = self.folder / LOCK
        if not may_write(lock):
            return False
        first = True
        with suppress(ImportError, OSError):  # Windows; a full disk
            import fcntl

            self._lock = open_private(lock, "ab")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                first = False
            if first:
                _sweep(self.folder)
            fcntl.flock(self._lock, fcntl.LOCK_SH)
        return first

    def scratch(self) -> Path:
        """Return the folder, made if need be, where files lie while they are read."""
        scratch = self.folder / SCRATCH
        scratch.mkdir(mode=0o700, exist_ok=True)
        return scratch

    def room(self) -> int:
        """Return how many bytes the disk has room for."""
        return shutil.disk_usage(self.folder).free

    def remarks(self) -> list[str]:
        """Return whether others may read what is here, or this user may not write it."""
        if self.read_only:
            return [f"{self}: this user may not write here; documents are only read"]
        files = [self.place(name) / DATABASE_FILE for name in self.names()]
        return [
            f"{file} can be read by every user of this machine; run: chmod 600 {file}*"
            for file in files
            if seen_by_all(file)
        ]

    def check(self) -> None:
        """Find nothing wrong: whether a folder is there, each question sees for itself."""

    def close(self) -> None:
        """Give the place among those who serve the folder up."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _aside(folder: Path, beginning: str) -> Path:
    return folder.with_name(f"{beginning}{folder.name}-{uuid4().hex}")


def _rename(folder: Path, name: Path) -> None:
    try:
        folder.rename(name)
        sync(name.parent)
    except OSError as error:
        raise refused(folder, error, "make room in the data folder") from None


def _sweep(folder: Path) -> None:
    """Remove what was left of reading files, of making and deleting collections, and of restoring a backup."""
    cut_short = (each for beginning in (MAKING, GONE) for each in (folder / FOLDER).glob(f"{beginning}*"))
    for left in (folder / SCRATCH, *cut_short):
        shutil.rmtree(left, ignore_errors=True)
    sweep_staging(folder)
