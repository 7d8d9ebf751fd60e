"""Reading a store that is kept in SQLite, inside one transaction."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.document import Document, DocumentFacts
from corpus.errors import StoreDamaged
from corpus.passage import Passage
from corpus.store.columns import (
    FACT_COLUMNS,
    PASSAGE_COLUMNS,
    QUOTED,
    STORED,
    STORED_IN,
    changes_of,
    damage_named,
    document_of,
    facts_of,
    passage_of,
    quoted_of,
    stored_passage_of,
    synonyms_of_value,
    undamaged,
    years_of_value,
)
from corpus.store.comparing import SqliteComparing
from corpus.store.feature_reader import check_found, no_passage
from corpus.store.jobs import SqliteJobs
from corpus.store.large import SqliteLarge, no_document
from corpus.store.originals import SqliteOriginals
from corpus.store.stored import ALL, LAST_ID, Changes, DocumentSummary, Key, Selection, StoredPassage, StoreState, Years
from corpus.store.uploads import SqliteUploads

LAST_CHANGE = "(SELECT max(sequence) FROM changes WHERE changes.document_id = documents.document_id)"


class SqliteReader:
    """The state that a transaction sees; see `corpus.store.truth.Reader`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.comparing = SqliteComparing(connection)
        self.jobs = SqliteJobs(connection)
        self.large = SqliteLarge(connection)
        self.originals = SqliteOriginals(connection)
        self.uploads = SqliteUploads(connection)

    def meta(self, name: str) -> str | None:
        """Return a note that the index keeps about itself."""
        row = self._one("SELECT value FROM meta WHERE name = ?", name)
        return None if row is None else str(row[0])

    def state(self) -> StoreState:
        """Return what this transaction sees."""
        row = self._one("SELECT documents, passages, digest FROM state")
        if row is None:
            raise StoreDamaged("the store does not know what it holds; run: wherefrom index --rebuild")
        documents, passages, digest = row
        return StoreState(self.sequence(), documents, passages, digest.hex())

    def sequence(self) -> int:
        """Return the number of the last change."""
        return int(self._connection.execute("SELECT coalesce(max(sequence), 0) FROM changes").fetchone()[0])

    def changes(self, since: int) -> Changes:
        """Return what came and went since the change of a number."""
        if since <= 0:
            return Changes(self.keys(), [], self.document_ids())
        query = "SELECT document_id, removed_from, removed_to, added_from, added_to FROM changes"
        return changes_of(self._connection.execute(f"{query} WHERE sequence > ? ORDER BY sequence", (since,)))

    def derived(self, name: str) -> tuple[str, int] | None:
        """Return the SHA-256 and the change number of a derived file, if one was recorded."""
        row = self._one("SELECT sha256, sequence FROM derived WHERE name = ?", name)
        return None if row is None else (row[0], row[1])

    def integrity_errors(self) -> list[str]:
        """Return what SQLite's own check finds wrong with the file."""
        rows = [row[0] for row in self._connection.execute("PRAGMA integrity_check(10)")]
        return [row for row in rows if row != "ok"]

    def document(self, document_id: str) -> Document:
        """Return a document with its text."""
        document = self.find_document(document_id)
        if document is None:
            raise no_document(document_id)
        return document

    def find_document(self, document_id: str) -> Document | None:
        """Return a document with its text, or `None` if there is none of that id."""
        query = f"SELECT {FACT_COLUMNS}, synonyms, page_labels, text FROM documents JOIN texts USING (document_id)"
        row = self._one(f"{query} WHERE document_id = ?", document_id)
        if row is None:
            return None
        *facts, synonyms, page_labels, text = row
        return document_of(facts_of(facts), synonyms, page_labels, text)

    def text(self, document_id: str, start: int, end: int) -> str:
        """Return a stretch of a document's text."""
        query = "SELECT substr(text, ?, ?) FROM texts WHERE document_id = ?"
        row = self._one(query, max(start, 0) + 1, max(end - max(start, 0), 0), document_id)
        return "" if row is None else str(row[0])

    def facts(self, document_ids: Collection[str]) -> dict[str, DocumentFacts]:
        """Return what is known of the documents of these ids that there are, beside their texts."""
        query = f"SELECT {FACT_COLUMNS} FROM documents WHERE document_id IN ({_marks(document_ids)})"
        return {row[0]: facts_of(row) for row in self._connection.execute(query, tuple(document_ids))}

    def facets(self, document_ids: Collection[str] | None = None) -> Iterator[tuple[DocumentFacts, dict[Key, Years]]]:
        """Yield the facts of documents, and of each passage the years it speaks of."""
        among = "" if document_ids is None else f" WHERE document_id IN ({_marks(document_ids)})"
        values = tuple(document_ids or ())
        passages = self._connection.execute(f"SELECT key, document_id, years FROM passages{among}", values)
        years: dict[str, dict[Key, Years]] = {}
        for key, document_id, value in sorted(passages):
            years.setdefault(document_id, {})[key] = years_of_value(value)
        documents = self._connection.execute(f"SELECT {FACT_COLUMNS} FROM documents{among}", values)
        facts = {row[0]: facts_of(row) for row in documents}
        for document_id in dict.fromkeys([*years, *facts]):
            yield facts[document_id], years.get(document_id, {})

    def summaries(self, limit: int, after: str = "", among: Selection = ALL) -> list[DocumentSummary]:
        """Return at most `limit` documents in the order of their ids, those after the id `after`."""
        query = (
            f"SELECT characters, passages, {LAST_CHANGE}, {FACT_COLUMNS} FROM documents WHERE document_id > :after"
            " AND (:language = '' OR language = :language) AND (:source = '' OR source = :source)"
            " AND (:words = '' OR contains(title || char(10) || source, :words)) ORDER BY document_id LIMIT :limit"
        )
        rows = self._connection.execute(query, {**asdict(among), "after": after, "limit": limit}).fetchall()
        return [DocumentSummary(facts_of(facts), *counts) for *counts, facts in ((*row[:3], row[3:]) for row in rows)]

    def document_sequence(self, document_id: str) -> int | None:
        """Return the number of the change that last wrote a document, `None` if there is none of that id."""
        row = self._one(f"SELECT {LAST_CHANGE} FROM documents WHERE document_id = ?", document_id)
        return None if row is None else int(row[0] or 0)

    def document_ids(self, above: str = "", below: str = LAST_ID, most: int = -1, *, back: bool = False) -> list[str]:
        """Return the ids of documents, in order."""
        order = "ORDER BY document_id DESC" if back else "ORDER BY document_id"
        query = f"SELECT document_id FROM documents WHERE document_id > ? AND document_id < ? {order} LIMIT ?"
        return [row[0] for row in self._connection.execute(query, (above, below, most))]

    def document_paths(self) -> dict[str, str]:
        """Return which file each document that has one was read from: path to document id."""
        return dict(self._connection.execute("SELECT path, document_id FROM documents WHERE path IS NOT NULL"))

    def document_path(self, document_id: str) -> Path | None:
        """Return which file a document was read from, if any."""
        row = self._one("SELECT path FROM documents WHERE document_id = ?", document_id)
        return None if row is None or row[0] is None else Path(row[0])

    def document_checksum(self, document_id: str) -> str:
        """Return the checksum that a document was stored with."""
        row = self._one("SELECT checksum FROM documents WHERE document_id = ?", document_id)
        return "" if row is None else str(row[0])

    def passage(self, passage_id: str) -> Passage:
        """Return a passage."""
        row = self._one(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE passage_id = ?", passage_id)
        if row is None:
            raise no_passage(passage_id)
        return passage_of(row)

    def count_passages(self, document_id: str) -> int:
        """Return how many passages a document has."""
        row = self._one("SELECT passages FROM documents WHERE document_id = ?", document_id)
        return 0 if row is None else int(row[0])

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """Return the passages of a document in order, with all that is stored of them."""
        query = f"SELECT key, {STORED} FROM {STORED_IN} WHERE document_id = ? ORDER BY start"
        return list(map(stored_passage_of, self._connection.execute(query, (document_id,)).fetchall()))

    def keys(self) -> list[Key]:
        """Return the keys of all passages, ascending."""
        return [row[0] for row in self._connection.execute("SELECT key FROM passages ORDER BY key")]

    def passages(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys."""
        return {key: passage_of(columns) for key, *columns in self._of_keys(PASSAGE_COLUMNS, "passages", keys)}

    def cited(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys, once all that is stored of each was compared with its checksum."""
        return {row[0]: undamaged(stored_passage_of(row)) for row in self._of_keys(STORED, STORED_IN, keys)}

    def named(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys, once what is quoted of each was compared with its checksum."""
        read = {key: quoted_of(columns) for key, *columns in self._of_keys(QUOTED, "passages", keys)}
        found = {key: passage for key, passage in read.items() if passage is not None}
        return found | self.cited([key for key in read if key not in found])

    def search_texts(self, keys: Sequence[Key]) -> dict[Key, str]:
        """Return the search texts of some passages."""
        return dict(self._of_keys("search_text", "passages", keys))

    def dates(self, keys: Sequence[Key]) -> dict[Key, tuple[frozenset[int], str | None]]:
        """Return which years some passages speak of, and when their documents were published."""
        found = self._of_keys("years, published", "passages JOIN documents USING (document_id)", keys)
        with damage_named("a passage"):
            return {key: (frozenset(years_of_value(years)), published) for key, years, published in found}

    def synonyms(self, keys: Sequence[Key]) -> dict[Key, Mapping[str, tuple[str, ...]]]:
        """Return the other words that the documents of some passages were given."""
        found = self._of_keys("synonyms", "passages JOIN documents USING (document_id)", keys)
        with damage_named("a document"):
            return {key: synonyms_of_value(value) for key, value in found}

    def vectors(self, keys: Sequence[Key]) -> dict[Key, tuple[bytes, bytes]]:
        """Return the vectors of some passages, and those of their sentences."""
        found = self._of_keys("vector, sentence_vectors", "vectors", keys)
        return {key: (vector, of_sentences) for key, vector, of_sentences in found}

    def tokens(self, keys: Sequence[Key]) -> dict[Key, tuple[bytes, bytes]]:
        """Return the vectors of the tokens of some passages, and how many tokens each sentence has."""
        found = self._of_keys("token_vectors, sentence_tokens", "tokens", keys)
        return {key: (tokens, counts) for key, tokens, counts in found}

    def terms(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """Return the terms of some passages."""
        return dict(self._of_keys("terms", "terms", keys))

    def _one(self, query: str, *values: object) -> Any:
        return self._connection.execute(query, values).fetchone()

    def _of_keys(self, columns: str, tables: str, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
        """Return some columns of the passages of some keys, the key first.

        Raises:
            StoreDamaged: if one is gone, because the index and the store would not speak of the same passages.
        """
        if not keys:
            return []
        query = f"SELECT key, {columns} FROM {tables} WHERE key IN ({_marks(keys)})"
        found: list[tuple[Any, ...]] = self._connection.execute(query, tuple(keys)).fetchall()
        check_found(keys, found)
        return found


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
