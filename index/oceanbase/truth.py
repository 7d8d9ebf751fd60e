"""The truth in a database: the rows of one collection, in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cached_property
from types import TracebackType
from typing import Self

from corpus.errors import NotFound, StoreReadOnly, StoreReplaced
from index.oceanbase.collections import make, number_of
from index.oceanbase.connecting import Connection, Database
from index.oceanbase.reader import OceanBaseReader, Standing
from index.oceanbase.writer import OceanBaseWriter

STANDING = ", ".join(each.name for each in fields(Standing))


class OceanBaseTruth:
    """The documents of a collection; see `corpus.store.truth.Truth`.

    Attributes:
        database: which others use, too, and whoever made it closes.
        collection: the number of the collection.
        name: of the collection.
    """

    def __init__(self, database: Database, collection: int, name: str) -> None:
        self.database = database
        self.collection = collection
        self.name = name

    @classmethod
    def open(cls, database: Database, name: str, *, create: bool = False) -> "OceanBaseTruth":
        """Open a collection, making it, its tables and the database if `create`.

        Raises:
            NotFound: if there is none, because an empty index would answer every question with nothing.
            IndexMismatch: if a newer version of wherefrom made the tables.
            StoreAway: if the database does not answer.
        """
        number = number_of(database, name)
        if number is None and not create:
            way_out = f"run: wherefrom index PATH --store {database.address} --collection {name}"
            raise NotFound(f"{database.address}: no collection {name} here; {way_out}")
        database.prepare()
        return cls(database, make(database, name) if number is None else number, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def read_only(self) -> bool:
        """Whether this user may only read; found out once."""
        try:
            with self.database.writing() as connection:
                connection.run("UPDATE collections SET sequence = sequence WHERE collection = 0")
        except StoreReadOnly:
            return True
        return False

    @contextmanager
    def reading(self) -> Iterator[OceanBaseReader]:
        """A block in which all reads see one state."""
        with self.database.reading() as connection:
            yield OceanBaseReader(connection, self._standing(connection))

    @contextmanager
    def writing(self) -> Iterator[OceanBaseWriter]:
        """A block whose writes become durable together at its end, or not at all; no other writes meanwhile."""
        with self.database.turn(self.collection), self.database.writing() as connection:
            writer = OceanBaseWriter(self.database, connection, self._standing(connection, " FOR UPDATE"))
            yield writer
            writer.finish()

    def settle(self) -> bool:
        """Return that nobody sees what was deleted; the database removes it when it merges its files."""
        return True

    def close(self) -> None:
        """Keep the database open, which is not this truth's alone."""

    def _standing(self, connection: Connection, lock: str = "") -> Standing:
        """Return what the row of the collection says; the first statement, so that it decides which state is seen."""
        row = connection.one(f"SELECT {STANDING} FROM collections WHERE collection = %s{lock}", self.collection)
        if row is None:
            raise StoreReplaced(f"{self.database.address}: collection {self.name} was deleted; open it again")
        return Standing(*row)
