"""The SQLite file below the store: its schema, its connections and transactions, and its errors in our words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexMismatch, NotFound, StoreDamaged, StoreUnavailable

DATABASE_FILE = "wherefrom.sqlite3"
PAGE_BYTES = 16_384
FORMAT_VERSION = 4
DAMAGE = (None, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)  # None: text in it is no UTF-8
BUSY_MILLISECONDS = 10_000  # how long a writer waits for another before it gives up

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    document_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    language TEXT NOT NULL,
    publisher TEXT,
    published TEXT,
    url TEXT,
    author TEXT,
    metadata TEXT NOT NULL,
    synonyms TEXT NOT NULL,
    checksum TEXT NOT NULL,
    path TEXT UNIQUE
) STRICT;
-- Rows are never used twice (AUTOINCREMENT): an id in an old snapshot of an index can only be gone, not another's.
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    section TEXT NOT NULL,
    search_text TEXT NOT NULL,
    sentences TEXT NOT NULL,
    page INTEGER,
    checksum TEXT NOT NULL
) STRICT;
CREATE INDEX passages_of_document ON passages (document_id);
-- A question reads the vectors of a hundred passages, and of sixteen the tokens, which take ten times the room.
CREATE TABLE vectors (
    row INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    passage_vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
) STRICT;
CREATE TABLE tokens (
    row INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    token_vectors BLOB NOT NULL,
    sentence_tokens BLOB NOT NULL
) STRICT;
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL,
    kind TEXT NOT NULL
) STRICT;
CREATE TABLE snapshots (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


class Database:
    """One connection a thread to one SQLite file; every access is inside `reading` or `writing`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @classmethod
    def open(cls, data_dir: Path, *, create: bool = False) -> "Database":
        """Open the database of a data folder, making both if `create`.

        Raises:
            NotFound: if there is none, because an empty index would answer every question with nothing.
            IndexMismatch: if another version of wherefrom wrote it.
            StoreUnavailable, StoreDamaged: if the system or SQLite refuses.
        """
        path = data_dir / DATABASE_FILE
        if not create and not path.is_file():
            raise NotFound(f"{data_dir}: no index here; run: wherefrom index PATH --data-dir {data_dir}")
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"{data_dir}: {error.strerror}; name another --data-dir") from None
        database = cls(path)
        try:
            database._prepare()
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            while self._connections:
                self._connections.pop().close()
        self._local = threading.local()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the store to its end, whatever is written meanwhile."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is durable when the block ends, and never was if it raises."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._translated_errors():
            connection = self._connection()
            if connection.in_transaction:  # part of the one around it
                yield connection
                return
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            with self._lock:
                self._connections.append(connection)
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            # Of a new file only. Vectors of a passage are some 30 KB: larger pages are fewer reads.
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    def _prepare(self) -> None:
        with self.reading() as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            with self.writing() as connection:
                if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                    for statement in SCHEMA.split(";\n"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        elif found != FORMAT_VERSION:
            raise IndexMismatch(
                f"{self.path} has format {found}, this version reads {FORMAT_VERSION}; "
                "index the files again into a new --data-dir"
            )

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) in DAMAGE:
                raise self._damaged(error) from None
            if "locked" in str(error):
                raise StoreUnavailable(f"{self.path}: another index is being written; try again after it") from None
            raise StoreUnavailable(f"{self.path}: {error}; check its disk, permissions and other writers") from None
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    def _damaged(self, error: sqlite3.Error) -> StoreDamaged:
        return StoreDamaged(
            f"{self.path} is damaged ({error}); restore a copy of it, or index the files into a new --data-dir"
        )
