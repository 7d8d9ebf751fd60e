"""How many passages of a collection hold each term: counted exactly, in the transactions that change the passages."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from index.oceanbase.connecting import Connection
from index.terms.packing import PackedTerms

COUNTED_TOGETHER = 20_000  # terms a statement, of some 40 bytes each


def count_terms(connection: Connection, collection: int, passages: Sequence[PackedTerms], sign: int) -> None:
    """Count the terms of passages that come, or go.

    Args:
        connection: inside the transaction in which they do.
        collection: whose they are.
        passages: their terms.
        sign: 1 where they come, -1 where they go.
    """
    rows = [f"({collection},{digest},{sign * count},{sound})" for digest, count, sound in counted(passages)]
    for start in range(0, len(rows), COUNTED_TOGETHER):
        some = ",".join(rows[start : start + COUNTED_TOGETHER])
        connection.run(
            f"INSERT INTO term_counts (collection, digest, passages, sound) VALUES {some}"
            " ON DUPLICATE KEY UPDATE passages = passages + VALUES(passages)"
        )
    total = sign * sum(each.length for each in passages)
    connection.run("UPDATE collections SET term_count = term_count + %s WHERE collection = %s", total, collection)
    if sign < 0:
        _forget_uncounted(connection, collection, [digest for digest, _, _ in counted(passages)])


def _forget_uncounted(connection: Connection, collection: int, digests: Sequence[int]) -> None:
    """Leave nothing of terms that no passage holds any more."""
    for start in range(0, len(digests), COUNTED_TOGETHER):
        some = ",".join(map(str, digests[start : start + COUNTED_TOGETHER]))
        connection.run(
            f"DELETE FROM term_counts WHERE collection = {collection} AND digest IN ({some}) AND passages <= 0"
        )


def counted(passages: Sequence[PackedTerms]) -> Iterator[tuple[int, int, int]]:
    """Yield each term of some passages, ascending by its digest: how many hold it, and how it sounds."""
    digests = np.concatenate([np.empty(0, np.uint64), *(each.digests for each in passages)])
    silent = (np.zeros(len(each.digests) - len(each.sounds), np.uint32) for each in passages)
    heard = [part for each, rest in zip(passages, silent, strict=True) for part in (each.sounds, rest)]
    terms, first, counts = np.unique(digests, return_index=True, return_counts=True)
    sounds = np.concatenate([np.empty(0, np.uint32), *heard])[first]
    yield from zip(terms.tolist(), counts.tolist(), sounds.tolist(), strict=True)


def forget_counts(connection: Connection, collection: int) -> None:
    """Forget all counts of a collection, to count anew."""
    connection.run("DELETE FROM term_counts WHERE collection = %s", collection)
    connection.run("UPDATE collections SET term_count = 0 WHERE collection = %s", collection)


def average_length(connection: Connection, collection: int) -> float:
    """Return how many terms the passages of a collection have on average, 1 at least."""
    row = connection.one("SELECT term_count, passages FROM collections WHERE collection = %s", collection)
    terms, passages = row or (0, 0)
    return max(float(terms) / max(int(passages), 1), 1.0)


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
        parts = [f"SELECT 0, term_count, NULL FROM collections WHERE collection = {self._collection}"]
        if terms:
            parts.append(f"SELECT digest, passages, 0 {counts} AND digest IN ({_list(terms)})")
        if heard:
            parts.append(f"SELECT digest, passages, sound {counts} AND sound IN ({_list(heard)})")
        self._read.update(terms)
        self.sounding.update((sound, []) for sound in heard)
        for digest, passages, sound in self._connection.rows(" UNION ALL ".join(parts)):
            if sound is None:
                self.total = int(passages)
                continue
            self.holding[int(digest)] = int(passages)
            if sound:
                self.sounding[int(sound)].append(int(digest))


def _list(numbers: Collection[int]) -> str:
    return ",".join(map(str, numbers))
