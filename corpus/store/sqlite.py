"""The truth on one machine: a SQLite file in a data folder, its transactions, and its errors in our words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.errors import (
    IndexMismatch,
    InvalidInput,
    NotFound,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreReplaced,
    StoreUnavailable,
)
from corpus.store.connecting import BUSY_MILLISECONDS, Look, connect, look_at
from corpus.store.folders import make_private, may_write, open_private, refused
from corpus.store.reader import SqliteReader
from corpus.store.schema import FORMAT_VERSION, LACKS_CHECKSUMS, LACKS_TABLES, create_tables, extend_tables, format_of
from corpus.store.writer import SqliteWriter

DATABASE_FILE = "wherefrom.sqlite3"
DAMAGE = (None, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)  # None: text in it is no UTF-8
SETTLING_MILLISECONDS = (
    1_000  # how long the log is waited for, and writers wait, until those who read an older state end
)


def existing_file(data_dir: Path) -> Path:
    """Return where the store of a data folder is.

    Raises:
        NotFound: if there is none, because an empty index would answer every question with nothing.
    """
    path = data_dir / DATABASE_FILE
    if not path.is_file():
        raise NotFound(f"{data_dir}: no index here; run: wherefrom index PATH --data-dir {data_dir}")
    return path


class Store:
    """The documents of a data folder; see `corpus.store.truth.Truth`. Use it as a context, or close it.

    One connection a thread; every access is inside a transaction, and none inside another.

    Attributes:
        path: of the file.
        read_only: whether this user may not write there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read_only = path.exists() and not may_write(path)
        self._local = threading.local()
        self._file: tuple[int, int] | None = None  # which one it is, whatever it is called
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()

    @classmethod
    def open(cls, data_dir: Path, *, create: bool = False) -> "Store":
        """Open the store of a data folder, making both if `create`.

        Raises:
            NotFound: if there is none, because an empty index would answer every question with nothing.
            IndexMismatch: if another version of wherefrom wrote it.
            StoreUnavailable, StoreDamaged: if the system or SQLite refuses.
        """
        path = data_dir / DATABASE_FILE if create else existing_file(data_dir)
        if create and not path.exists():
            _make(path)
        store = cls(path)
        try:
            store._prepare(create)
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            while self._connections:
                self._connections.pop()[1].close()
        self._local = threading.local()

    @contextmanager
    def reading(self) -> Iterator[SqliteReader]:
        """A block in which all reads see one state."""
        with self.transaction("BEGIN") as connection:
            yield SqliteReader(connection)

    @contextmanager
    def writing(self) -> Iterator[SqliteWriter]:
        """A block whose writes become durable together at its end, or not at all."""
        with self.transaction("BEGIN IMMEDIATE") as connection:
            extend_tables(connection)  # a version before would take what is written now for damaged
            yield SqliteWriter(connection)
        self._check_in_place()

    @contextmanager
    def transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        """A transaction below `reading` and `writing`, which says how it begins.

        Raises:
            StoreReadOnly: if it is to write and this user may not.
        """
        if self.read_only and begin != "BEGIN":
            raise StoreReadOnly(f"{self.path} can only be read by this user; let it write in the folder")
        with self._told():
            self._check_in_place()
            connection = self._connection()
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def settle(self) -> bool:
        """Empty the log, where what was deleted or replaced still stands, and return whether that could be done."""
        if self.read_only:
            return False
        with self._told():
            connection = self._connection()
            connection.execute(f"PRAGMA busy_timeout = {SETTLING_MILLISECONDS}")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        return not busy

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A block in which SQLite's errors are told in our words."""
        try:
            yield
        except sqlite3.OperationalError as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code in DAMAGE:
                raise self._damaged(error) from None
            if code == sqlite3.SQLITE_FULL:
                raise StoreFull(f"{self.path}: the disk is full; make room on it, and try again") from None
            if "locked" in str(error):
                raise StoreUnavailable(f"{self.path}: another index is being written; try again after it") from None
            raise StoreUnavailable(f"{self.path}: {error}; check its disk, permissions and other writers") from None
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self._damaged(error) from None
        except UnicodeEncodeError as error:
            raise InvalidInput(f"{error.object!r} holds half of a surrogate pair; give it in UTF-8") from None

    def _connection(self) -> sqlite3.Connection:
        look = look_at(self.path) if self.read_only else None
        known: tuple[sqlite3.Connection, Look | None] | None = getattr(self._local, "connection", None)
        if known is not None and known[1] == look:
            return known[0]
        connection = connect(self.path, look)
        own = threading.current_thread()
        with self._lock:
            left = [each for each in self._connections if each[0] is own or not each[0].is_alive()]
            self._connections = [each for each in self._connections if each not in left]
            self._connections.append((own, connection))
        for _, other in left:
            other.close()
        self._local.connection = connection, look
        return connection

    def _check_in_place(self) -> None:
        """Refuse what would be read from or written to a file that another process has removed or put aside."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise StoreReplaced(f"{self.path}: {error.strerror}; was it deleted?") from None
        file = (found.st_dev, found.st_ino)
        self._file = self._file or file
        if file != self._file:
            raise StoreReplaced(f"{self.path} is another file than before; open it again")

    def _prepare(self, create: bool) -> None:
        with self.transaction("BEGIN") as connection:
            found = format_of(connection)
        if found == 0 and not create:
            raise StoreDamaged(
                f"{self.path} is no store of wherefrom; restore a copy of it, or name another --data-dir"
            )
        if found == 0:
            with self.transaction("BEGIN IMMEDIATE") as connection:
                if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                    create_tables(connection)
        elif found == LACKS_TABLES:
            with self.transaction("BEGIN IMMEDIATE") as connection:
                extend_tables(connection)
        elif found not in (LACKS_CHECKSUMS, FORMAT_VERSION):
            way_out = (
                f"run: wherefrom index --upgrade --data-dir {self.path.parent}"
                if found < FORMAT_VERSION
                else "use the version of wherefrom that wrote it"
            )
            raise IndexMismatch(f"{self.path} has format {found}, this version reads {FORMAT_VERSION}; {way_out}")

    def _damaged(self, error: Exception) -> StoreDamaged:
        return StoreDamaged(
            f"{self.path} is damaged ({error}); restore a copy of it, or index the files into a new --data-dir"
        )


def _make(path: Path) -> None:
    """Make an empty file for a store, which SQLite gives the same permissions to whatever it keeps beside it."""
    make_private(path.parent)
    try:
        open_private(path, "ab").close()
    except OSError as error:
        raise refused(path, error, "name another --data-dir") from None
