"""The files that the documents of a collection were read from."""

from collections.abc import Sequence

from corpus.store.originals import Original, OriginalFacts
from index.oceanbase.connecting import Connection
from index.oceanbase.pieces import Kind, Pieces
from index.oceanbase.rows import marks

SIZED = "documents LEFT JOIN originals USING (collection, document_id)"
SIZE = "coalesce(bytes, text_bytes)"


class OceanBaseOriginals:
    """The originals of a collection, inside a transaction; see `corpus.store.originals.Originals`."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection
        self._pieces = Pieces(connection, collection)

    def facts(self, document_id: str) -> OriginalFacts | None:
        """Return what is known of a document's original."""
        query = "SELECT media_type, pages, bytes FROM originals WHERE collection = %s AND document_id = %s"
        row = self._connection.one(query, self._collection, document_id)
        return None if row is None else OriginalFacts(*row)

    def find(self, document_id: str) -> Original | None:
        """Return the original of a document."""
        facts = self.facts(document_id)
        content = None if facts is None else self._pieces.read(Kind.ORIGINAL, document_id)
        return None if facts is None or content is None else Original(facts.media_type, content, facts.pages)

    def sizes(self, document_ids: Sequence[str]) -> dict[str, int]:
        """Return how many bytes documents have."""
        if not document_ids:
            return {}
        query = (
            f"SELECT document_id, {SIZE} FROM {SIZED} WHERE collection = %s AND document_id IN ({marks(document_ids)})"
        )
        rows = self._connection.rows(query, self._collection, *document_ids)
        return {document_id.decode(): int(size) for document_id, size in rows}

    def total(self) -> int:
        """Return how many bytes all documents have."""
        query = f"SELECT coalesce(sum({SIZE}), 0) FROM {SIZED} WHERE collection = %s"
        ((total,),) = self._connection.rows(query, self._collection)
        return int(total)

    def keep(self, document_id: str, original: Original) -> None:
        """Keep the original of a document that there is."""
        values = (self._collection, document_id, original.media_type, original.pages, len(original.content))
        self._connection.run("REPLACE INTO originals VALUES (%s, %s, %s, %s, %s)", *values)
        self._pieces.write(Kind.ORIGINAL, document_id, original.content)

    def remove(self, document_id: str) -> None:
        """Keep the original of a document no more."""
        query = "DELETE FROM originals WHERE collection = %s AND document_id = %s"
        if self._connection.run(query, self._collection, document_id):
            self._pieces.remove(Kind.ORIGINAL, [document_id])
