"""Texts and files of a collection, read piece by piece."""

from corpus.store.large import Large, Place, no_document
from index.oceanbase.connecting import Connection
from index.oceanbase.pieces import Kind, Pieces

# Where it is known how many bytes a value has.
SIZES = {
    Large.TEXT: "SELECT text_bytes FROM documents WHERE collection = %s AND document_id = %s",
    Large.ORIGINAL: "SELECT bytes FROM originals WHERE collection = %s AND document_id = %s",
    Large.UPLOAD: "SELECT bytes FROM uploads WHERE collection = %s AND upload_id = %s",
}
KINDS = {Large.TEXT: Kind.TEXT, Large.ORIGINAL: Kind.ORIGINAL, Large.UPLOAD: Kind.UPLOAD}


class OceanBaseLarge:
    """The large values of a collection, inside a transaction; see `corpus.store.large.LargeValues`."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection
        self._pieces = Pieces(connection, collection)

    def size(self, kind: Large, key: str) -> int | None:
        """Return how many bytes a value has."""
        row = self._connection.one(SIZES[kind], self._collection, key)
        return None if row is None else int(row[0])

    def piece(self, kind: Large, key: str, first: int, size: int) -> bytes:
        """Return so many bytes of a value from the byte `first` on."""
        found = self._pieces.stretch(KINDS[kind], key, first, first + size)
        return b"".join(content[max(first - begin, 0) : first + size - begin] for begin, content in found)

    def characters(self, document_id: str) -> int:
        """Return how many code points a document's text has."""
        query = "SELECT characters FROM documents WHERE collection = %s AND document_id = %s"
        row = self._connection.one(query, self._collection, document_id)
        if row is None:
            raise no_document(document_id)
        return int(row[0])

    def text(self, document_id: str, start: int, end: int) -> str:
        """Return the code points of a range of a document's text."""
        found = self._pieces.stretch(Kind.TEXT, document_id, start, end, "character")
        return "".join(content.decode()[max(start - begin, 0) : end - begin] for begin, content in found)

    def place(self, document_id: str, start: int, end: int) -> Place:
        """Return which bytes of a document's text are the code points of a range."""
        first = self._byte_of(document_id, start)
        return Place(first, first if end <= start else self._byte_of(document_id, end))

    def _byte_of(self, document_id: str, character: int) -> int:
        """Return where a code point begins, or where the text ends if it has no such."""
        query = (
            "SELECT first_character, first_byte, content FROM pieces WHERE collection = %s AND kind = %s AND owner = %s"
            " AND first_character <= %s ORDER BY number DESC LIMIT 1"
        )
        row = self._connection.one(query, self._collection, Kind.TEXT.value, document_id, character)
        if row is None:
            raise no_document(document_id)
        begin, first, content = row
        return int(first) + len(content.decode()[: character - begin].encode())
