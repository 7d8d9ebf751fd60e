"""Writing a store that is kept in SQLite, inside one transaction."""

from collections.abc import Sequence
from pathlib import Path

from corpus.document import Document, document_id_of
from corpus.errors import IdTaken
from corpus.passage import Passage
from corpus.store.columns import (
    FACT_COLUMNS,
    PASSAGE_COLUMNS,
    added_digest,
    document_checksum,
    fact_values,
    page_labels_value,
    passage_checksums,
    passage_values,
    synonyms_value,
    years_value,
)
from corpus.store.large import no_document
from corpus.store.reader import SqliteReader
from corpus.store.stored import Features
from corpus.store.whole import holds

NO_KEYS = (0, 0)  # a stretch of keys without any


class SqliteWriter(SqliteReader):
    """A transaction that may write; see `corpus.store.truth.Writer`."""

    def set_meta(self, name: str, value: str) -> None:
        """Keep a note."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def put(
        self, document: Document, passages: Sequence[Passage], features: Sequence[Features], path: Path | None = None
    ) -> int:
        """Add a document or replace the one of its id, and return the number of this change."""
        stored = list(zip(passages, features, strict=True))
        if path is not None:
            self._check_owner(document.document_id, path)
        before = self._uncounted(document.document_id)
        self._put_document(document, len(passages), path)
        removed = added = NO_KEYS
        if before is None or not holds(self, document.document_id, stored):
            removed = self._remove_passages(document.document_id)
            keys = [self._insert(*each) for each in stored]
            added = (keys[0], keys[-1] + 1) if keys else NO_KEYS
        if before is not None and before != document.sha256:
            self._connection.execute("DELETE FROM originals WHERE document_id = ?", (document.document_id,))
        return self._change(document.document_id, removed, added)

    def delete(self, document_id: str) -> int:
        """Remove a document and return the number of this change."""
        if self._uncounted(document_id) is None:
            raise no_document(document_id)
        removed = self._remove_passages(document_id)
        self._connection.execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
        return self._change(document_id, removed, NO_KEYS)

    def set_path(self, document_id: str, path: Path) -> None:
        """Note that a document's file is now found at `path`; what is indexed does not change."""
        self._connection.execute(
            "UPDATE documents SET path = ?1 WHERE document_id = ?2 AND path IS NOT ?1", (str(path), document_id)
        )

    def record_derived(self, name: str, digest: str, sequence: int) -> None:
        """Record the SHA-256 of a derived file and the change it goes up to."""
        self._connection.execute("INSERT OR REPLACE INTO derived VALUES (?, ?, ?)", (name, digest, sequence))

    def recount(self) -> None:
        """Count anew what `state` tells."""
        self._connection.execute("INSERT OR REPLACE INTO state VALUES (1, 0, 0, zeroblob(32))")
        self._connection.execute(
            "UPDATE documents SET passages ="
            " (SELECT count(*) FROM passages WHERE passages.document_id = documents.document_id)"
        )
        rows = self._connection.execute("SELECT document_id, sha256, checksum, passages FROM documents").fetchall()
        for document_id, text_digest, checksum, passages in rows:
            self._count(document_id, text_digest, checksum, passages, 1)

    def forget_derived(self) -> None:
        """Forget all derived files."""
        self._connection.execute("DELETE FROM derived")

    def _put_document(self, document: Document, passages: int, path: Path | None) -> None:
        checksum = document_checksum(document)
        columns = f"{FACT_COLUMNS}, synonyms, page_labels, characters, passages, checksum, path"
        values = (
            *fact_values(document),
            synonyms_value(document),
            page_labels_value(document),
            len(document.text),
            passages,
            checksum,
            None if path is None else str(path),
        )
        renewed = ", ".join(f"{name} = excluded.{name}" for name in columns.split(", "))
        self._connection.execute(
            f"INSERT INTO documents ({columns}) VALUES ({', '.join('?' * len(values))})"
            f" ON CONFLICT (document_id) DO UPDATE SET {renewed}",
            values,
        )
        self._connection.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (document.document_id, document.text))
        self._count(document.document_id, document.sha256, checksum, passages, 1)

    def _insert(self, passage: Passage, features: Features) -> int:
        execute = self._connection.execute
        key = execute(
            f"INSERT INTO passages ({PASSAGE_COLUMNS}, years, checksum) VALUES ({', '.join('?' * 13)})",
            (*passage_values(passage), years_value(features.years), passage_checksums(passage, features)),
        ).lastrowid
        execute("INSERT INTO vectors VALUES (?, ?, ?)", (key, features.vector, features.sentence_vectors))
        execute("INSERT INTO tokens VALUES (?, ?, ?)", (key, features.token_vectors, features.sentence_tokens))
        execute("INSERT INTO terms VALUES (?, ?)", (key, features.terms))
        return int(key or 0)

    def _remove_passages(self, document_id: str) -> tuple[int, int]:
        """Remove the passages of a document and return the stretch of keys that they had."""
        first, last = self._one("SELECT min(key), max(key) FROM passages WHERE document_id = ?", document_id)
        self._connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
        return NO_KEYS if first is None else (first, last + 1)

    def _uncounted(self, document_id: str) -> str | None:
        """Count a document no more and return the digest of its text; `None` if there is none of that id."""
        row = self._one("SELECT sha256, checksum, passages FROM documents WHERE document_id = ?", document_id)
        if row is None:
            return None
        text_digest, checksum, passages = row
        self._count(document_id, text_digest, checksum, passages, -1)
        return str(text_digest)

    def _count(self, document_id: str, text_digest: str, checksum: str, passages: int, sign: int) -> None:
        (digest,) = self._one("SELECT digest FROM state")
        self._connection.execute(
            "UPDATE state SET documents = documents + ?, passages = passages + ?, digest = ?",
            (sign, sign * passages, added_digest(digest, document_id, text_digest, checksum, sign)),
        )

    def _change(self, document_id: str, removed: tuple[int, int], added: tuple[int, int]) -> int:
        cursor = self._connection.execute(
            "INSERT INTO changes (document_id, removed_from, removed_to, added_from, added_to) VALUES (?, ?, ?, ?, ?)",
            (document_id, *removed, *added),
        )
        return int(cursor.lastrowid or 0)

    def _check_owner(self, document_id: str, path: Path) -> None:
        of_path = self._one("SELECT document_id FROM documents WHERE path = ?", str(path))
        if of_path is not None and of_path[0] != document_id:
            raise IdTaken(of_path[0])
        of_id = self._one("SELECT path FROM documents WHERE document_id = ?", document_id)
        if of_id is not None and of_id[0] is not None and of_id[0] != str(path):
            raise IdTaken(document_id_of(str(path)))
