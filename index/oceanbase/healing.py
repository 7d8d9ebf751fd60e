"""Comparing what is derived with the truth, and deriving it anew where it is missing, outdated or of other rules."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from corpus.document import DocumentFacts
from corpus.store.stored import Features, Key, Years
from index.models.vectors import from_bytes
from index.oceanbase.connecting import Database
from index.oceanbase.derived import Derived
from index.oceanbase.facets import facet_columns
from index.oceanbase.index_tables import RULES, IndexTable, shared_columns, written_years
from index.oceanbase.reader import OceanBaseReader
from index.oceanbase.statistics import Counting, forget_counts
from index.oceanbase.writer import OceanBaseWriter
from index.terms.packing import unpack_terms

TOGETHER = 100  # documents read at once
# Of a vector as it is shown, which is with six digits.
TOLERANCE = 1e-5
# Counts of terms are compared by two sums, of which the second tells terms apart.
DISTINCT = np.uint64(1_000_003)

Document = tuple[int, DocumentFacts, dict[Key, Years]]


def is_whole(reader: OceanBaseReader, table: IndexTable) -> bool:
    """Return whether a table is there, of today's rules, and goes up to the last passage; not whether all is in it."""
    if not reader.state().passages:
        return True
    query = "SELECT table_comment FROM information_schema.tables WHERE table_schema = database() AND table_name = %s"
    if reader.connection.one(query, table.name) != (str(RULES),):
        return False
    last = reader.connection.one("SELECT max(passage_key) FROM passages WHERE collection = %s", reader.collection)
    return reader.connection.one(f"SELECT max(passage_key) FROM {table.name}") == last


def derive_anew(database: Database, writer: OceanBaseWriter, table: IndexTable) -> None:
    """Derive all that is derived of a collection from its documents and features, as if nothing were."""
    derived = Derived(database, writer.connection, writer.collection)
    derived.forget()
    table.make(database)
    writer.connection.run("DELETE FROM facets WHERE collection = %s", writer.collection)
    forget_counts(writer.connection, writer.collection)
    for number, facts, years in _documents(writer):
        vectors, terms = writer.vectors(list(years)), writer.terms(list(years))
        derived.add(
            number,
            facts,
            [(key, Features(vectors[key][0], b"", b"", b"", terms[key], of_key)) for key, of_key in years.items()],
        )
    derived.finish()


def problems(reader: OceanBaseReader, table: IndexTable) -> Iterator[str]:
    """Yield what of the derived is not as the truth has it."""
    if not is_whole(reader, table):
        yield f"{table.name}: missing, outdated or of another version; it is derived anew where wherefrom starts"
        return
    sums, held = np.zeros(2, dtype=object), 0
    for number, facts, years in _documents(reader):
        held += len(years)
        yield from _row_problems(reader, table, number, facts, years)
        yield from _facet_problems(reader, number, facts, years)
        counting = Counting(reader.connection, reader.collection)
        counting.add([unpack_terms(each) for each in reader.terms(list(years)).values()], 1)
        digests, counts, _ = counting.changes()
        sums += (int(counts.sum()), int((counts * (digests % DISTINCT).astype(np.int64)).sum()))
    if not held:
        return
    query = f"SELECT sum(passages), sum(passages * (digest %% {DISTINCT})) FROM term_counts WHERE collection = %s"
    if reader.connection.one(query, reader.collection) != tuple(sums):
        yield f"{table.name}: how many passages hold each term is not counted as they do"
    if reader.connection.one(f"SELECT count(*) FROM {table.name}") != (held,):
        yield f"{table.name}: holds passages that the store does not"


def _row_problems(
    reader: OceanBaseReader, table: IndexTable, number: int, facts: DocumentFacts, years: dict[Key, Years]
) -> Iterator[str]:
    rows = {key: row for key, *row in table.rows(reader.connection, list(years))} if years else {}
    vectors, shared = reader.vectors(list(years)), shared_columns(facts)
    for key, of_passage in years.items():
        if key not in rows:
            yield f"{table.name}: the passage of key {key} is not in it"
            continue
        *said, vector = rows[key]
        if said != [number, *shared, written_years(of_passage)]:
            yield f"{table.name}: what it says of the passage of key {key} is not what the store does"
        (own,) = from_bytes([vectors[key][0]], table.dimension)
        if not np.allclose(np.array(vector.strip("[]").split(","), np.float32), own, atol=TOLERANCE):
            yield f"{table.name}: the vector of key {key} is not the one in the store"


def _facet_problems(
    reader: OceanBaseReader, number: int, facts: DocumentFacts, years: dict[Key, Years]
) -> Iterator[str]:
    query = "SELECT name_digest, value_digest FROM facets WHERE collection = %s AND document = %s"
    found = reader.connection.rows(query, reader.collection, number)
    if sorted(found) != sorted(columns[:2] for columns in facet_columns(facts, years.values())):
        yield f"document {facts.document_id}: what conditions are about is not what is known of it"


def _documents(reader: OceanBaseReader) -> Iterator[Document]:
    """Yield the documents with their numbers, their facts, and the years of each of their passages."""
    query = "SELECT document_id, number FROM documents WHERE collection = %s"
    numbers = {document_id.decode(): number for document_id, number in reader.connection.rows(query, reader.collection)}
    ids = iter(sorted(numbers))
    some: Sequence[str]
    while some := list(islice(ids, TOGETHER)):
        for facts, years in reader.facets(some):
            yield numbers[facts.document_id], facts, years
