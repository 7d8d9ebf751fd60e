"""What two stores hold, compared without reading it: the checksums that everything was stored with."""

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from corpus.store.columns import whole_checksum
from corpus.store.originals import OriginalFacts
from corpus.store.stored import Key


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is equal where two stores hold a document alike, its passages with their features and its file included.

    Attributes:
        text: SHA-256 of its text.
        checksum: of what is known of it.
        count: how many passages it is said to have.
        passages: the checksums of those it has, ascending.
        path: of the file it was read from, if any.
        original: what is known of the file that is kept of it, if any.
    """

    text: str
    checksum: str
    count: int
    passages: tuple[str, ...]
    path: str | None
    original: OriginalFacts | None


class Comparing(Protocol):
    """What a state of a store holds, to be compared with what another does."""

    def notes(self) -> Mapping[str, str]:
        """Return all notes that the index keeps about itself, by name."""
        ...

    def owners(self, after: Key, most: int) -> Mapping[Key, str]:
        """Return which documents the next passages after a key are of, at most so many, in the order of their keys."""
        ...

    def fingerprints(self, document_ids: Collection[str]) -> Mapping[str, Fingerprint]:
        """Return the fingerprints of the documents of these ids that there are."""
        ...


class SqliteComparing:
    """What the tables of a connection hold, inside a transaction; see `Comparing`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def notes(self) -> dict[str, str]:
        """Return all notes, by name."""
        return dict(self._connection.execute("SELECT name, value FROM meta"))

    def owners(self, after: Key, most: int) -> dict[Key, str]:
        """Return which documents the next passages after a key are of."""
        query = "SELECT key, document_id FROM passages WHERE key > ? ORDER BY key LIMIT ?"
        return dict(self._connection.execute(query, (after, most)))

    def fingerprints(self, document_ids: Collection[str]) -> dict[str, Fingerprint]:
        """Return the fingerprints of the documents of these ids that there are."""
        among = f"WHERE document_id IN ({', '.join('?' * len(document_ids))})"
        values = tuple(document_ids)
        passages: dict[str, list[str]] = {}
        query = f"SELECT document_id, checksum FROM passages {among} ORDER BY checksum"
        for document_id, checksum in self._connection.execute(query, values):
            passages.setdefault(document_id, []).append(whole_checksum(checksum))
        query = f"SELECT document_id, media_type, pages, bytes FROM originals {among}"
        originals = {row[0]: OriginalFacts(*row[1:]) for row in self._connection.execute(query, values)}
        query = f"SELECT document_id, sha256, checksum, passages, path FROM documents {among}"
        return {
            own: Fingerprint(text, checksum, count, tuple(passages.get(own, ())), path, originals.get(own))
            for own, text, checksum, count, path in self._connection.execute(query, values)
        }
