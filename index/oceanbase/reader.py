"""Reading a collection, inside one transaction."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.document import Document, DocumentFacts
from corpus.passage import Passage
from corpus.store.columns import FACT_COLUMNS, PASSAGE_COLUMNS, changes_of, document_of, years_of_value
from corpus.store.feature_reader import no_passage
from corpus.store.large import no_document
from corpus.store.stored import ALL, LAST_ID, Changes, DocumentSummary, Key, Selection, StoredPassage, StoreState, Years
from index.oceanbase.checking import contradictions
from index.oceanbase.comparing import OceanBaseComparing
from index.oceanbase.connecting import Connection, Row
from index.oceanbase.feature_reader import OceanBaseFeatureReader
from index.oceanbase.jobs import OceanBaseJobs
from index.oceanbase.large import OceanBaseLarge
from index.oceanbase.originals import OceanBaseOriginals
from index.oceanbase.rows import STORED, STORED_IN, facts_in, passage_in, stored_in
from index.oceanbase.uploads import OceanBaseUploads

NO_LIMIT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What the row of a collection tells: what it holds, and which numbers it gives next."""

    collection: int
    documents: int
    passages: int
    digest: bytes
    sequence: int
    next_key: int
    next_document: int


class OceanBaseReader(OceanBaseFeatureReader):
    """The state that a transaction sees; see `corpus.store.truth.Reader`."""

    def __init__(self, connection: Connection, standing: Standing) -> None:
        super().__init__(connection, standing.collection)
        self._standing = standing
        own = connection, standing.collection
        self.comparing = OceanBaseComparing(*own)
        self.jobs = OceanBaseJobs(*own)
        self.large = OceanBaseLarge(*own)
        self.originals = OceanBaseOriginals(*own)
        self.uploads = OceanBaseUploads(*own)

    def meta(self, name: str) -> str | None:
        """Return a note that the index keeps about itself."""
        row = self._one("value FROM meta", "name = %s", name)
        return None if row is None else str(row[0])

    def state(self) -> StoreState:
        """Return what this transaction sees."""
        standing = self._standing
        return StoreState(standing.sequence, standing.documents, standing.passages, standing.digest.hex())

    def sequence(self) -> int:
        """Return the number of the last change."""
        return self._standing.sequence

    def changes(self, since: int) -> Changes:
        """Return what came and went since the change of a number."""
        if since <= 0:
            return Changes(self.keys(), [], self.document_ids())
        columns = "document_id, removed_from, removed_to, added_from, added_to"
        rows = self._rows(f"{columns} FROM changes", "sequence > %s ORDER BY sequence", since)
        return changes_of((document_id.decode(), *keys) for document_id, *keys in rows)

    def derived(self, name: str) -> tuple[str, int] | None:
        """Return the SHA-256 and the change number of a derived file, if one was recorded."""
        row = self._one("sha256, sequence FROM derived", "name = %s", name)
        return None if row is None else (row[0], row[1])

    def integrity_errors(self) -> list[str]:
        """Return where the tables contradict each other."""
        return contradictions(self.connection, self.collection)

    def document(self, document_id: str) -> Document:
        """Return a document with its text."""
        document = self.find_document(document_id)
        if document is None:
            raise no_document(document_id)
        return document

    def find_document(self, document_id: str) -> Document | None:
        """Return a document with its text, or `None` if there is none of that id."""
        columns = f"characters, synonyms, page_labels, {FACT_COLUMNS} FROM documents"
        row = self._one(columns, "document_id = %s", document_id)
        if row is None:
            return None
        characters, synonyms, page_labels, *facts = row
        return document_of(facts_in(facts), synonyms, page_labels, self.large.text(document_id, 0, characters))

    def text(self, document_id: str, start: int, end: int) -> str:
        """Return a stretch of a document's text."""
        return self.large.text(document_id, max(start, 0), end)

    def facts(self, document_ids: Collection[str]) -> dict[str, DocumentFacts]:
        """Return what is known of the documents of these ids that there are, beside their texts."""
        found = map(facts_in, self._of_documents(f"{FACT_COLUMNS} FROM documents", document_ids))
        return {facts.document_id: facts for facts in found}

    def facets(self, document_ids: Collection[str] | None = None) -> Iterator[tuple[DocumentFacts, dict[Key, Years]]]:
        """Yield the facts of documents, and of each passage the years it speaks of."""
        years: dict[str, dict[Key, Years]] = {}
        for key, document_id, value in sorted(
            self._of_documents("passage_key, document_id, years FROM passages", document_ids)
        ):
            years.setdefault(document_id.decode(), {})[key] = years_of_value(value)
        found = map(facts_in, self._of_documents(f"{FACT_COLUMNS} FROM documents", document_ids))
        facts = {each.document_id: each for each in found}
        for each in dict.fromkeys([*years, *facts]):
            yield facts[each], years.get(each, {})

    def summaries(self, limit: int, after: str = "", among: Selection = ALL) -> list[DocumentSummary]:
        """Return at most `limit` documents in the order of their ids, those after the id `after`."""
        conditions = {
            "locate(%s, folded) > 0": among.words.casefold(),
            "BINARY language = %s": among.language,
            "BINARY source = %s": among.source,
        }
        wanted = {condition: value for condition, value in conditions.items() if value}
        rows = self._rows(
            f"characters, passages, sequence, {FACT_COLUMNS} FROM documents",
            " AND ".join(["document_id > %s", *wanted]) + " ORDER BY document_id LIMIT %s",
            *(after, *wanted.values(), limit),
        )
        return [DocumentSummary(facts_in(facts), *counts) for *counts, facts in ((*row[:3], row[3:]) for row in rows)]

    def document_sequence(self, document_id: str) -> int | None:
        """Return the number of the change that last wrote a document, `None` if there is none of that id."""
        sequence = self._of_document("sequence", document_id)
        return None if sequence is None else int(sequence)

    def document_ids(self, above: str = "", below: str = LAST_ID, most: int = -1, *, back: bool = False) -> list[str]:
        """Return the ids of documents, in order."""
        between = "document_id > %s AND document_id < %s ORDER BY document_id"
        order, limit = "DESC" if back else "ASC", NO_LIMIT if most < 0 else most
        condition = f"{between} {order} LIMIT %s"
        rows = self._rows("document_id FROM documents", condition, above, below, limit)
        return [document_id.decode() for (document_id,) in rows]

    def document_paths(self) -> dict[str, str]:
        """Return which file each document that has one was read from: path to document id."""
        rows = self._rows("path, document_id FROM documents", "path IS NOT NULL")
        return {path.decode(): document_id.decode() for path, document_id in rows}

    def document_path(self, document_id: str) -> Path | None:
        """Return which file a document was read from, if any."""
        path = self._of_document("path", document_id)
        return None if path is None else Path(path.decode())

    def document_checksum(self, document_id: str) -> str:
        """Return the checksum that a document was stored with."""
        return self._of_document("checksum", document_id) or ""

    def passage(self, passage_id: str) -> Passage:
        """Return a passage."""
        row = self._one(f"{PASSAGE_COLUMNS} FROM passages", "passage_id = %s", passage_id)
        if row is None:
            raise no_passage(passage_id)
        return passage_in(row)

    def count_passages(self, document_id: str) -> int:
        """Return how many passages a document has."""
        return self._of_document("passages", document_id) or 0

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """Return the passages of a document in order, with all that is stored of them."""
        condition = "document_id = %s ORDER BY start"
        rows = self._rows(f"passage_key, {STORED} FROM {STORED_IN}", condition, document_id)
        return list(map(stored_in, rows))

    def keys(self) -> list[Key]:
        """Return the keys of all passages, ascending."""
        return [key for (key,) in self._rows("passage_key FROM passages", "true ORDER BY passage_key")]

    def _of_document(self, column: str, document_id: str) -> Any:
        """Return a column of a document, `None` if there is none of that id."""
        row = self._one(f"{column} FROM documents", "document_id = %s", document_id)
        return None if row is None else row[0]

    def _of_documents(self, columns: str, document_ids: Collection[str] | None) -> Iterator[Row]:
        """Return columns of the rows of some documents, or of all."""
        if document_ids is None:
            return iter(self._rows(columns, "true"))
        return self._among(f"SELECT {columns} WHERE collection = %s AND document_id IN ({{}})", list(document_ids))

    def _rows(self, columns: str, condition: str, *values: object) -> list[Row]:
        """Return columns of the rows of this collection that meet a condition."""
        query = f"SELECT {columns} WHERE collection = %s AND {condition}"
        return self.connection.rows(query, self.collection, *values)

    def _one(self, columns: str, condition: str, *values: object) -> Row | None:
        found = self._rows(columns, condition, *values)
        return found[0] if found else None
