"""Files that were uploaded by themselves, to be attached to collections: they stay until they are removed."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FACTS = "upload_id, source, purpose, bytes, created"


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an uploaded file beside what it holds.

    Attributes:
        upload_id: its name; the document that it becomes has the same.
        source: the name of the file.
        purpose: what for, as its sender says.
        bytes: how many it has.
        created: when it came, in seconds since 1970.
    """

    upload_id: str
    source: str
    purpose: str
    bytes: int
    created: int


class Uploads(Protocol):
    """The uploaded files that a state of a store holds."""

    def find(self, upload_id: str) -> Upload | None:
        """Return what is known of a file, `None` if there is none of that id."""
        ...

    def all(self) -> Sequence[Upload]:
        """Return what is known of all files, in the order of their ids."""
        ...

    def created(self, upload_ids: Sequence[str]) -> dict[str, int]:
        """Return when files came, those of some ids that there are."""
        ...

    def content(self, upload_id: str) -> bytes | None:
        """Return all that a file holds, `None` if there is none of that id."""
        ...

    def total(self) -> tuple[int, int]:
        """Return how many files there are, and how many bytes they have together."""
        ...

    def add(self, upload: Upload, content: bytes) -> None:
        """Keep a file."""
        ...

    def remove(self, upload_ids: Sequence[str]) -> int:
        """Remove files, and return how many there were."""
        ...


class SqliteUploads:
    """The uploaded files in the table of a connection, inside a transaction; see `Uploads`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, upload_id: str) -> Upload | None:
        """Return what is known of a file."""
        row = self._connection.execute(f"SELECT {FACTS} FROM uploads WHERE upload_id = ?", (upload_id,)).fetchone()
        return None if row is None else Upload(*row)

    def all(self) -> list[Upload]:
        """Return what is known of all files, in the order of their ids."""
        return [Upload(*row) for row in self._connection.execute(f"SELECT {FACTS} FROM uploads ORDER BY upload_id")]

    def created(self, upload_ids: Sequence[str]) -> dict[str, int]:
        """Return when files came, those of some ids that there are."""
        marks = ", ".join("?" * len(upload_ids))
        query = f"SELECT upload_id, created FROM uploads WHERE upload_id IN ({marks})"
        return dict(self._connection.execute(query, tuple(upload_ids)))

    def content(self, upload_id: str) -> bytes | None:
        """Return all that a file holds."""
        row = self._connection.execute("SELECT content FROM uploads WHERE upload_id = ?", (upload_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def total(self) -> tuple[int, int]:
        """Return how many files there are, and how many bytes they have together."""
        files, size = self._connection.execute("SELECT count(*), coalesce(sum(bytes), 0) FROM uploads").fetchone()
        return int(files), int(size)

    def add(self, upload: Upload, content: bytes) -> None:
        """Keep a file."""
        values = (upload.upload_id, upload.source, upload.purpose, upload.bytes, upload.created, content)
        self._connection.execute(f"INSERT INTO uploads ({FACTS}, content) VALUES (?, ?, ?, ?, ?, ?)", values)

    def remove(self, upload_ids: Sequence[str]) -> int:
        """Remove files, and return how many there were."""
        query = "DELETE FROM uploads WHERE upload_id = ?"
        return sum(self._connection.execute(query, (upload_id,)).rowcount for upload_id in upload_ids)
