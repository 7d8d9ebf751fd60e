"""Which passages hold a term and how often: sorted arrays that are never changed, only merged.

A posting is four bytes: three say which passage of its segment, one how often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.terms.bm25 import saturations
from index.terms.packing import PackedTerms

Keys = NDArray[np.int64]
Digests = NDArray[np.uint64]
Sounds = NDArray[np.uint32]
Indices = NDArray[np.int64]
Alive = NDArray[np.bool_]
Packed = NDArray[np.uint32]
# Words with their shares, each by the indices of the terms it consists of.
Words = tuple[tuple[tuple[int, ...], float], ...]
T = TypeVar("T", bound=np.generic)

CAPACITY = 1 << 24  # passages of a segment
COUNT_BITS, MOST = 8, 255
AT_ONCE = 1 << 22  # postings merged or weighed at a time: 100 MB of memory beside them
# What is remembered takes one in so many bytes of the postings, or a little; each entry as many besides its arrays.
REMEMBERED, LEAST_ROOM, OVERHEAD = 8, 1 << 21, 512


@dataclass(frozen=True, slots=True)
class Segment:
    """The postings of some passages.

    Attributes:
        terms: digests of all terms, ascending, shape `(terms,)`.
        sounds: the digest of how each term sounds, or `SILENT`.
        by_sound: the indices of the terms in the order of their sounds.
        starts: where the postings of each term begin, and one past the last, shape `(terms + 1,)`.
        postings: which passage each is of, an index into `keys`, ascending within a term, with how often it holds the
            term, at most `MOST`, in the lowest bits.
        bounds: what part of its weight a term gives at most to a passage, of `MOST`, were the average length that of
            these passages.
        keys: the key of each passage, shape `(passages,)`.
        lengths: of each passage, in terms.
    """

    terms: Digests
    sounds: Sounds
    by_sound: NDArray[np.int32]
    starts: NDArray[np.int64]
    postings: Packed
    bounds: NDArray[np.uint8]
    keys: Keys
    lengths: NDArray[np.int32]

    def find(self, digests: Digests) -> Indices:
        """Return the index of each of some terms, -1 where there is none."""
        if not len(self.terms):
            return np.full(len(digests), -1, dtype=np.int64)
        found = np.searchsorted(self.terms, digests)
        found[found == len(self.terms)] = 0
        return np.where(self.terms[found] == digests, found, -1)

    def find_sounding(self, sound: int) -> list[int]:
        """Return the indices of the terms that sound so."""
        first = np.searchsorted(self.sounds, np.uint32(sound), "left", self.by_sound)
        last = np.searchsorted(self.sounds, np.uint32(sound), "right", self.by_sound)
        indices: list[int] = self.by_sound[first:last].tolist()
        return indices

    def of_term(self, term: int) -> Packed:
        """Return the postings of a term, by its index."""
        return self.postings[int(self.starts[term]) : int(self.starts[term + 1])]

    def average_length(self) -> float:
        """Return the average length of its passages, at least 1."""
        return _average(self.lengths)


class Occurrences(NamedTuple):
    """Which passages of a segment hold what counts as one term, and how often.

    Attributes:
        packed: the passages, ascending, and how often, as postings are; there may be others with the same passage after
            the one that counts.
        holding: how many passages that are held have it; one that has less than a whole word counts so much less.
        counts: how often, where that is no whole number; 0 of those that do not count.
        term: its index, if it is one term.
    """

    packed: Packed
    holding: float
    counts: NDArray[np.float32] | None = None
    term: int | None = None

    def size(self) -> int:
        """Return how many bytes it takes beside the segment."""
        own = 0 if self.term is not None else self.packed.nbytes
        own += 0 if self.counts is None else self.counts.nbytes
        return OVERHEAD + own


class Remembered(LRUCache[Words, Occurrences]):
    """Where words were found that questions asked for, the latest of them."""

    def __init__(self, segment: Segment) -> None:
        """Have room for a small part of what the segment takes."""
        room = max(segment.postings.nbytes // REMEMBERED, LEAST_ROOM)
        super().__init__(room, lambda each: min(each.size(), room))


class Held:
    """A segment, and which of its passages are still held; all where `alive` is `None`.

    Neither is ever changed; `known` is where words were found in it.
    """

    def __init__(self, segment: Segment, alive: Alive | None = None) -> None:
        self.segment, self.alive = segment, alive
        self.known = Remembered(segment)

    def living(self, of_passages: NDArray[T]) -> NDArray[T]:
        """Return what is true of the passages that are held, of what is true of each."""
        return of_passages if self.alive is None else of_passages[self.alive]

    def held(self) -> Alive:
        """Return of each passage whether it is held."""
        return np.ones(len(self.segment.keys), dtype=np.bool_) if self.alive is None else self.alive


def make_segment(keys: Sequence[int], passages: Sequence[PackedTerms]) -> Segment:
    """Return the postings of at most `CAPACITY` passages."""
    digests = np.concatenate([each.digests for each in passages])
    order = np.argsort(digests, kind="stable")
    terms, first = np.unique(digests[order], return_index=True)
    heard = np.concatenate([np.append(each.sounds, np.zeros(_silent(each), np.uint32)) for each in passages])
    places = np.repeat(np.arange(len(keys), dtype=np.uint32), [len(each.digests) for each in passages])
    packed = places << COUNT_BITS | np.concatenate([each.counts for each in passages])
    return segment_of(
        terms=terms,
        sounds=heard[order][first].astype(np.uint32),
        starts=np.append(first, len(digests)).astype(np.int64),
        postings=packed[order],
        keys=np.array(keys, dtype=np.int64),
        lengths=np.array([each.length for each in passages], dtype=np.int32),
    )


def _silent(terms: PackedTerms) -> int:
    return len(terms.digests) - len(terms.sounds)


def distinct(numbers: NDArray[T]) -> NDArray[T]:
    """Return some numbers in ascending order, each once; `np.unique` takes twenty times as long."""
    ascending = np.sort(numbers)
    first = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return ascending[first]


def segment_of(
    terms: Digests,
    sounds: Sounds,
    starts: NDArray[np.int64],
    postings: Packed,
    keys: Keys,
    lengths: NDArray[np.int32],
) -> Segment:
    """Return a segment, with what follows from the rest of it."""
    by_sound = np.argsort(sounds, kind="stable").astype(np.int32)
    return Segment(terms, sounds, by_sound, starts, postings, _bounds(starts, postings, lengths), keys, lengths)


def _bounds(starts: NDArray[np.int64], postings: Packed, lengths: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Return what part of its weight each term gives at most, of `MOST`, rounded up."""
    halves = saturations(lengths, _average(lengths)).astype(np.float32)
    cuts = np.searchsorted(starts, np.arange(0, len(postings) + 1, AT_ONCE), "left").tolist()
    bounds = np.empty(len(starts) - 1, dtype=np.uint8)
    for first, last in zip(cuts, [*cuts[1:], len(bounds)], strict=True):
        if first < last:
            some = postings[starts[first] : starts[last]]
            counts = (some & MOST).astype(np.float32)
            given = counts / (counts + halves[some >> COUNT_BITS])
            bounds[first:last] = np.ceil(np.maximum.reduceat(given, starts[first:last] - starts[first]) * MOST)
    return bounds


def _average(lengths: NDArray[np.int32]) -> float:
    return max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
