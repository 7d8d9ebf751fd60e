"""What a collection holds, compared with what another store does, by the checksums that all of it was stored with."""

from collections.abc import Collection

from corpus.store.comparing import Fingerprint
from corpus.store.originals import OriginalFacts
from corpus.store.stored import Key
from index.oceanbase.connecting import Connection, Row
from index.oceanbase.rows import marks


class OceanBaseComparing:
    """What the tables hold of a collection, inside a transaction; see `corpus.store.comparing.Comparing`."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection

    def notes(self) -> dict[str, str]:
        """Return all notes, by name."""
        rows = self._connection.rows("SELECT name, value FROM meta WHERE collection = %s", self._collection)
        return {name.decode(): value for name, value in rows}

    def owners(self, after: Key, most: int) -> dict[Key, str]:
        """Return which documents the next passages after a key are of."""
        query = (
            "SELECT passage_key, document_id FROM passages WHERE collection = %s AND passage_key > %s"
            " ORDER BY passage_key LIMIT %s"
        )
        rows = self._connection.rows(query, self._collection, after, most)
        return {key: document_id.decode() for key, document_id in rows}

    def fingerprints(self, document_ids: Collection[str]) -> dict[str, Fingerprint]:
        """Return the fingerprints of the documents of these ids that there are."""
        passages: dict[bytes, list[str]] = {}
        for own, checksum in self._of("document_id, checksum FROM passages", document_ids):
            passages.setdefault(own, []).append(checksum)
        kept = self._of("document_id, media_type, pages, bytes FROM originals", document_ids)
        originals = {own: OriginalFacts(*facts) for own, *facts in kept}
        return {
            own.decode(): Fingerprint(
                text,
                checksum,
                count,
                tuple(sorted(passages.get(own, ()))),
                None if path is None else path.decode(),
                originals.get(own),
            )
            for own, text, checksum, count, path in self._of(
                "document_id, sha256, checksum, passages, path FROM documents", document_ids
            )
        }

    def _of(self, columns: str, document_ids: Collection[str]) -> list[Row]:
        if not document_ids:
            return []
        query = f"SELECT {columns} WHERE collection = %s AND document_id IN ({marks(document_ids)})"
        return self._connection.rows(query, self._collection, *document_ids)
