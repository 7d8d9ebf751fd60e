"""The lexical index: BM25 over the terms of passages, kept equal to the store without being built anew.

Translations of a word count as one term that occurs as often as all of them do by their shares (Darwish and Oard,
2003), and so does a sound: as all pairs of characters that are read like it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap

import numpy as np

from index.local.lexical.arrays import read_arrays, written
from index.local.lexical.merging import merge, pack, without
from index.local.lexical.postings import CAPACITY, Held, Indices, Keys, Segment, make_segment
from index.local.lexical.scoring import Measure, PartScores
from index.local.lexical.words import occurrences, wanted_by
from index.terms.bm25 import K1, rarities, saturations
from index.terms.packing import unpack_terms
from index.terms.terms import LexicalQuestion

# Segments are merged while questions wait, so only up to so many passages, which take some 20 ms; `to_bytes` makes
# full ones of all.
MOST_MERGED = 4096


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """The scores of all passages for a question; 0 where nothing matches.

    Attributes:
        parts: those of each segment, the largest first.
        ascending: of each, the places of its keys in ascending order, `None` where they are so.
    """

    parts: Sequence[PartScores]
    ascending: Sequence[Indices | None]

    def top(self, k: int, among: Keys | None = None) -> list[int]:
        """Return the `k` keys of the highest scores above 0, highest first, ties by key."""
        keys, scores, mark = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32), 0.0
        for number, each in enumerate(self.parts, start=1):
            held, allowed = each.part.segment.keys, each.part.alive
            if among is not None:
                meets = np.isin(held, among, assume_unique=True)
                allowed = meets if allowed is None else meets & allowed
            places, found = each.best(k, allowed, mark)
            keys, scores = np.concatenate((keys, held[places])), np.concatenate((scores, found))
            if len(keys) > k and number < len(self.parts):
                mark = np.partition(scores, -k)[-k]
                keys, scores = keys[scores >= mark], scores[scores >= mark]
        order = np.lexsort((keys, -scores))[:k]
        best: list[int] = keys[order].tolist()
        return best

    def of(self, keys: Sequence[int]) -> dict[int, float]:
        """Return the scores of some keys that are held."""
        wanted, scores = np.asarray(keys, dtype=np.int64), np.zeros(len(keys), dtype=np.float32)
        for each, ascending in zip(self.parts, self.ascending, strict=True):
            held = each.part.segment.keys
            places = np.searchsorted(held, wanted, sorter=ascending).clip(max=len(held) - 1)
            places = places if ascending is None else ascending[places]
            here = held[places] == wanted
            if each.part.alive is not None:
                here &= each.part.alive[places]
            scores[here] = each.of(places[here])
        return dict(zip(keys, scores.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Statistics:
    """What BM25 needs to know of all passages.

    Attributes:
        passages: how many there are.
        order: the segments, the largest first.
        measures: what the lengths of each segment's passages play.
        ascending: of each segment, the places of its keys in ascending order, `None` where they are so.
    """

    passages: int
    order: Sequence[Held]
    measures: Sequence[Measure]
    ascending: Sequence[Indices | None]


class LexicalIndex:
    """Passages by the terms they hold."""

    def __init__(self) -> None:
        self._parts: list[Held] = []
        self._known: _Statistics | None = None

    def keys(self) -> Keys:
        """Return the keys held."""
        return np.concatenate([np.empty(0, dtype=np.int64), *(part.living(part.segment.keys) for part in self._parts)])

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
            parts = [without(part, keys) for part in self._parts]
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
                self._parts[place : place + 2] = [Held(merge([first, second]))]
                place = min(place, len(self._parts) - 2)
            else:
                place -= 1

    def score(self, question: LexicalQuestion) -> LexicalScores:
        """Return the BM25 scores of all passages."""
        known = self._statistics()
        wanted = wanted_by(question)
        found = [occurrences(part, wanted) for part in known.order]
        if not any(len(each.packed) for lists in found for each in lists):
            return LexicalScores([], [])
        holding = np.array([[each.holding for each in lists] for lists in found]).sum(axis=0)
        rarest = np.argsort(holding, kind="stable")
        weights = ((K1 + 1) * rarities(known.passages, holding[rarest])).astype(np.float32)
        parts = [
            PartScores(part, measure, [lists[number] for number in rarest], weights)
            for part, measure, lists in zip(known.order, known.measures, found, strict=True)
        ]
        return LexicalScores(parts, known.ascending)

    def _statistics(self) -> _Statistics:
        if self._known is None:
            order = sorted(self._parts, key=lambda part: len(part.segment.keys), reverse=True)
            lengths = [part.living(part.segment.lengths) for part in order]
            passages = sum(map(len, lengths))
            average = max(sum(int(each.sum()) for each in lengths) / max(passages, 1), 1.0)
            self._known = _Statistics(
                passages,
                order,
                [_measure(part.segment, average) for part in order],
                [_ascending(part.segment.keys) for part in order],
            )
        return self._known

    def copy(self) -> "LexicalIndex":
        """Return an index of the same passages; what comes and goes in one does not in the other."""
        other = LexicalIndex()
        other._parts = list(self._parts)  # parts are never changed, only replaced
        return other

    def settled(self) -> "LexicalIndex":
        """Return an index of the same passages in as few segments as can be, which depend on nothing but these."""
        other = LexicalIndex()
        other._parts = list(map(Held, pack(self._parts)))
        return other

    def to_bytes(self) -> bytes:
        """Return the index as `from_bytes` reads it: the same bytes for the same passages."""
        return written(
            {
                f"{number}.{name}": getattr(segment, name)
                for number, segment in enumerate(pack(self._parts))
                for name in Segment.__slots__
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes | mmap) -> "LexicalIndex":
        """Return the index in bytes whose digest was checked; they are looked at where they stand."""
        index, arrays = cls(), read_arrays(data)
        for number in range(len(arrays) // len(Segment.__slots__)):
            index._parts.append(Held(Segment(**{name: arrays[f"{number}.{name}"] for name in Segment.__slots__})))
        return index


def _measure(segment: Segment, average: float) -> Measure:
    drift = max(average / segment.average_length(), 1.0)
    return Measure(saturations(segment.lengths, average).astype(np.float32), drift)


def _ascending(keys: Keys) -> Indices | None:
    return None if (keys[1:] > keys[:-1]).all() else np.argsort(keys)
