"""Large values, read piece by piece: what is read at a time takes no more memory than it has bytes."""

import sqlite3
from enum import Enum
from typing import NamedTuple, Protocol

from corpus.errors import NotFound

CONTINUED = bytes(range(0x80, 0xC0))  # the bytes of UTF-8 that begin no code point
STEP = 262_144  # bytes looked at in one go


class Large(Enum):
    """What is large: its table, its column, and the column by which it is known."""

    TEXT = "texts", "text", "document_id"
    ORIGINAL = "originals", "content", "document_id"
    UPLOAD = "uploads", "content", "upload_id"


class Place(NamedTuple):
    """A half-open range of bytes."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many there are."""
        return self.last - self.first


class LargeValues(Protocol):
    """The large values that a state of a store holds."""

    def size(self, kind: Large, key: str) -> int | None:
        """Return how many bytes a value has, a text in UTF-8; `None` where there is none."""
        ...

    def piece(self, kind: Large, key: str, first: int, size: int) -> bytes:
        """Return so many bytes of a value from the byte `first` on, fewer at its end and where there is none."""
        ...

    def characters(self, document_id: str) -> int:
        """Return how many code points a document's text has.

        Raises:
            NotFound: if there is none of that id.
        """
        ...

    def place(self, document_id: str, start: int, end: int) -> Place:
        """Return which bytes of a document's text are the code points of a range; what is beyond its end is none."""
        ...


class SqliteLarge:
    """The large values in the tables of a connection, inside a transaction; see `LargeValues`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def size(self, kind: Large, key: str) -> int | None:
        """Return how many bytes a value has."""
        value = self._open(kind, key)
        if value is None:
            return None
        with value:
            return len(value)

    def piece(self, kind: Large, key: str, first: int, size: int) -> bytes:
        """Return so many bytes of a value from the byte `first` on."""
        value = self._open(kind, key)
        if value is None:
            return b""
        with value:
            value.seek(min(first, len(value)))
            return value.read(size)

    def characters(self, document_id: str) -> int:
        """Return how many code points a document's text has."""
        query = "SELECT characters FROM documents WHERE document_id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        if row is None:
            raise no_document(document_id)
        return int(row[0])

    def place(self, document_id: str, start: int, end: int) -> Place:
        """Return which bytes of a document's text are the code points of a range."""
        first = self._byte_of(document_id, 0, start)
        if end >= self.characters(document_id):
            return Place(first, max(first, self.size(Large.TEXT, document_id) or 0))
        return Place(first, self._byte_of(document_id, first, max(end - start, 0)))

    def _byte_of(self, document_id: str, first: int, characters: int) -> int:
        """Return where the code point begins that stands so many after the one that begins at a byte."""
        if not characters:
            return first
        while piece := self.piece(Large.TEXT, document_id, first, STEP):
            begun = len(piece.translate(None, CONTINUED))
            if characters < begun:
                rest = piece.lstrip(CONTINUED)  # of the code point before
                before = rest.decode("utf-8", "ignore")[:characters]
                return first + len(piece) - len(rest) + len(before.encode())
            characters -= begun
            first += len(piece)
        return first

    def _open(self, kind: Large, key: str) -> sqlite3.Blob | None:
        table, column, name = kind.value
        row = self._connection.execute(f"SELECT rowid FROM {table} WHERE {name} = ?", (key,)).fetchone()
        return None if row is None else self._connection.blobopen(table, column, row[0], readonly=True)


def no_document(document_id: str) -> NotFound:
    """Return the error of an id that no document has."""
    return NotFound(f"no document {document_id}; `wherefrom documents list` and GET /v1/documents show what there is")
