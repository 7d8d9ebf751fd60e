"""Which passages hold a term and how often: sorted arrays that are never changed, only merged.

A segment has at most 65,536 passages, so that a posting takes three bytes: two say which passage, one how often.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.terms.packing import PackedTerms

Keys = NDArray[np.int64]
Digests = NDArray[np.uint64]
Sounds = NDArray[np.uint32]
Indices = NDArray[np.int64]
Alive = NDArray[np.bool_]
Places = NDArray[np.uint16] | Indices
Counts = NDArray[np.uint8] | NDArray[np.float32]
# Which passages of a segment hold something, as indices, ascending, and how often.
Occurrences = tuple[Places, Counts]
T = TypeVar("T", bound=np.generic)

CAPACITY = 1 << 16
SILENT = 0  # the sound of a term that has none
MOST_DEAD = 4  # passages that are removed stay in their segment until they are one in so many of it


@dataclass(frozen=True, slots=True)
class Segment:
    """The postings of some passages.

    Attributes:
        terms: digests of all terms, ascending, shape `(terms,)`.
        sounds: the digest of how each term sounds, or `SILENT`.
        by_sound: the indices of the terms in the order of their sounds.
        starts: where the postings of each term begin, and one past the last, shape `(terms + 1,)`.
        places: which passage each posting is of, an index into `keys`, ascending within a term.
        counts: how often the passage holds the term, at most `MOST`.
        keys: the key of each passage, shape `(passages,)`.
        lengths: of each passage, in terms.
    """

    terms: Digests
    sounds: Sounds
    by_sound: NDArray[np.int32]
    starts: NDArray[np.int64]
    places: NDArray[np.uint16]
    counts: NDArray[np.uint8]
    keys: Keys
    lengths: NDArray[np.int32]

    def find(self, digests: Digests) -> Indices:
        """Return the index of each of some terms, -1 where there is none."""
        if not len(self.terms):
            return np.full(len(digests), -1, dtype=np.int64)
        found = np.searchsorted(self.terms, digests)
        found[found == len(self.terms)] = 0
        return np.where(self.terms[found] == digests, found, -1)

    def find_sounding(self, sound: int) -> Indices:
        """Return the indices of the terms that sound so."""
        first = np.searchsorted(self.sounds, np.uint32(sound), "left", self.by_sound)
        last = np.searchsorted(self.sounds, np.uint32(sound), "right", self.by_sound)
        return self.by_sound[first:last].astype(np.int64)

    def occurrences(self, words: Mapping[tuple[int, ...], float]) -> Occurrences:
        """Return which passages hold any of some words, and how much of them all in all.

        Args:
            words: each by the indices of the terms it consists of, with what share it counts.
        """
        if not words:
            return self.places[:0], self.counts[:0]
        each = {word: self._word(word) for word in words}
        if list(words.values()) == [1.0]:
            return next(iter(each.values()))
        places = np.concatenate([places for places, _ in each.values()]).astype(np.int64)
        sums = np.zeros(len(self.keys), dtype=np.float32)
        np.add.at(
            sums, places, np.concatenate([counts * np.float32(words[word]) for word, (_, counts) in each.items()])
        )
        found = np.flatnonzero(sums > 0)
        return found, sums[found]

    def _word(self, terms: Sequence[int]) -> Occurrences:
        """Return which passages hold all terms of a word, and how often the rarest of them."""
        if len(terms) == 1:
            return self._postings(terms[0])
        first, *others = sorted(map(self._postings, terms), key=lambda postings: len(postings[0]))
        places, counts = first
        for found, times in others:
            at = np.searchsorted(found, places)
            at[at == len(found)] = 0
            both = found[at] == places
            places, counts = places[both], np.minimum(counts[both], times[at[both]])
        return places, counts

    def _postings(self, term: int) -> Occurrences:
        stretch = slice(int(self.starts[term]), int(self.starts[term + 1]))
        return self.places[stretch], self.counts[stretch]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What counts as one term: words with their shares, by where their parts stand among the digests, or a sound."""

    words: Mapping[tuple[int, ...], float] = field(default_factory=dict)
    sound: int | None = None

    def occurrences(self, segment: Segment, found: list[int]) -> Occurrences:
        """Return where it occurs in a segment that has the question's digests at the indices `found`, -1 for none."""
        if self.sound is not None:
            return segment.occurrences({(term,): 1.0 for term in segment.find_sounding(self.sound).tolist()})
        words = {tuple(found[part] for part in word): share for word, share in self.words.items()}
        return segment.occurrences({word: share for word, share in words.items() if min(word) >= 0})


