"""Stores of older formats: their documents are taken out, and the tables are made anew around them.

What a document says and what is known of it is all that is taken over; everything else is computed from that. A
format that is left behind by a change of the tables gets an entry in `OLD_FORMATS`, so that no store is ever lost.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.errors import IndexMismatch, StoreDamaged
from corpus.store.columns import document_of, facts_of
from corpus.store.schema import FORMAT_VERSION, create_tables, extend_tables, format_of
from corpus.store.sqlite import Store, existing_file
from corpus.store.writer import SqliteWriter

FACTS_4 = "document_id, source, title, sha256, language, publisher, published, url, author, metadata"
COLUMNS_4 = f"{FACTS_4}, synonyms, text, path"  # of formats 4 and 5, which told nothing of what is printed on pages
NO_LABELS = "[]"


@dataclass(frozen=True, slots=True)
class OldStore:
    """What is taken over from a store of an older format.

    Attributes:
        notes: what the index kept about itself, by name.
        documents: each with the file it was read from, if any; to be read once, inside the block.
    """

    notes: Mapping[str, str]
    documents: Iterator[tuple[Document, Path | None]]


@contextmanager
def upgrading(data_dir: Path) -> Iterator[tuple[OldStore, SqliteWriter] | None]:
    """A block that fills a store of an older format anew; `None` where the store has the newest one already.

    The old tables are gone and the new ones filled when the block ends, and nothing has changed where it raises.

    Raises:
        NotFound: if there is no store.
        IndexMismatch: if the format is one that this version does not know.
        StoreUnavailable, StoreDamaged: if the system or SQLite refuses.
    """
    path = existing_file(data_dir)
    with closing(Store(path)) as store, store.transaction("BEGIN IMMEDIATE") as connection:
        extend_tables(connection)
        found = format_of(connection)
        if found == FORMAT_VERSION:
            yield None
            return
        if found not in OLD_FORMATS:
            raise IndexMismatch(
                f"{path} has format {found}, this version upgrades {', '.join(map(str, OLD_FORMATS))}; "
                "use the version of wherefrom that wrote it, or index the files into a new --data-dir"
            )
        old = OLD_FORMATS[found](connection)
        create_tables(connection)
        yield old, SqliteWriter(connection)
        connection.execute("DROP TABLE old_documents")


def _format_4(connection: sqlite3.Connection) -> OldStore:
    """Set the documents of format 4 aside, whose texts stood in one table with what is known, and remove all else."""
    notes = dict(connection.execute("SELECT key, value FROM meta"))
    _drop(connection, "tokens", "vectors", "passages", "changes", "snapshots", "meta")
    connection.execute("ALTER TABLE documents RENAME TO old_documents")
    return OldStore(notes, _documents_4(connection))


def _format_5(connection: sqlite3.Connection) -> OldStore:
    """Set the documents of format 5 aside with their texts, and remove all else."""
    notes = dict(connection.execute("SELECT name, value FROM meta"))
    connection.execute(
        f"CREATE TABLE old_documents AS SELECT {COLUMNS_4} FROM documents JOIN texts USING (document_id)"
    )
    _drop(connection, "terms", "tokens", "vectors", "passages", "texts", "documents")
    _drop(connection, "state", "changes", "derived", "meta")
    return OldStore(notes, _documents_4(connection))


def _drop(connection: sqlite3.Connection, *tables: str) -> None:
    for table in tables:
        connection.execute(f"DROP TABLE {table}")


def _documents_4(connection: sqlite3.Connection) -> Iterator[tuple[Document, Path | None]]:
    ids = [row[0] for row in connection.execute("SELECT document_id FROM old_documents ORDER BY document_id")]
    for document_id in ids:
        row = connection.execute(f"SELECT {COLUMNS_4} FROM old_documents WHERE document_id = ?", (document_id,))
        *facts, synonyms, text, path = row.fetchone()
        try:
            document = document_of(facts_of(facts), synonyms, NO_LABELS, text)
        except StoreDamaged:
            way_out = "delete it with the version of wherefrom that wrote it, or index the files into a new --data-dir"
            raise StoreDamaged(f"document {document_id} is damaged in the store; {way_out}") from None
        yield document, None if path is None else Path(path)


OLD_FORMATS: Mapping[int, Callable[[sqlite3.Connection], OldStore]] = {4: _format_4, 5: _format_5}
