"""Files that were uploaded by themselves, to be attached to collections."""

from collections.abc import Sequence

from corpus.store.uploads import FACTS, Upload
from index.oceanbase.connecting import Connection, Row
from index.oceanbase.pieces import Kind, Pieces
from index.oceanbase.rows import marks


class OceanBaseUploads:
    """The uploaded files of a collection, inside a transaction; see `corpus.store.uploads.Uploads`."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection
        self._pieces = Pieces(connection, collection)

    def find(self, upload_id: str) -> Upload | None:
        """Return what is known of a file."""
        query = f"SELECT {FACTS} FROM uploads WHERE collection = %s AND upload_id = %s"
        row = self._connection.one(query, self._collection, upload_id)
        return None if row is None else _upload_in(row)

    def all(self) -> list[Upload]:
        """Return what is known of all files, in the order of their ids."""
        query = f"SELECT {FACTS} FROM uploads WHERE collection = %s ORDER BY upload_id"
        return [_upload_in(row) for row in self._connection.rows(query, self._collection)]

    def created(self, upload_ids: Sequence[str]) -> dict[str, int]:
        """Return when files came, those of some ids that there are."""
        if not upload_ids:
            return {}
        query = f"SELECT upload_id, created FROM uploads WHERE collection = %s AND upload_id IN ({marks(upload_ids)})"
        rows = self._connection.rows(query, self._collection, *upload_ids)
        return {upload_id.decode(): created for upload_id, created in rows}

    def content(self, upload_id: str) -> bytes | None:
        """Return all that a file holds."""
        return self._pieces.read(Kind.UPLOAD, upload_id)

    def total(self) -> tuple[int, int]:
        """Return how many files there are, and how many bytes they have together."""
        query = "SELECT count(*), coalesce(sum(bytes), 0) FROM uploads WHERE collection = %s"
        ((files, size),) = self._connection.rows(query, self._collection)
        return int(files), int(size)

    def add(self, upload: Upload, content: bytes) -> None:
        """Keep a file."""
        self._connection.run(
            f"INSERT INTO uploads (collection, {FACTS}) VALUES (%s, %s, %s, %s, %s, %s)",
            *(self._collection, upload.upload_id, upload.source, upload.purpose, upload.bytes, upload.created),
        )
        self._pieces.add(Kind.UPLOAD, upload.upload_id, content)

    def remove(self, upload_ids: Sequence[str]) -> int:
        """Remove files, and return how many there were."""
        if not upload_ids:
            return 0
        self._pieces.remove(Kind.UPLOAD, upload_ids)
        query = f"DELETE FROM uploads WHERE collection = %s AND upload_id IN ({marks(upload_ids)})"
        return self._connection.run(query, self._collection, *upload_ids)


def _upload_in(row: Row) -> Upload:
    upload_id, *others = row
    return Upload(upload_id.decode(), *others)
