"""What is derived of a document, written in its transaction, so that every state has an index of its own."""

from collections.abc import Sequence
from itertools import groupby

from corpus.document import DocumentFacts
from corpus.errors import StoreUnavailable
from corpus.store.stored import Features, Key
from index.models.vectors import STORED
from index.oceanbase.connecting import Connection, Database
from index.oceanbase.facets import add_facets, add_years, remove_facets, remove_years
from index.oceanbase.failures import Missing
from index.oceanbase.index_tables import IndexTable, Row, tables_of
from index.oceanbase.statistics import Counting
from index.terms.packing import unpack_terms

TOGETHER = 1_000  # passages whose terms are held at once


class Derived:
    """The index tables, the counts of terms and the facets of a collection."""

    def __init__(self, database: Database, connection: Connection, collection: int) -> None:
        """Prepare to change what is derived.

        Args:
            database: where tables are made and dropped.
            connection: inside the transaction that changes the documents.
            collection: its number.
        """
        self._database = database
        self._connection = connection
        self._collection = collection
        self._counting = Counting(connection, collection)

    def add(self, number: int, facts: DocumentFacts, passages: Sequence[tuple[Key, Features]]) -> None:
        """Derive what there is to derive of a document, whose rows and those of its passages are written.

        Args:
            number: of the document.
            facts: what is known of it.
            passages: all of its passages.

        Raises:
            StoreUnavailable: if there are passages already, and the table that they were in is not there any more.
        """
        add_facets(self._connection, self._collection, number, facts)
        add_years(self._connection, self._collection, number, (each.years for _, each in passages))
        for start in range(0, len(passages), TOGETHER):
            some = passages[start : start + TOGETHER]
            self._counting.add([unpack_terms(features.terms) for _, features in some], 1)
            average = self._counting.average()
            rows = [Row(key, each.vector, each.terms, each.years) for key, each in some]
            for size, of_size in groupby(rows, lambda row: len(row.vector)):
                self._add(IndexTable(self._collection, size // STORED.itemsize), number, facts, [*of_size], average)

    def remove(self, number: int, keys: range) -> None:
        """Remove what was derived of a document, whose rows and those of its passages are still there.

        Args:
            number: of the document.
            keys: of its passages.
        """
        for start in range(keys.start, keys.stop, TOGETHER):
            stop = min(start + TOGETHER, keys.stop)
            terms = self._connection.rows(
                "SELECT terms FROM features WHERE collection = %s AND passage_key >= %s AND passage_key < %s",
                self._collection,
                start,
                stop,
            )
            self._counting.add([unpack_terms(each) for (each,) in terms], -1)
        if keys:
            for table in tables_of(self._connection, self._collection):
                table.remove(self._connection, keys)
        remove_facets(self._connection, self._collection, number)
        remove_years(self._connection, self._collection, number)

    def describe(self, number: int, facts: DocumentFacts) -> None:
        """Derive anew what is known of a document whose passages stay as they are."""
        remove_facets(self._connection, self._collection, number)
        add_facets(self._connection, self._collection, number, facts)
        for table in tables_of(self._connection, self._collection):
            table.describe(self._connection, number, facts)

    def finish(self) -> None:
        """Write what is counted; the last thing in a transaction."""
        self._counting.write()

    def forget(self) -> None:
        """Drop the index tables of the collection, which is gone; its rows in shared tables go with all others."""
        for table in tables_of(self._connection, self._collection):
            table.drop(self._database)

    def _add(self, table: IndexTable, number: int, facts: DocumentFacts, rows: Sequence[Row], average: float) -> None:
        try:
            table.add(self._connection, number, facts, rows, average)
        except Missing:
            self._check_first(table, rows[0].key)
            table.make(self._database)
            table.add(self._connection, number, facts, rows, average)

    def _check_first(self, table: IndexTable, key: Key) -> None:
        """Refuse to begin a table anew that was dropped: it would lack what was there before, and nobody would see."""
        query = "SELECT 1 FROM features WHERE collection = %s AND passage_key < %s AND length(vector) = %s LIMIT 1"
        if self._connection.one(query, self._collection, key, table.dimension * STORED.itemsize):
            raise StoreUnavailable(f"{table.name} is missing; it is derived anew where wherefrom starts")
