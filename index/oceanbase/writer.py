"""Writing a collection, inside one transaction."""

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from corpus.document import Document, document_id_of
from corpus.errors import IdTaken, StoreDamaged
from corpus.passage import Passage
from corpus.store.columns import (
    DIGEST_BYTES,
    FACT_COLUMNS,
    PASSAGE_COLUMNS,
    added_digest,
    document_checksum,
    fact_values,
    page_labels_value,
    passage_checksum,
    passage_values,
    synonyms_value,
    years_value,
)
from corpus.store.large import no_document
from corpus.store.stored import Features
from corpus.store.whole import holds
from index.oceanbase.connecting import Connection, Database
from index.oceanbase.derived import Derived
from index.oceanbase.pieces import Kind, Pieces
from index.oceanbase.reader import OceanBaseReader, Standing
from index.oceanbase.rows import folded, marks

NO_KEYS = range(0)
DOCUMENT_COLUMNS = (
    f"collection, number, sequence, {FACT_COLUMNS}, synonyms, page_labels, folded, characters, text_bytes, passages,"
    " checksum, path, path_digest"
)
PASSAGES = (
    f"INSERT INTO passages (collection, passage_key, {PASSAGE_COLUMNS}, years, checksum) VALUES ({marks([0] * 15)})"
)
FEATURES = "INSERT INTO features (collection, passage_key, vector, sentence_vectors, terms) VALUES (%s, %s, %s, %s, %s)"
TOKENS = "INSERT INTO tokens (collection, passage_key, token_vectors, sentence_tokens) VALUES (%s, %s, %s, %s)"


class Known(NamedTuple):
    """What a document that is replaced was."""

    number: int
    sha256: str
    checksum: str
    passages: int
    path: bytes | None


