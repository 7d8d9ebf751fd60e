"""The tables by which passages are found: one for each collection and dimension of vectors.

Its two indexes are made when there are many passages: before, all are compared, which is exact, takes no longer, and
saves the 26 MB of memory that a sparse index takes in each partition, however little is in it.

What a condition is about most often stands beside the vectors, for a search looks at nothing but its own table: the
language, which days a document may be of, counted from the year 1, and which years a passage speaks of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.document import DocumentFacts
from corpus.store.stored import Key, Years
from index.filters.days import days_of
from index.filters.names import values_of
from index.models.vectors import from_bytes
from index.oceanbase.connecting import Connection, Database
from index.oceanbase.schema import PARTITIONS
from index.oceanbase.sparse import passage_vector
from index.terms.packing import unpack_terms

# Of the graph: neighbours of a node, and how many are looked at where one is put. More changed no recall.
NEIGHBOURS, LOOKED_AT = 32, 200
# The indexes of columns, by what they are called.
INDEXES = {
    "index_of_vectors": (
        "vector",
        f"distance=inner_product, type=hnsw, lib=vsag, m={NEIGHBOURS}, ef_construction={LOOKED_AT}",
    ),
    "index_of_terms": ("terms", "distance=inner_product, type=sindi, lib=vsag"),
}
RULES = 1  # by which rows are made, raised with each change of them; the table's comment
LONGEST_LANGUAGE = 1020  # bytes of 255 code points
LONGEST_YEARS = 16_000  # characters, five a year, more than passages have

ROW = "(passage_key, document, language, first_day, last_day, years, vector, terms)"


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as it is found.

    Attributes:
        key: of the passage.
        vector: as it is stored.
        terms: as they are stored.
        years: that it speaks of.
    """

    key: Key
    vector: bytes
    terms: bytes
    years: Years


@dataclass(frozen=True, slots=True)
class IndexTable:
    """The table of a collection and a dimension; it need not be there."""

    collection: int
    dimension: int

    @property
    def name(self) -> str:
        """What it is called."""
        return f"index_{self.collection}_{self.dimension}"

    def make(self, database: Database) -> None:
        """Make it if it is not there, without indexes."""
        database.alone(
            f"""
            CREATE TABLE IF NOT EXISTS {self.name} (
                passage_key BIGINT NOT NULL PRIMARY KEY,
                document BIGINT NOT NULL,
                language VARBINARY({LONGEST_LANGUAGE}) NOT NULL,
                first_day INT,
                last_day INT,
                years VARCHAR({LONGEST_YEARS}) NOT NULL,
                vector VECTOR({self.dimension}) NOT NULL,
                terms SPARSEVECTOR NOT NULL,
                KEY index_of_document (document)
            ) COMMENT = '{RULES}' PARTITION BY KEY (passage_key) PARTITIONS {PARTITIONS}
            """
        )

    def make_index(self, database: Database, name: str) -> None:
        """Make an index; writers and readers go on meanwhile.

        Raises:
            StoreUnavailable: if it is there, or another process makes it.
        """
        column, how = INDEXES[name]
        database.alone(f"CREATE VECTOR INDEX {name} ON {self.name} ({column}) WITH ({how})")

    def missing_indexes(self, connection: Connection) -> list[str]:
        """Return the names of the indexes that the table has not."""
        there = {row[2] for row in connection.rows(f"SHOW INDEX FROM {self.name}")}
        return [name for name in INDEXES if name not in there]

    def drop(self, database: Database) -> None:
        """Drop it if it is there."""
        database.alone(f"DROP TABLE IF EXISTS {self.name}")

    def add(
        self, connection: Connection, number: int, facts: DocumentFacts, passages: Sequence[Row], average: float
    ) -> None:
        """Add passages of one document.

        Args:
            connection: inside a transaction.
            number: of the document.
            facts: what is known of it.
            passages: none of which is in it.
            average: how many terms passages have on average.

        Raises:
            Missing: if the table is not there.
        """
        shared = (number, *shared_columns(facts))
        rows = [
            (
                each.key,
                *shared,
                written_years(each.years),
                from_bytes([each.vector], self.dimension).tobytes(),
                passage_vector(unpack_terms(each.terms), average),
            )
            for each in passages
        ]
        connection.many(f"INSERT INTO {self.name} {ROW} VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows)

    def describe(self, connection: Connection, number: int, facts: DocumentFacts) -> None:
        """Change what is known of a document."""
        connection.run(
            f"UPDATE {self.name} SET language = %s, first_day = %s, last_day = %s WHERE document = %s",
            *shared_columns(facts),
            number,
        )

    def remove(self, connection: Connection, keys: range) -> None:
        """Remove the passages of a stretch of keys."""
        connection.run(f"DELETE FROM {self.name} WHERE passage_key >= %s AND passage_key < %s", keys.start, keys.stop)

    def rows(self, connection: Connection, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
        """Return what it says of some passages: key, document, language, days, years, and the vector in digits."""
        columns = "passage_key, document, language, first_day, last_day, years, vector"
        some = ",".join(map(str, keys))
        return connection.rows(f"SELECT {columns} FROM {self.name} WHERE passage_key IN ({some})")


def tables_of(connection: Connection, collection: int) -> list[IndexTable]:
    """Return the tables of a collection that are there; one, but for a collection that is rebuilt."""
    named = re.compile(rf"index_{collection}_(\d+)")
    names = (str(name) for (name,) in connection.rows(f"SHOW TABLES LIKE 'index\\_{collection}\\_%%'"))
    return [IndexTable(collection, int(match[1])) for name in names if (match := named.fullmatch(name))]


def written_years(years: Years) -> str:
    """Return years as they stand in a row, a comma before and after each."""
    return "".join(f",{year}" for year in years) + "," if years else ""


def shared_columns(facts: DocumentFacts) -> tuple[bytes, int | None, int | None]:
    """Return what all passages of a document have: its language, and its first and last day, if it has any."""
    language = "".join(values_of(facts, "language")).encode()
    days = days_of(facts.published) if facts.published else None
    return (language, days.first.toordinal(), days.last.toordinal()) if days else (language, None, None)
