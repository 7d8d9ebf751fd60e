"""The only source of truth: documents, passages and their vectors in SQLite; everything else can be rebuilt from it.

Vectors are bytes here, float16 little-endian; what they mean is the index's business.
"""

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.document import Document, document_id_of
from corpus.errors import IdTaken, NotFound
from corpus.passage import Passage
from corpus.store.columns import (
    DOCUMENT_COLUMNS,
    FACT_COLUMNS,
    PASSAGE_COLUMNS,
    VECTOR_COLUMNS,
    PassageVectors,
    StoredPassage,
    checksum,
    document_checksum,
    document_of,
    document_values,
    facts_of,
    passage_of,
    passage_values,
    stored_passage_of,
)
from corpus.store.database import Database
from corpus.store.rows import RowReader
from corpus.store.summaries import DocumentFacts, DocumentSummary, StoreState


class Store:
    """The documents of a data folder. Methods that read may be grouped by `reading`, so that they see one state.

    Attributes:
        rows: the passages as the indexes read them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.rows = RowReader(database)

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

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A block in which all reads see one state."""
        return self._database.reading()

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A block whose writes become durable together at its end, or not at all."""
        return self._database.writing()

    # What is known of the store itself

    def meta(self, key: str) -> str | None:
        """Return a note the index keeps about itself."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a note."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def state(self) -> StoreState:
        """Return what this transaction sees."""
        with self.reading() as connection:
            sequence, documents, passages = connection.execute(
                "SELECT (SELECT coalesce(max(sequence), 0) FROM changes),"
                " (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
            ).fetchone()
            digest = sha256()
            for row in connection.execute("SELECT document_id, sha256, checksum FROM documents ORDER BY document_id"):
                digest.update("\0".join(row).encode() + b"\n")
        return StoreState(sequence, documents, passages, digest.hexdigest())

    def sequence(self) -> int:
        """Return the number of the last change; cheap enough to ask before every search."""
        with self.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM changes").fetchone()[0])

    # Documents

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Sequence[PassageVectors],
        path: Path | None = None,
    ) -> int:
        """Add a document or replace the one of its id, and return the number of this change, durable by then.

        Raises:
            IdTaken: if the id belongs to another file, or the file to another id; nothing is written then.
        """
        with self.writing() as connection:
            if path is not None:
                self._check_owner(connection, document.document_id, path)
            self._remove(connection, document.document_id)
            connection.execute(
                f"INSERT INTO documents ({DOCUMENT_COLUMNS}, checksum, path) VALUES ({', '.join('?' * 14)})",
                (*document_values(document), document_checksum(document), None if path is None else str(path)),
            )
            for passage, vector in zip(passages, vectors, strict=True):
                row = connection.execute(
                    f"INSERT INTO passages ({PASSAGE_COLUMNS}, checksum) VALUES ({', '.join('?' * 9)})",
                    (*passage_values(passage), checksum(passage, vector)),
                ).lastrowid
                connection.execute("INSERT INTO vectors VALUES (?, ?, ?)", (row, vector.passage, vector.sentences))
                connection.execute("INSERT INTO tokens VALUES (?, ?, ?)", (row, vector.tokens, vector.sentence_tokens))
            return self._change(connection, document.document_id, "put")

    def delete(self, document_id: str) -> int:
        """Remove a document and return the number of this change.

        Raises:
            NotFound: if there is none of that id.
        """
        with self.writing() as connection:
            if not self._remove(connection, document_id):
                raise NotFound(f"no document {document_id}; `wherefrom documents list` shows what there is")
            return self._change(connection, document_id, "delete")

    def document(self, document_id: str) -> Document:
        """Return a document.

        Raises:
            NotFound: if there is none of that id.
        """
        document = self.find_document(document_id)
        if document is None:
            raise NotFound(f"no document {document_id}; `wherefrom documents list` shows what there is")
        return document

    def find_document(self, document_id: str) -> Document | None:
        """Return a document, or `None` if there is none of that id."""
        with self.reading() as connection:
            row = connection.execute(
                f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE document_id = ?", (document_id,)
            ).fetchone()
        return None if row is None else document_of(row)

    def documents(self, document_ids: Collection[str]) -> dict[str, Document]:
        """Return the documents of these ids that there are, by id."""
        marks = ", ".join("?" * len(document_ids))
        with self.reading() as connection:
            query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE document_id IN ({marks})"
            found = map(document_of, connection.execute(query, tuple(document_ids)))
            return {document.document_id: document for document in found}

    def checksum_of(self, document_id: str) -> str:
        """Return the checksum that a document was stored with."""
        with self.reading() as connection:
            query = "SELECT checksum FROM documents WHERE document_id = ?"
            return str(connection.execute(query, (document_id,)).fetchone()[0])

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in order."""
        with self.reading() as connection:
            return [row[0] for row in connection.execute("SELECT document_id FROM documents ORDER BY document_id")]

    def document_paths(self) -> dict[str, str]:
        """Return which file each document that has one was read from: path to document id."""
        with self.reading() as connection:
            return dict(connection.execute("SELECT path, document_id FROM documents WHERE path IS NOT NULL"))

    def set_path(self, document_id: str, path: Path) -> None:
        """Note that a document's file is now found at `path`; what is indexed does not change."""
        with self.writing() as connection:
            connection.execute(
                "UPDATE documents SET path = ?1 WHERE document_id = ?2 AND path IS NOT ?1",
                (str(path), document_id),
            )

    def summaries(self, limit: int, after: str = "") -> list[DocumentSummary]:
        """Return at most `limit` documents in the order of their ids, those after the id `after`."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT document_id, source, title, language, publisher, published, url, sha256, length(text),"
                " (SELECT count(*) FROM passages WHERE passages.document_id = documents.document_id)"
                " FROM documents WHERE document_id > ? ORDER BY document_id LIMIT ?",
                (after, limit),
            )
            return [DocumentSummary(*row) for row in rows]

    def facts(self) -> list[DocumentFacts]:
        """Return what is known of every document beside its text, in the order of their ids."""
        with self.reading() as connection:
            rows = connection.execute(f"SELECT {FACT_COLUMNS} FROM documents ORDER BY document_id")
            return [facts_of(row) for row in rows]

    # Passages

    def passage(self, passage_id: str) -> Passage:
        """Return a passage.

        Raises:
            NotFound: if there is none of that id.
        """
        with self.reading() as connection:
            row = connection.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE passage_id = ?", (passage_id,)
            ).fetchone()
        if row is None:
            raise NotFound(f"no passage {passage_id}; it may belong to a document that has changed, so search again")
        return passage_of(row)

    def count_passages(self, document_id: str) -> int:
        """Return how many passages a document has, without reading them."""
        with self.reading() as connection:
            query = "SELECT count(*) FROM passages WHERE document_id = ?"
            return int(connection.execute(query, (document_id,)).fetchone()[0])

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """Return the passages of a document in order."""
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT row, checksum, {VECTOR_COLUMNS}, {PASSAGE_COLUMNS} FROM passages"
                " JOIN vectors USING (row) JOIN tokens USING (row) WHERE document_id = ? ORDER BY start",
                (document_id,),
            )
            return [stored_passage_of(row) for row in rows]

    # Snapshots of the indexes that are derived from this store

    def snapshot(self, name: str) -> tuple[str, int] | None:
        """Return the SHA-256 and the change number of a derived file, if one was recorded."""
        with self.reading() as connection:
            row = connection.execute("SELECT sha256, sequence FROM snapshots WHERE name = ?", (name,)).fetchone()
        return None if row is None else (row[0], row[1])

    def record_snapshot(self, name: str, digest: str, sequence: int) -> None:
        """Record the SHA-256 of a derived file and the change it goes up to."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?)", (name, digest, sequence))

    def forget_snapshots(self) -> None:
        """Forget all derived files: none of them fits what the store holds from now on."""
        with self.writing() as connection:
            connection.execute("DELETE FROM snapshots")

    def integrity_errors(self) -> list[str]:
        """Return what SQLite's own check finds wrong with the file."""
        with self.reading() as connection:
            rows = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
        return [row for row in rows if row != "ok"]

    @staticmethod
    def _check_owner(connection: sqlite3.Connection, document_id: str, path: Path) -> None:
        of_path = connection.execute("SELECT document_id FROM documents WHERE path = ?", (str(path),)).fetchone()
        if of_path is not None and of_path[0] != document_id:
            raise IdTaken(of_path[0])
        of_id = connection.execute("SELECT path FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        if of_id is not None and of_id[0] is not None and of_id[0] != str(path):
            raise IdTaken(document_id_of(str(path)))

    @staticmethod
    def _remove(connection: sqlite3.Connection, document_id: str) -> bool:
        return connection.execute("DELETE FROM documents WHERE document_id = ?", (document_id,)).rowcount > 0

    @staticmethod
    def _change(connection: sqlite3.Connection, document_id: str, kind: str) -> int:
        cursor = connection.execute("INSERT INTO changes (document_id, kind) VALUES (?, ?)", (document_id, kind))
        return int(cursor.lastrowid or 0)