class OceanBaseWriter(OceanBaseReader):
    """A transaction that may write, alone in its collection; see `corpus.store.truth.Writer`."""

    def __init__(self, database: Database, connection: Connection, standing: Standing) -> None:
        super().__init__(connection, standing)
        self._pieces = Pieces(connection, standing.collection)
        self._derived = Derived(database, connection, standing.collection)

    def finish(self) -> None:
        """Write what is written once for all changes; the last thing in a transaction."""
        self._derived.finish()

    def set_meta(self, name: str, value: str) -> None:
        """Keep a note."""
        self.connection.run("REPLACE INTO meta VALUES (%s, %s, %s)", self.collection, name, value)

    def put(
        self, document: Document, passages: Sequence[Passage], features: Sequence[Features], path: Path | None = None
    ) -> int:
        """Add a document or replace the one of its id, and return the number of this change."""
        known = self._known(document.document_id)
        if path is not None:
            self._check_owner(document.document_id, known, str(path))
        stored = list(zip(passages, features, strict=True))
        same = known is not None and holds(self, document.document_id, stored)
        number = self._standing.next_document if known is None else known.number
        removed = NO_KEYS if same or known is None else self._remove_passages(known, document.document_id)
        added = NO_KEYS if same else self._add_passages(stored)
        self._put_document(document, known, number, len(passages), path)
        sequence = self._changed(document.document_id, removed, added)
        if same:
            self._derived.describe(number, document.facts)
        else:
            self._derived.add(number, document.facts, list(zip(added, features, strict=True)))
        return sequence

    def delete(self, document_id: str) -> int:
        """Remove a document and return the number of this change."""
        known = self._known(document_id)
        if known is None:
            raise no_document(document_id)
        removed = self._remove_passages(known, document_id)
        self._count(document_id, known.sha256, known.checksum, known.passages, -1)
        self.originals.remove(document_id)
        self._pieces.remove(Kind.TEXT, [document_id])
        self._run("DELETE FROM documents", "document_id = %s", document_id)
        return self._changed(document_id, removed, NO_KEYS)

    def set_path(self, document_id: str, path: Path) -> None:
        """Note that a document's file is now found at `path`; what is indexed does not change."""
        query = "UPDATE documents SET path = %s, path_digest = %s WHERE collection = %s AND document_id = %s"
        self.connection.run(query, str(path), _digest(str(path)), self.collection, document_id)

    def record_derived(self, name: str, digest: str, sequence: int) -> None:
        """Record the SHA-256 of a derived file and the change it goes up to."""
        self.connection.run("REPLACE INTO derived VALUES (%s, %s, %s, %s)", self.collection, name, digest, sequence)

    def recount(self) -> None:
        """Count anew what `state` tells."""
        self.connection.run(
            "UPDATE documents SET passages = (SELECT count(*) FROM passages WHERE passages.collection ="
            " documents.collection AND passages.document_id = documents.document_id) WHERE collection = %s",
            self.collection,
        )
        self._standing = replace(self._standing, documents=0, passages=0, digest=bytes(DIGEST_BYTES))
        rows = self._rows("document_id, sha256, checksum, passages FROM documents", "true")
        for document_id, text_digest, checksum, passages in rows:
            self._count(document_id.decode(), text_digest, checksum, passages, 1)
        self._keep_standing()

    def forget_derived(self) -> None:
        """Forget all derived files."""
        self._run("DELETE FROM derived", "true")

    def _known(self, document_id: str) -> Known | None:
        row = self._one("number, sha256, checksum, passages, path FROM documents", "document_id = %s", document_id)
        return None if row is None else Known(*row)

    def _put_document(
        self, document: Document, known: Known | None, number: int, passages: int, path: Path | None
    ) -> None:
        """Write all of a document but its passages, in place of what is known of it."""
        checksum, text = document_checksum(document), document.text.encode()
        if known is None:
            self._standing = replace(self._standing, next_document=number + 1)
        else:
            self._count(document.document_id, known.sha256, known.checksum, known.passages, -1)
            if known.sha256 != document.sha256:
                self.originals.remove(document.document_id)
        self._count(document.document_id, document.sha256, checksum, passages, 1)
        file = (None, None) if path is None else (str(path), _digest(str(path)))
        counts = (len(document.text), len(text), passages, checksum, *file)
        said = (*fact_values(document), synonyms_value(document), page_labels_value(document), folded(document))
        values = (self.collection, number, self._standing.sequence + 1, *said, *counts)
        self.connection.run(f"REPLACE INTO documents ({DOCUMENT_COLUMNS}) VALUES ({marks(values)})", *values)
        (self._pieces.add if known is None else self._pieces.write)(Kind.TEXT, document.document_id, text)

    def _add_passages(self, stored: Sequence[tuple[Passage, Features]]) -> range:
        """Write passages and return the stretch of keys that they were given."""
        first = self._standing.next_key
        keys = range(first, first + len(stored))
        if len({passage.passage_id for passage, _ in stored}) < len(stored):
            raise StoreDamaged(f"two passages of {stored[0][0].document_id} have one id; index its file again")
        own = [((self.collection, key), *each) for key, each in zip(keys, stored, strict=True)]
        self.connection.many(
            PASSAGES,
            [
                (*key, *passage_values(passage), years_value(features.years), passage_checksum(passage, features))
                for key, passage, features in own
            ],
        )
        self.connection.many(FEATURES, [(*key, each.vector, each.sentence_vectors, each.terms) for key, _, each in own])
        self.connection.many(TOKENS, [(*key, each.token_vectors, each.sentence_tokens) for key, _, each in own])
        self._standing = replace(self._standing, next_key=keys.stop)
        return keys

    def _remove_passages(self, known: Known, document_id: str) -> range:
        """Remove the passages of a document and return the stretch of keys that they had."""
        ((first, last),) = self._rows(
            "min(passage_key), max(passage_key) FROM passages", "document_id = %s", document_id
        )
        removed = NO_KEYS if first is None else range(first, last + 1)
        self._derived.remove(known.number, removed)
        for table in ("tokens", "features", "passages") if removed else ():
            self._run(f"DELETE FROM {table}", "passage_key BETWEEN %s AND %s", first, last)
        return removed

    def _count(self, document_id: str, text_digest: str, checksum: str, passages: int, sign: int) -> None:
        """Count a document with so many passages, or with a `sign` of -1 count it no more."""
        before = self._standing
        self._standing = replace(
            before,
            documents=before.documents + sign,
            passages=before.passages + sign * passages,
            digest=added_digest(before.digest, document_id, text_digest, checksum, sign),
        )

    def _changed(self, document_id: str, removed: range, added: range) -> int:
        """Write a change of a document down, and return its number."""
        sequence = self._standing.sequence + 1
        self._standing = replace(self._standing, sequence=sequence)
        self._keep_standing()
        keys = (removed.start, removed.stop, added.start, added.stop)
        values = (self.collection, sequence, document_id, *keys)
        self.connection.run(f"INSERT INTO changes VALUES ({marks(values)})", *values)
        return sequence

    def _keep_standing(self) -> None:
        collection, *values = astuple(self._standing)
        assignments = ", ".join(f"{each.name} = %s" for each in fields(Standing)[1:])
        self.connection.run(f"UPDATE collections SET {assignments} WHERE collection = %s", *values, collection)

    def _check_owner(self, document_id: str, known: Known | None, path: str) -> None:
        row = self._one("document_id FROM documents", "path_digest = %s AND path = %s", _digest(path), path)
        if row is not None and row[0].decode() != document_id:
            raise IdTaken(row[0].decode())
        if known is not None and known.path is not None and known.path.decode() != path:
            raise IdTaken(document_id_of(path))

    def _run(self, statement: str, condition: str, *values: object) -> None:
        """Change the rows of this collection that meet a condition."""
        self.connection.run(f"{statement} WHERE collection = %s AND {condition}", self.collection, *values)


def _digest(path: str) -> bytes:
    return sha256(path.encode()).digest()
