"""The lexical index: BM25 over the terms of passages, kept equal to the store without being built anew.

Translations of a word count as one term that occurs as often as all of them do by their shares (Darwish and Oard,
2003), and so does a sound: as all pairs of characters that are read like it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.local.postings import (
    CAPACITY,
    Digests,
    Held,
    Indices,
    Keys,
    Occurrences,
    Segment,
    Wanted,
    make_segment,
    merge,
    pack,
)
from index.terms.bm25 import K1, rarities, saturations
from index.terms.packing import unpack_terms
from index.terms.terms import SOUND, LexicalQuestion, digest_of, sound_digest_of

# Segments are merged while questions wait, so only up to so many passages, which take some 20 ms; `to_bytes` makes
# full ones of all.
MOST_MERGED = 4096
BLOCK = 64  # scores, far from each other, of which only the highest is looked at first

Counts = NDArray[np.float32]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """The scores of all passages for a question; 0 where nothing matches.

    Attributes:
        keys: of all passages, shape `(passages,)`.
        scores: of each.
        ascending: the places of the keys in ascending order, `None` where they are so.
    """

    keys: Keys
    scores: NDArray[np.float32]
    ascending: Indices | None = None

    def top(self, k: int, among: Keys | None = None) -> list[int]:
        """Return the `k` keys of the highest scores above 0, highest first, ties by key."""
        scores = self.scores
        if among is not None:
            scores = np.where(np.isin(self.keys, among, assume_unique=True), scores, 0)
        candidates = np.flatnonzero(scores >= _floor(scores, k))
        if len(candidates) > k:
            least = np.partition(scores[candidates], -k)[-k]
            candidates = candidates[scores[candidates] >= least]
        order = np.lexsort((self.keys[candidates], -scores[candidates]))[:k]
        return [int(key) for key in self.keys[candidates[order]]]

    def of(self, keys: Sequence[int]) -> dict[int, float]:
        """Return the scores of some keys that are held."""
        places = np.searchsorted(self.keys, np.asarray(keys, dtype=np.int64), sorter=self.ascending)
        if self.ascending is not None:
            places = self.ascending[places]
        return {key: float(self.scores[place]) for key, place in zip(keys, places, strict=True)}


@dataclass(frozen=True, slots=True)
class _Statistics:
    """What BM25 needs to know of all passages, and of each: what part its length plays."""

    keys: Keys
    ascending: Indices | None
    saturations: list[Counts]


class LexicalIndex:
    """Passages by the terms they hold."""

    def __init__(self) -> None:
        self._parts: list[Held] = []
        self._known: _Statistics | None = None

    def keys(self) -> Keys:
        """Return the keys held."""
        return self._statistics().keys

    def add(self, keys: Sequence[int], terms: Sequence[bytes]) -> None:
        """Add passages that are not held yet, by their terms as they are stored."""
        unpacked = list(map(unpack_terms, terms))
        for start in range(0, len(keys), CAPACITY):
            some = slice(start, start + CAPACITY)
            self._parts.append(Held(make_segment(keys[some], unpacked[some])))
            self._merge()
        self._known = None

    def remove(self, keys: Keys) -> None:
        """Remove the passages of these keys; keys that are not held are ignored."""
        if len(keys):
            parts = [part.without(keys) for part in self._parts]
            self._parts = [part for part in parts if len(part.segment.keys)]
            self._merge()
            self._known = None

    def _merge(self) -> None:
        """Merge neighbours of like size, which keeps the segments few and each passage's merges logarithmic."""
        place = len(self._parts) - 2
        while place >= 0:
            first, second = self._parts[place : place + 2]
            sizes = len(first.segment.keys), len(second.segment.keys)
            if sizes[0] <= 2 * sizes[1] and sum(sizes) <= MOST_MERGED:
                self._parts[place : place + 2] = [Held(merge([first.whole(), second.whole()]))]
                place = min(place, len(self._parts) - 2)
            else:
                place -= 1

    def score(self, question: LexicalQuestion) -> LexicalScores:
        """Return the BM25 scores of all passages."""
        known = self._statistics()
        digests, wanted = _digested(question)
        found = [part.occurrences(digests, wanted) for part in self._parts]
        holding = np.zeros(len(wanted))
        for part, occurrences in zip(self._parts, found, strict=True):
            holding += [part.count(*each) for each in occurrences]
        rare = rarities(len(known.keys), holding)
        scores = [
            part.living(_scores(occurrences, rare, saturation))
            for part, occurrences, saturation in zip(self._parts, found, known.saturations, strict=True)
        ]
        return LexicalScores(known.keys, np.concatenate([np.empty(0, dtype=np.float32), *scores]), known.ascending)

    def _statistics(self) -> _Statistics:
        if self._known is None:
            keys = [part.living(part.segment.keys) for part in self._parts]
            lengths = [part.living(part.segment.lengths) for part in self._parts]
            total, passages = sum(int(each.sum()) for each in lengths), sum(map(len, keys))
            average = max(total / max(passages, 1), 1.0)
            of_all = np.concatenate([np.empty(0, dtype=np.int64), *keys])
            self._known = _Statistics(
                of_all,
                None if (of_all[1:] > of_all[:-1]).all() else np.argsort(of_all),
                [saturations(part.segment.lengths, average).astype(np.float32) for part in self._parts],
            )
        return self._known

    def copy(self) -> "LexicalIndex":
        """Return an index of the same passages; what comes and goes in one does not in the other."""
        other = LexicalIndex()
        other._parts = list(self._parts)  # parts are never changed, only replaced
        return other

    def to_bytes(self) -> bytes:
        """Return the index as `from_bytes` reads it: the same bytes for the same passages."""
        buffer = io.BytesIO()
        arrays = {
            f"{number}.{name}": getattr(segment, name)
            for number, segment in enumerate(pack([part.whole() for part in self._parts]))
            for name in Segment.__slots__
        }
        np.savez(buffer, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "LexicalIndex":
        """Return the index in bytes whose digest was checked."""
        index = cls()
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            for number in range(len(arrays.files) // len(Segment.__slots__)):
                segment = Segment(**{name: arrays[f"{number}.{name}"] for name in Segment.__slots__})
                index._parts.append(Held(segment))
        return index


def _digested(question: LexicalQuestion) -> tuple[Digests, list[Wanted]]:
    """Return the digests of all terms a question looks for, and what counts as one term by where they stand."""
    at: dict[str, int] = {}
    wanted = []
    for term in question.terms:
        if term.startswith(SOUND):
            wanted.append(Wanted(sound=sound_digest_of(term)))
        else:
            wanted.append(Wanted({(at.setdefault(term, len(at)),): 1.0}))
    for synonyms in question.synonyms:
        wanted.append(
            Wanted({tuple(at.setdefault(part, len(at)) for part in word): share for word, share in synonyms.items()})
        )
    return np.array([digest_of(term) for term in at], dtype=np.uint64), wanted


def _scores(occurrences: Sequence[Occurrences], rare: NDArray[np.float64], saturation: Counts) -> Counts:
    """Return the scores of a segment's passages, all terms at once.

    Args:
        occurrences: of each term.
        rare: what each term counts.
        saturation: of each passage, shape `(passages,)`.
    """
    scores = np.zeros_like(saturation)
    if occurrences:
        places = np.concatenate([each for each, _ in occurrences]).astype(np.int64)
        counts = np.concatenate([each for _, each in occurrences]).astype(np.float32)
        norms = saturation.take(places)
        norms += counts
        counts *= np.repeat((rare * (K1 + 1)).astype(np.float32), [len(each) for each, _ in occurrences])
        counts /= norms
        np.add.at(scores, places, counts)
    return scores


def _floor(scores: NDArray[np.float32], k: int) -> np.float32:
    """Return a score above 0 that at least `k` passages reach, if so many are above 0: few lie above it."""
    least = np.finfo(np.float32).tiny
    blocks = len(scores) // BLOCK
    if blocks <= k:
        return least
    highest = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return max(least, np.partition(highest, -k)[-k])
