"""Connections to the SQLite file of a store: those that write, and those of a user who may only read.

SQLite keeps a log beside the file, and an index of the log, which all who read it share. Where it cannot make them, it
reads nothing unless it is told what to do without.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from corpus.store.schema import PAGE_BYTES

JOURNAL_BYTES = 64_000_000  # that the log keeps for the next writes once all of it is in the file
BUSY_MILLISECONDS = 10_000  # how long a writer waits for another before it gives up
LOG, SHARED = "-wal", "-shm"


@dataclass(frozen=True, slots=True)
class Look:
    """How a file that may only be read is to be read now; where another user writes it, that changes.

    Attributes:
        parameters: of its URI.
        alone: whether the index of its log is made in memory.
        facts: what tells whether a file without a log is the one that was opened.
    """

    parameters: str
    alone: bool = False
    facts: tuple[int, ...] = ()


def look_at(path: Path) -> Look:
    """Return how a file is read that this user may only read.

    Without a log it does not change, until it is another. With a log and its index others may be writing: it is read
    like any. A log alone was left by a process that is gone, or came with a copy of the folder.
    """
    if not _size(path, LOG):
        found = path.stat()
        return Look("mode=ro&immutable=1", facts=(found.st_ino, found.st_size, found.st_mtime_ns))
    shared = path.with_name(path.name + SHARED).exists()
    return Look("mode=ro") if shared else Look("mode=ro&vfs=unix-none", alone=True)


def connect(path: Path, look: Look | None = None) -> sqlite3.Connection:
    """Return a connection, which may write unless it is said how the file is read."""
    uri = "" if look is None else f"?{look.parameters}"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}{uri}", isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        if look is None:
            _prepare_to_write(connection)
        elif look.alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.create_function("contains", 2, _contains, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare_to_write(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a new file only
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted or replaced is overwritten. FAST would leave the freed pages, on which long texts and vectors are.
    connection.execute("PRAGMA secure_delete = ON")


def _size(path: Path, companion: str) -> int:
    """Return how long a companion of a file is, 0 where there is none."""
    try:
        return path.with_name(path.name + companion).stat().st_size
    except FileNotFoundError:
        return 0


def _contains(text: str, words: str) -> bool:
    """Return whether words stand in a text in any case; SQLite's own LIKE knows the case of ASCII only."""
    return words.casefold() in text.casefold()
