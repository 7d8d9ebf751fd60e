"""The files that documents were read from, kept as they came, so that a reader can be shown them."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SIZE = "coalesce(bytes, length(CAST(text AS BLOB)))"
SIZED = "texts LEFT JOIN originals USING (document_id)"


@dataclass(frozen=True, slots=True)
class OriginalFacts:
    """What is known of a kept file beside what it holds: its media type, its pages if it is a PDF, its size."""

    media_type: str
    pages: int | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came.

    Attributes:
        media_type: what it is, as HTTP says it.
        content: all of it.
        pages: how many it has, where it is a PDF.
    """

    media_type: str
    content: bytes
    pages: int | None = None


class Originals(Protocol):
    """The originals that a state of a store holds."""

    def facts(self, document_id: str) -> OriginalFacts | None:
        """Return what is known of a document's original, `None` where none is kept."""
        ...

    def find(self, document_id: str) -> Original | None:
        """Return the original of a document, `None` where none is kept."""
        ...

    def sizes(self, document_ids: Sequence[str]) -> dict[str, int]:
        """Return how many bytes documents have, those of some ids that there are: as files, else as texts."""
        ...

    def total(self) -> int:
        """Return how many bytes all documents have, each as `sizes` tells."""
        ...

    def keep(self, document_id: str, original: Original) -> None:
        """Keep the original of a document that there is, in place of another."""
        ...


class SqliteOriginals:
    """The originals in the tables of a connection, inside a transaction; see `Originals`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def facts(self, document_id: str) -> OriginalFacts | None:
        """Return what is known of a document's original."""
        query = "SELECT media_type, pages, bytes FROM originals WHERE document_id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        return None if row is None else OriginalFacts(*row)

    def find(self, document_id: str) -> Original | None:
        """Return the original of a document."""
        query = "SELECT media_type, content, pages FROM originals WHERE document_id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        return None if row is None else Original(*row)

    def sizes(self, document_ids: Sequence[str]) -> dict[str, int]:
        """Return how many bytes documents have."""
        marks = ", ".join("?" * len(document_ids))
        query = f"SELECT document_id, {SIZE} FROM {SIZED} WHERE document_id IN ({marks})"
        return dict(self._connection.execute(query, tuple(document_ids)))

    def total(self) -> int:
        """Return how many bytes all documents have."""
        return int(self._connection.execute(f"SELECT coalesce(sum({SIZE}), 0) FROM {SIZED}").fetchone()[0])

    def keep(self, document_id: str, original: Original) -> None:
        """Keep the original of a document that there is."""
        values = (document_id, original.media_type, original.pages, len(original.content), original.content)
        self._connection.execute("INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?, ?)", values)
