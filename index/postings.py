"""Which passages hold a term and how often: sorted arrays that are never changed, only merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Places = NDArray[np.int32]
Counts = NDArray[np.uint16]

MOST = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Segment:
    """The postings of some passages.

    Attributes:
        terms: digests of all terms, ascending, shape `(terms,)`.
        starts: where the postings of each term begin, and one past the last, shape `(terms + 1,)`.
        places: which passage each posting is of, an index into `rows`, ascending within a term.
        counts: how often the passage holds the term.
        rows: the row of each passage in the store, ascending, shape `(passages,)`.
        lengths: of each passage, in terms.
    """

    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    places: Places
    counts: Counts
    rows: Rows
    lengths: NDArray[np.int32]

    def postings(self, term: int) -> tuple[Places, Counts]:
        """Return which passages hold a term, and how often."""
        found = int(np.searchsorted(self.terms, np.uint64(term)))
        if found == len(self.terms) or self.terms[found] != np.uint64(term):
            return self.places[:0], self.counts[:0]
        stretch = slice(int(self.starts[found]), int(self.starts[found + 1]))
        return self.places[stretch], self.counts[stretch]


def make_segment(rows: Sequence[int], terms: Sequence[Mapping[str, int]], lengths: Sequence[int]) -> Segment:
    """Return the postings of passages; `rows` ascend."""
    digests = [digest_of(term) for of_passage in terms for term in of_passage]
    counts = [min(count, MOST) for of_passage in terms for count in of_passage.values()]
    places = np.repeat(np.arange(len(rows)), [len(of_passage) for of_passage in terms])
    return _sorted_segment(
        np.array(digests, dtype=np.uint64),
        places.astype(np.int32),
        np.array(counts, dtype=np.uint16),
        np.array(rows, dtype=np.int64),
        np.array(lengths, dtype=np.int32),
    )


def merge(segments: Sequence[Segment], dead: Rows) -> Segment:
    """Return one segment of several in ascending order of rows, without the rows that are dead."""
    terms, places, counts, rows, lengths = [], [], [], [], []
    before = 0
    for segment in segments:
        alive = ~np.isin(segment.rows, dead)
        renumbered = np.cumsum(alive) - 1 + before
        kept = alive[segment.places]
        terms.append(np.repeat(segment.terms, np.diff(segment.starts))[kept])
        places.append(renumbered[segment.places[kept]].astype(np.int32))
        counts.append(segment.counts[kept])
        rows.append(segment.rows[alive])
        lengths.append(segment.lengths[alive])
        before += int(alive.sum())
    return _sorted_segment(
        np.concatenate(terms),
        np.concatenate(places),
        np.concatenate(counts),
        np.concatenate(rows),
        np.concatenate(lengths),
    )


def _sorted_segment(
    digests: NDArray[np.uint64], places: Places, counts: Counts, rows: Rows, lengths: NDArray[np.int32]
) -> Segment:
    order = np.lexsort((places, digests))
    terms, first = np.unique(digests[order], return_index=True)
    starts = np.append(first, len(digests)).astype(np.int64)
    return Segment(terms, starts, places[order], counts[order], rows, lengths)


@lru_cache(maxsize=1 << 18)  # the terms of one corpus, most of which come again and again
def digest_of(term: str) -> int:
    """Return the 64-bit digest of a term; two of a million terms share one with a chance of 1 in 40 million."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")
