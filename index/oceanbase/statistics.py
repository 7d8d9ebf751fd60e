"""How many passages of a collection hold each term: counted exactly, in the transactions that change the passages."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.oceanbase.columns import columns
from index.oceanbase.connecting import Connection
from index.terms.packing import PackedTerms

MOST_HELD = 2_000_000  # terms of passages before they are written, of some 20 bytes each
WRITTEN_TOGETHER = 20_000  # terms a statement, of some 40 bytes each

# Digests of terms, by how much their counts change, and the digests of how they sound, 0 where they do not.
Changed = tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint32]]


class Counting:
    """What a transaction changes in the counts of terms; written together at its end.

    So a term of several documents, or of a document before and after, is one row to write, or none.
    """

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection
        self._total = self._held = 0
        self._changed: list[Changed] = []  # of some passages, all terms ascending: digests, by how much, sounds

    def add(self, passages: Sequence[PackedTerms], sign: int) -> None:
        """Count the terms of passages that come, with a sign of 1, or that go, with one of -1."""
        digests = np.concatenate([np.empty(0, np.uint64), *(each.digests for each in passages)])
        silent = (np.zeros(len(each.digests) - len(each.sounds), np.uint32) for each in passages)
        heard = [part for each, rest in zip(passages, silent, strict=True) for part in (each.sounds, rest)]
        changes = np.full(len(digests), sign, np.int64)
        self._changed.append(_summed(digests, changes, np.concatenate([np.empty(0, np.uint32), *heard])))
        self._total += sign * sum(each.length for each in passages)
        self._held += len(digests)
        if self._held > MOST_HELD:
            self.write()

    def average(self) -> float:
        """Return how many terms the passages of the collection have on average, 1 at least."""
        query = "SELECT term_count, passages FROM collections WHERE collection = %s"
        terms, passages = self._connection.one(query, self._collection) or (0, 0)
        return max((int(terms) + self._total) / max(int(passages), 1), 1.0)

    def write(self) -> None:
        """Write what has changed."""
        digests, changes, sounds = self.changes()
        rows = [
            f"({self._collection},{digest},{change},{sound})"
            for digest, change, sound in zip(digests.tolist(), changes.tolist(), sounds.tolist(), strict=True)
        ]
        for some in _stretches(rows):
            self._connection.run(
                f"INSERT INTO term_counts (collection, digest, passages, sound) VALUES {some}"
                " ON DUPLICATE KEY UPDATE passages = passages + VALUES(passages)"
            )
        # Nothing is left of terms that no passage holds any more.
        for some in _stretches(list(map(str, digests[changes < 0].tolist()))):
            own = f"collection = {self._collection} AND digest IN ({some})"
            self._connection.run(f"DELETE FROM term_counts WHERE {own} AND passages <= 0")
        query = "UPDATE collections SET term_count = term_count + %s WHERE collection = %s"
        if self._total:
            self._connection.run(query, self._total, self._collection)
        self._changed, self._total, self._held = [], 0, 0

    def changes(self) -> "Changed":
        """Return what has changed: the digests of terms, by how much, and how they sound."""
        parts = [*self._changed, (np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.uint32))]
        digests, changes, sounds = _summed(*map(np.concatenate, zip(*parts, strict=True)))
        changed = changes != 0
        return digests[changed], changes[changed], sounds[changed]


def _summed(digests: NDArray[np.uint64], changes: NDArray[np.int64], sounds: NDArray[np.uint32]) -> Changed:
    """Return each term once, ascending, with all its changes."""
    terms, first, places = np.unique(digests, return_index=True, return_inverse=True)
    sums = np.bincount(places, changes, len(terms)).astype(np.int64)
    return terms, sums, sounds[first]


def _stretches(values: Sequence[str]) -> Iterator[str]:
    """Yield the values of one statement after the other."""
    for start in range(0, len(values), WRITTEN_TOGETHER):
        yield ",".join(values[start : start + WRITTEN_TOGETHER])


def forget_counts(connection: Connection, collection: int) -> None:
    """Forget all counts of a collection, to count anew."""
    connection.run("DELETE FROM term_counts WHERE collection = %s", collection)
    connection.run("UPDATE collections SET term_count = 0 WHERE collection = %s", collection)


class TermCounts:
    """How many passages hold the terms of questions, in the state that a connection sees; each is read once.

    Attributes:
        holding: how many hold each term, by its digest; a term that none holds may be missing.
        sounding: the terms that sound so, by the digest of the sound.
        total: how many terms all passages have, each as often as it occurs.
    """

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection
        self._read: set[int] = set()
        self.holding: dict[int, int] = {}
        self.sounding: dict[int, list[int]] = {}
        self.total = 0

    def read(self, digests: Collection[int], sounds: Collection[int]) -> None:
        """Read what is not known yet of some terms, and of all that sound so."""
        terms = [each for each in digests if each not in self._read]
        heard = [each for each in sounds if each not in self.sounding]
        if not terms and not heard:
            return
        counts = f"FROM term_counts WHERE collection = {self._collection}"
        total = "SELECT 0 AS digest, term_count AS passages, NULL AS sound FROM collections WHERE collection ="
        parts = [f"{total} {self._collection}"]
        if terms:
            parts.append(f"SELECT digest, passages, 0 {counts} AND digest IN ({_list(terms)})")
        if heard:
            parts.append(f"SELECT digest, passages, sound {counts} AND sound IN ({_list(heard)})")
        self._read.update(terms)
        self.sounding.update((sound, []) for sound in heard)
        found = columns(self._connection, ("digest", "passages", "sound"), " UNION ALL ".join(parts))
        for digest, passages, sound in zip(*found, strict=True):
            if sound is None:
                self.total = passages
                continue
            self.holding[digest] = passages
            if sound:
                self.sounding[sound].append(digest)


def _list(numbers: Collection[int]) -> str:
    return ",".join(map(str, numbers))