@dataclass(frozen=True, slots=True)
class Held:
    """A segment, and which of its passages are still held; all where `alive` is `None`."""

    segment: Segment
    alive: Alive | None = None

    def count(self, places: Places, counts: Counts) -> float:
        """Return how many of some passages are held; one that has less than a whole word counts so much less."""
        shares = np.minimum(counts, 1)
        return float((shares if self.alive is None else shares[self.alive[places]]).sum(dtype=np.float64))

    def occurrences(self, digests: Digests, wanted: Sequence[Wanted]) -> list[Occurrences]:
        """Return where each of what a question wants occurs; `digests` are those of all its terms."""
        found = self.segment.find(digests).tolist()
        return [each.occurrences(self.segment, found) for each in wanted]

    def living(self, of_passages: NDArray[T]) -> NDArray[T]:
        """Return what is true of the passages that are held, of what is true of each."""
        return of_passages if self.alive is None else of_passages[self.alive]

    def without(self, keys: Keys) -> "Held":
        """Return the part without the passages of some keys."""
        kept = ~np.isin(self.segment.keys, keys)
        alive = kept if self.alive is None else kept & self.alive
        dead = len(alive) - int(alive.sum())
        if not dead:
            return self
        return Held(keep(self.segment, alive)) if dead * MOST_DEAD > len(alive) else Held(self.segment, alive)

    def whole(self) -> Segment:
        """Return the segment of the passages that are held."""
        return self.segment if self.alive is None else keep(self.segment, self.alive)


def make_segment(keys: Sequence[int], passages: Sequence[PackedTerms]) -> Segment:
    """Return the postings of at most `CAPACITY` passages."""
    digests = np.concatenate([each.digests for each in passages])
    order = np.argsort(digests, kind="stable")
    terms, first = np.unique(digests[order], return_index=True)
    heard = np.concatenate([np.append(each.sounds, np.zeros(_silent(each), np.uint32)) for each in passages])
    places = np.repeat(np.arange(len(keys)), [len(each.digests) for each in passages]).astype(np.uint16)
    counts = np.concatenate([each.counts for each in passages])
    return _segment(
        terms=terms,
        sounds=heard[order][first].astype(np.uint32),
        starts=np.append(first, len(digests)).astype(np.int64),
        places=places[order],
        counts=counts[order],
        keys=np.array(keys, dtype=np.int64),
        lengths=np.array([each.length for each in passages], dtype=np.int32),
    )


def _silent(terms: PackedTerms) -> int:
    return len(terms.digests) - len(terms.sounds)


def merge(segments: Sequence[Segment]) -> Segment:
    """Return one segment of several, of at most `CAPACITY` passages in all."""
    terms = np.unique(np.concatenate([segment.terms for segment in segments]))
    homes = [np.searchsorted(terms, segment.terms) for segment in segments]
    sounds, sizes = np.empty(len(terms), np.uint32), np.zeros(len(terms), dtype=np.int64)
    for segment, home in zip(segments, homes, strict=True):
        sounds[home] = segment.sounds
        sizes[home] += np.diff(segment.starts)
    starts = np.append(0, np.cumsum(sizes))
    places, counts = np.empty(starts[-1], dtype=np.uint16), np.empty(starts[-1], dtype=np.uint8)
    free, before = starts[:-1].copy(), 0  # where the next posting of each term goes
    for segment, home in zip(segments, homes, strict=True):
        held = np.diff(segment.starts)
        targets = np.repeat(free[home] - segment.starts[:-1], held) + np.arange(len(segment.places))
        places[targets] = segment.places + np.uint16(before)
        counts[targets] = segment.counts
        free[home] += held
        before += len(segment.keys)
    keys = np.concatenate([segment.keys for segment in segments])
    lengths = np.concatenate([segment.lengths for segment in segments])
    return _segment(terms, sounds, starts, places, counts, keys, lengths)


def keep(segment: Segment, kept: Alive) -> Segment:
    """Return the segment of some of its passages: those that `kept` says, shape `(passages,)`."""
    if kept.all():
        return segment
    postings = kept[segment.places]
    starts = np.append(0, np.cumsum(postings))[segment.starts]
    held = np.diff(starts) > 0
    return _segment(
        terms=segment.terms[held],
        sounds=segment.sounds[held],
        starts=np.append(starts[:-1][held], starts[-1]),
        places=(np.cumsum(kept) - 1)[segment.places[postings]].astype(np.uint16),
        counts=segment.counts[postings],
        keys=segment.keys[kept],
        lengths=segment.lengths[kept],
    )


def pack(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the same passages in full segments and a rest, which depend on nothing but the passages."""
    waiting: list[Segment] = []
    room = CAPACITY
    for segment in segments:
        places = np.arange(len(segment.keys))
        start = 0
        while start < len(places):
            end = min(start + room, len(places))
            waiting.append(keep(segment, (start <= places) & (places < end)))
            room, start = room - (end - start), end
            if not room:
                yield merge(waiting)
                waiting, room = [], CAPACITY
    if waiting:
        yield merge(waiting)


def _segment(
    terms: Digests,
    sounds: Sounds,
    starts: NDArray[np.int64],
    places: NDArray[np.uint16],
    counts: NDArray[np.uint8],
    keys: Keys,
    lengths: NDArray[np.int32],
) -> Segment:
    by_sound = np.argsort(sounds, kind="stable").astype(np.int32)
    return Segment(terms, sounds, by_sound, starts, places, counts, keys, lengths)
