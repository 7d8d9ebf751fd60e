"""Large values in pieces, of which no more are read than are asked for: texts, originals, uploads, files of jobs."""

from collections.abc import Iterator, Sequence
from enum import Enum

from index.oceanbase.connecting import Connection
from index.oceanbase.rows import marks

PIECE_BYTES = 262_144
CONTINUED = range(0x80, 0xC0)  # the bytes of UTF-8 that begin no code point
OWN = "collection = %s AND kind = %s AND owner = %s"


class Kind(Enum):
    """Whose a piece is."""

    TEXT = 1
    ORIGINAL = 2
    UPLOAD = 3
    JOB = 4


class Pieces:
    """The pieces of the large values of a collection, inside a transaction."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection

    def write(self, kind: Kind, owner: str, content: bytes) -> None:
        """Keep a value in place of the one that is there."""
        self.remove(kind, [owner])
        self.add(kind, owner, content)

    def add(self, kind: Kind, owner: str, content: bytes) -> None:
        """Keep a value where there is none."""
        rows, characters, first = [], 0, 0
        for number, piece in enumerate(_cut(content, kind is Kind.TEXT)):
            rows.append((self._collection, kind.value, owner, number, characters, first, piece))
            characters += len(piece.decode()) if kind is Kind.TEXT else 0
            first += len(piece)
        self._connection.many("INSERT INTO pieces VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)

    def remove(self, kind: Kind, owners: Sequence[str]) -> None:
        """Remove values, those that there are."""
        if owners:
            query = f"DELETE FROM pieces WHERE collection = %s AND kind = %s AND owner IN ({marks(owners)})"
            self._connection.run(query, self._collection, kind.value, *owners)

    def read(self, kind: Kind, owner: str) -> bytes | None:
        """Return a value, `None` where there is none."""
        query = f"SELECT content FROM pieces WHERE {OWN} ORDER BY number"
        rows = self._connection.rows(query, self._collection, kind.value, owner)
        return b"".join(piece for (piece,) in rows) if rows else None

    def stretch(self, kind: Kind, owner: str, first: int, last: int, counted: str = "byte") -> list[tuple[int, bytes]]:
        """Return the pieces that hold a half-open range, each with where it begins.

        Args:
            kind: whose.
            owner: of the value.
            first: of the range.
            last: of the range.
            counted: what these numbers count, and those that come back: `byte` or `character`.
        """
        own = (self._collection, kind.value, owner)
        # From the last piece that does not begin after the range on.
        begins = f"SELECT coalesce(max(number), 0) FROM pieces WHERE {OWN} AND first_{counted} <= %s"
        query = (
            f"SELECT first_{counted}, content FROM pieces WHERE {OWN} AND first_{counted} < %s"
            f" AND number >= ({begins}) ORDER BY number"
        )
        return [(begin, piece) for begin, piece in self._connection.rows(query, *own, last, *own, first)]


def _cut(content: bytes, whole: bool) -> Iterator[bytes]:
    """Yield the pieces of a value, with `whole` code points in each; an empty value is one empty piece."""
    first = 0
    while True:
        last = min(first + PIECE_BYTES, len(content))
        while whole and last < len(content) and content[last] in CONTINUED:
            last -= 1
        yield content[first:last]
        first = last
        if first == len(content):
            return
