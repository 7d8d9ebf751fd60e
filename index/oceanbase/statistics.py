"""How many passages of a collection hold each term: counted exactly, in the transactions that change the passages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.store.stored import Key
from index.oceanbase.connecting import Connection
from index.terms.packing import PackedTerms

COUNTED_TOGETHER = 20_000  # terms a statement, of some 40 bytes each


@dataclass(frozen=True, slots=True)
class TermCounts:
    """What is known of the terms of a question.

    Attributes:
        passages: how many hold each term, by its digest; those that none holds are left out.
        sounding: the terms that sound so, by the digest of the sound.
    """

    passages: Mapping[int, int]
    sounding: Mapping[int, Sequence[int]]


def count_terms(connection: Connection, collection: int, passages: Sequence[PackedTerms], sign: int) -> None:
    """Count the terms of passages that come, or go.

    Args:
        connection: inside the transaction in which they do.
        collection: whose they are.
        passages: their terms.
        sign: 1 where they come, -1 where they go.
    """
    rows = [f"({collection},{digest},{sign * count},{sound})" for digest, count, sound in _counted(passages)]
    for start in range(0, len(rows), COUNTED_TOGETHER):
        some = ",".join(rows[start : start + COUNTED_TOGETHER])
        connection.run(
            f"INSERT INTO term_counts (collection, digest, passages, sound) VALUES {some}"
            " ON DUPLICATE KEY UPDATE passages = passages + VALUES(passages)"
        )
    total = sign * sum(each.length for each in passages)
    connection.run("UPDATE collections SET term_count = term_count + %s WHERE collection = %s", total, collection)
    if sign < 0:
        _forget_uncounted(connection, collection, [digest for digest, _, _ in _counted(passages)])


def _forget_uncounted(connection: Connection, collection: int, digests: Sequence[int]) -> None:
    """Leave nothing of terms that no passage holds any more."""
    for start in range(0, len(digests), COUNTED_TOGETHER):
        some = ",".join(map(str, digests[start : start + COUNTED_TOGETHER]))
        connection.run(
            f"DELETE FROM term_counts WHERE collection = {collection} AND digest IN ({some}) AND passages <= 0"
        )


def _counted(passages: Sequence[PackedTerms]) -> Iterator[tuple[int, int, int]]:
    """Yield each term of some passages, ascending by its digest: how many hold it, and how it sounds."""
    digests = np.concatenate([np.empty(0, np.uint64), *(each.digests for each in passages)])
    silent = (np.zeros(len(each.digests) - len(each.sounds), np.uint32) for each in passages)
    heard = [part for each, rest in zip(passages, silent, strict=True) for part in (each.sounds, rest)]
    terms, first, counts = np.unique(digests, return_index=True, return_counts=True)
    sounds = np.concatenate([np.empty(0, np.uint32), *heard])[first]
    yield from zip(terms.tolist(), counts.tolist(), sounds.tolist(), strict=True)


def average_length(connection: Connection, collection: int) -> float:
    """Return how many terms the passages of a collection have on average, 1 at least."""
    row = connection.one("SELECT term_count, passages FROM collections WHERE collection = %s", collection)
    terms, passages = row or (0, 0)
    return max(float(terms) / max(int(passages), 1), 1.0)


def term_counts(
    connection: Connection, collection: int, digests: Collection[int], sounds: Collection[int]
) -> TermCounts:
    """Return what is known of some terms, and of all that sound so."""
    if not digests and not sounds:
        return TermCounts({}, {})
    found = f"FROM term_counts WHERE collection = {collection}"
    parts = []
    if digests:
        parts.append(f"SELECT digest, passages, 0 {found} AND digest IN ({_list(digests)})")
    if sounds:
        parts.append(f"SELECT digest, passages, sound {found} AND sound IN ({_list(sounds)})")
    counts: dict[int, int] = {}
    sounding: dict[int, list[int]] = {sound: [] for sound in sounds}
    for digest, passages, sound in connection.rows(" UNION ALL ".join(parts)):
        counts[int(digest)] = int(passages)
        if sound:
            sounding[int(sound)].append(int(digest))
    return TermCounts(counts, sounding)


def _list(numbers: Collection[int] | Collection[Key]) -> str:
    return ",".join(map(str, numbers))
