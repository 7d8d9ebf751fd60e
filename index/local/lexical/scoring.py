"""BM25 of a question over the passages of a segment, without looking at all of its postings.

The rare terms of a question are counted first. What the best passages have by these, and then by all terms, is a mark:
frequent terms that all together cannot lift a passage over it are looked up only in passages that they may lift over it
(MaxScore: Turtle and Flood, 1995). The scores are those of the formula all the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.local.lexical.postings import COUNT_BITS, MOST, Alive, Held, Indices, Occurrences, Packed, distinct

Scores = NDArray[np.float32]

FEW = 1 << 19  # postings, which take less time than to find out which of them matter
COUNTED_FIRST = 0.2  # of the others, before the mark is known
LEFT = 0.6  # of the mark, which the terms that are looked up give at most: few passages come so near it
LOOKED_UP = 24  # so many postings are counted in the time in which a passage is looked up among them
NEAR = 1 << 14  # postings of the rarest terms, whose passages are likely to be among the best
AT_ONCE = 1 << 15  # postings
SPARSE = 32  # passages; where a question has fewer postings than one in so many, only their passages are looked at
SLACK = 1 - 1e-4  # bounds and sums are rounded
BLOCK = 64  # scores, far from each other, of which only the highest is looked at first
LEAST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True, slots=True)
class Measure:
    """What the lengths of a segment's passages play.

    Attributes:
        halves: of each passage, how often it holds a term that gives half of its weight.
        drift: by how much terms may give more than the segment's bounds say, since the average length has changed.
    """

    halves: Scores
    drift: float


class PartScores:
    """The scores of the passages of a segment for a question.

    That of a passage is the same whichever others are there: the sum of what the terms give, in their order.
    """

    def __init__(self, part: Held, measure: Measure, lists: Sequence[Occurrences], weights: Scores) -> None:
        """Count all terms, or where that takes long none yet.

        Args:
            part: the segment.
            measure: what its lengths play.
            lists: where each term of the question occurs.
            weights: what each counts.
        """
        self.part = part
        self._measure = measure
        there = [number for number, each in enumerate(lists) if len(each.packed)]
        self._lists = [lists[number] for number in there]
        self._weights = weights[there]
        self._postings = sum(len(each.packed) for each in self._lists)
        self._scores = self._counted(range(len(self._lists))) if self._postings <= FEW else None
        self._known: dict[int, float] = {}

    def best(self, k: int, allowed: Alive | None, mark: float) -> tuple[Indices, Scores]:
        """Return the passages that may be among the `k` best, each once, and their scores.

        Args:
            k: how many are wanted.
            allowed: which may be.
            mark: what the `k` best of other segments score at least.
        """
        if self._scores is None:
            places = self._hopeful(k, allowed, mark)
        else:
            places = self._counted_best(self._scores, k, allowed, mark)
        return places, self.of(places)

    def _counted_best(self, scores: Scores, k: int, allowed: Alive | None, mark: float) -> Indices:
        """Return the passages that may be among the best by the scores of all."""
        if self._postings * SPARSE < len(scores):
            nowhere = np.empty(0, dtype=np.uint32)
            places = distinct(np.concatenate([nowhere, *(each.packed for each in self._lists)]) >> COUNT_BITS)
            places = places if allowed is None else places[allowed[places]]
            best: Indices = places[scores[places] >= max(mark, LEAST)].astype(np.int64)
            return best
        scores = _allowed(scores, allowed)
        return np.flatnonzero(scores >= max(_floor(scores, k), mark))

    def of(self, places: Indices) -> Scores:
        """Return the scores of some passages."""
        if self._scores is not None:
            return self._scores[places]
        wanted = places.tolist()
        new = np.array(sorted(set(wanted).difference(self._known)), dtype=np.int64)
        if len(new):
            scores = reduce(np.add, self._given(range(len(self._lists)), new))  # in the order in which all are counted
            self._known.update(zip(new.tolist(), scores.tolist(), strict=True))
        return np.array([self._known[place] for place in wanted], dtype=np.float32)

    def _hopeful(self, k: int, allowed: Alive | None, mark: float) -> Indices:
        """Return the passages that may be among the best."""
        most = self._most()
        order = np.argsort(-most, kind="stable")
        sizes = np.cumsum([len(self._lists[number].packed) for number in order])
        left = np.cumsum(most[order][::-1])[::-1] - most[order]  # what all those after each give at most
        first = int(np.searchsorted(sizes, COUNTED_FIRST * sizes[-1])) + 1
        numbers = order.tolist()
        scores = _allowed(self._counted(numbers[:first]), allowed)
        mark = SLACK * max(mark, self._mark(k, scores, numbers[:first], numbers[first:]))
        heavy = max(first, int(np.searchsorted(-left, -LEFT * mark)) + 1)
        self._count(scores, numbers[first:heavy])
        scores = _allowed(scores, allowed)
        places = np.flatnonzero(scores >= max(mark - left[heavy - 1], LEAST))
        for number, after in zip(numbers[heavy:], left[heavy:].tolist(), strict=True):
            if len(self._lists[number].packed) < LOOKED_UP * len(places):
                self._count(scores, [number])
            else:
                scores[places] += self._given([number], places)[0]
            places = places[scores[places] >= mark - after]
        found = scores[places]
        return places if len(places) <= k else places[found >= SLACK * np.partition(found, -k)[-k]]

    def _mark(self, k: int, scores: Scores, counted: Sequence[int], others: Sequence[int]) -> float:
        """Return what `k` passages score at least, as far as those with the rarest of the terms that are counted tell.

        Args:
            k: how many.
            scores: of all passages, by the terms that are counted.
            counted: these terms.
            others: all others.
        """
        near, few = list[Packed](), 0
        for packed in sorted((self._lists[number].packed for number in counted), key=len):
            if few + len(packed) <= NEAR or not near:
                near.append(packed)
                few += len(packed)
        places = distinct(np.concatenate(near) >> COUNT_BITS).astype(np.int64)
        places = places[scores[places] > 0]
        if len(places) < k:
            return 0.0
        best = np.sort(places[np.argpartition(scores[places], -k)[-k:]])
        return float((scores[best] + self._given(others, best).sum(axis=0)).min())

    def _most(self) -> NDArray[np.float64]:
        """Return what each term gives at most."""
        bounds, drift = self.part.segment.bounds, self._measure.drift
        shares = [1.0 if each.term is None else int(bounds[each.term]) / MOST for each in self._lists]
        return np.minimum(np.array(shares) * drift, 1) * self._weights

    def _given(self, numbers: Sequence[int], places: Indices) -> Scores:
        """Return what some terms give to some passages, shape `(terms, passages)`."""
        lists = [self._lists[number] for number in numbers]
        if not lists:
            return np.zeros((0, len(places)), dtype=np.float32)
        wanted = places.astype(np.uint32) << COUNT_BITS
        at = [each.packed.searchsorted(wanted) for each in lists]
        there = np.array([each.packed.take(place, mode="clip") for each, place in zip(lists, at, strict=True)])
        held = there ^ wanted <= MOST
        counts = (there & MOST).astype(np.float32)
        for row, each, place in zip(counts, lists, at, strict=True):
            if each.counts is not None:
                row[:] = each.counts.take(place, mode="clip")
        counts *= held
        halves = self._measure.halves[places] + counts
        counts *= self._weights[numbers, None]
        counts /= halves
        return counts

    def _counted(self, numbers: Sequence[int]) -> Scores:
        """Return what some terms give to all passages."""
        scores = np.zeros(len(self.part.segment.keys), dtype=np.float32)
        self._count(scores, numbers)
        return scores

    def _count(self, scores: Scores, numbers: Sequence[int]) -> None:
        """Add to all scores what some terms give."""
        for batch in self._batches(numbers):
            lists = [(self._lists[number], stretch) for number, stretch in batch]
            each = [occurrences.packed[stretch] for occurrences, stretch in lists]
            packed, sizes = np.concatenate(each), list(map(len, each))
            counts = (packed & MOST).astype(np.float32)
            for (occurrences, stretch), end, size in zip(lists, np.cumsum(sizes).tolist(), sizes, strict=True):
                if occurrences.counts is not None:
                    counts[end - size : end] = occurrences.counts[stretch]
            places = (packed >> COUNT_BITS).astype(np.int64)
            halves = self._measure.halves.take(places)
            halves += counts
            counts *= np.repeat(self._weights[[number for number, _ in batch]], sizes)
            counts /= halves
            np.add.at(scores, places, counts)

    def _batches(self, numbers: Sequence[int]) -> Iterator[list[tuple[int, slice]]]:
        """Yield stretches of postings that are counted at once, few enough to stay in the processor."""
        batch, size = list[tuple[int, slice]](), 0
        for number in numbers:
            length = len(self._lists[number].packed)
            for start in range(0, length, AT_ONCE):
                batch.append((number, slice(start, start + AT_ONCE)))
                size += min(AT_ONCE, length - start)
                if size >= AT_ONCE:
                    yield batch
                    batch, size = [], 0
        if batch:
            yield batch


def _allowed(scores: Scores, allowed: Alive | None) -> Scores:
    return scores if allowed is None else np.where(allowed, scores, np.float32(0))


def _floor(scores: Scores, k: int) -> float:
    """Return a score above 0 that at least `k` passages reach, if so many are above 0: few lie above it."""
    blocks = len(scores) // BLOCK
    if blocks <= k:
        return LEAST
    highest = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return max(LEAST, float(np.partition(highest, -k)[-k]))
