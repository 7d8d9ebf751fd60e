"""Restoring: the collections of a backup, read without trusting it, checked whole, and put in place at once."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from corpus.errors import NotFound, StoreDamaged, UnreadableFile
from corpus.store.archive import unpack
from corpus.store.backup import member_of
from corpus.store.checking import Held, check_store
from corpus.store.folders import locked, make_private
from corpus.store.placing import Ready, check_is_free, declare_ready, place, staging


def restore(file: Path, data_dir: Path) -> Mapping[str, Held]:
    """Put the collections of a backup into a data folder without an index, and return what each holds.

    All of them are there at the end, or none. A restore that was killed while it put them in place is finished by the
    next one. What is derived from the stores is forgotten, so that it is derived anew.

    Raises:
        NotFound: if the file is not there.
        UnreadableFile: if it is no backup, or a damaged one.
        StoreUnavailable: if the data folder holds an index, or the system refuses.
    """
    if not file.is_file():
        raise NotFound(f"{file}: no such file; name one that `wherefrom backup` wrote")
    backup = _identity(file)
    with _folder(data_dir), locked(data_dir):
        ready = place(data_dir)
        if ready is None or ready.backup != backup:
            check_is_free(data_dir)
            with staging(data_dir) as folder:
                stores = unpack(file, folder)
                ready = Ready(backup, {name: _checked(file, name, store) for name, store in stores.items()})
                declare_ready(folder, ready)
            place(data_dir)
    return ready.held


def _identity(file: Path) -> str:
    """Return what tells whether a restore that was stopped was one of this file."""
    facts = file.stat()
    return f"{str(file.resolve())!a} {facts.st_size} {facts.st_mtime_ns}"


@contextmanager
def _folder(data_dir: Path) -> Iterator[None]:
    """A block in which a folder is there; one that was not is gone again if it raises."""
    was_there = data_dir.exists()
    make_private(data_dir)
    try:
        yield
    except BaseException:
        if not was_there:
            with suppress(OSError):  # it holds what the next restore puts in place
                data_dir.rmdir()
        raise


def _checked(file: Path, name: str, store: Path) -> Held:
    """Check a store, make it forget what was derived from it, and return what it holds."""
    try:
        held = check_store(store)
    except StoreDamaged as error:
        raise UnreadableFile(f"{file}: {member_of(name)}: {error}; restore another backup") from None
    with closing(sqlite3.connect(store)) as connection, connection:
        if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'derived'").fetchone():
            connection.execute("DELETE FROM derived")
    return held
