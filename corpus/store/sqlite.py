"""The truth on one machine: a SQLite file in a data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.store.database import Database
from corpus.store.reader import SqliteReader
from corpus.store.writer import SqliteWriter


class Store:
    """The documents of a data folder; see `corpus.store.truth.Truth`. Use it as a context, or close it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, data_dir: Path, *, create: bool = False) -> "Store":
        """Open the store of a data folder; see `Database.open` for what is raised."""
        return cls(Database.open(data_dir, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @contextmanager
    def reading(self) -> Iterator[SqliteReader]:
        """A block in which all reads see one state; not inside another block of the same thread."""
        with self._database.transaction() as connection:
            yield SqliteReader(connection)

    @contextmanager
    def writing(self) -> Iterator[SqliteWriter]:
        """A block whose writes become durable together at its end, or not at all; not inside another block."""
        with self._database.transaction(write=True) as connection:
            yield SqliteWriter(connection)
