"""The lexical index: BM25 over the terms of passages, kept equal to the store without being built anew.

BM25 as Robertson and Zaragoza (2009) give it, with k1 and b as most systems have them. A set of synonyms counts
as one term that occurs wherever any of them does.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.postings import Rows, Segment, digest_of, make_segment, merge
from index.terms import SOUND, passage_terms, question_synonyms, question_terms

K1 = 1.2
B = 0.75
# A word of a dictionary may be any of its translations, so it says half as much as a word that is written.
SYNONYM_WEIGHT = 0.5

Synonyms = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LexicalQuestion:
    """What a question looks for: terms, and sets of words any of which will do."""

    terms: Sequence[str]
    synonyms: Sequence[Synonyms]


def read_question(text: str) -> LexicalQuestion:
    """Return what a question looks for."""
    return LexicalQuestion(sorted(question_terms(text)), question_synonyms(text))


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """The scores of all passages for a question; 0 where nothing matches.

    Attributes:
        rows: ascending, shape `(passages,)`.
        scores: of each row.
    """

    rows: Rows
    scores: NDArray[np.float32]

    def top(self, k: int, among: Sequence[int] | None = None) -> list[int]:
        """Return the `k` rows of the highest scores above 0, highest first, ties by row."""
        scores = self.scores
        if among is not None:
            scores = np.where(np.isin(self.rows, np.asarray(among, dtype=np.int64)), scores, 0)
        candidates = np.flatnonzero(scores > 0)
        if len(candidates) > k:
            least = np.partition(scores[candidates], -k)[-k]
            candidates = candidates[scores[candidates] >= least]
        order = np.lexsort((self.rows[candidates], -scores[candidates]))[:k]
        return [int(row) for row in self.rows[candidates[order]]]

    def of(self, rows: Sequence[int]) -> dict[int, float]:
        """Return the scores of some rows that are held."""
        places = np.searchsorted(self.rows, np.asarray(rows, dtype=np.int64))
        return {row: float(self.scores[place]) for row, place in zip(rows, places, strict=True)}


class LexicalIndex:
    """Passages by the terms they hold."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._dead = np.empty(0, dtype=np.int64)

    def rows(self) -> Rows:
        """Return the rows held, ascending."""
        held = np.concatenate([np.empty(0, dtype=np.int64), *(segment.rows for segment in self._segments)])
        return held[~np.isin(held, self._dead)]

    def add(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Add passages by their search text.

        Raises:
            ValueError: if a row is not higher than all that were ever added, for rows are never used twice.
        """
        if not rows:
            return
        if any(segment.rows.max(initial=0) >= rows[0] for segment in self._segments) or sorted(rows) != list(rows):
            raise ValueError("rows are added in ascending order")
        terms = [passage_terms(text) for text in texts]
        self._segments.append(make_segment(rows, terms, [_length(of_passage) for of_passage in terms]))
        # Merging what is of like size keeps the segments few and each passage's merges logarithmic.
        while len(self._segments) > 1 and len(self._segments[-2].rows) <= 2 * len(self._segments[-1].rows):
            self._segments[-2:] = [merge(self._segments[-2:], self._dead)]

    def remove(self, rows: Rows) -> None:
        """Remove the passages of these rows; rows that are not held are ignored."""
        self._dead = np.union1d(self._dead, rows)

    def score(self, question: LexicalQuestion) -> LexicalScores:
        """Return the BM25 scores of all passages."""
        rows = np.concatenate([np.empty(0, dtype=np.int64), *(segment.rows for segment in self._segments)])
        lengths = np.concatenate([np.empty(0, dtype=np.int32), *(segment.lengths for segment in self._segments)])
        alive = ~np.isin(rows, self._dead)
        scores = np.zeros(len(rows), dtype=np.float32)
        if not alive.any():
            return LexicalScores(rows[alive], scores[alive])
        passages = int(alive.sum())
        saturation = (K1 * (1 - B + B * lengths / max(float(lengths[alive].mean()), 1.0))).astype(np.float32)
        weighted: list[tuple[Synonyms, float]] = [(frozenset({(term,)}), 1.0) for term in question.terms]
        weighted += [(synonyms, SYNONYM_WEIGHT) for synonyms in question.synonyms]
        for synonyms, weight in weighted:
            places, counts = self._occurrences(synonyms, len(rows))
            holding = int(alive[places].sum())
            if holding:
                rarity = np.log(1 + (passages - holding + 0.5) / (holding + 0.5))
                scores[places] += weight * rarity * counts * (K1 + 1) / (counts + saturation[places])
        return LexicalScores(rows[alive], scores[alive])

    def _occurrences(self, synonyms: Synonyms, passages: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return where any of some words occurs, as places in all segments, and how often."""
        if len(synonyms) == 1 and len(next(iter(synonyms))) == 1:
            return self._term_occurrences(next(iter(synonyms))[0])
        sums = np.zeros(passages, dtype=np.float32)
        for word in synonyms:
            places, counts = self._word_occurrences(word)
            sums[places] += counts
        found = np.flatnonzero(sums)
        return found, sums[found]

    def _word_occurrences(self, word: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return where all the parts of a word occur, and how often the rarest of them does."""
        places, counts = self._term_occurrences(word[0])
        for part in word[1:]:
            others, other_counts = self._term_occurrences(part)
            places, left, right = np.intersect1d(places, others, assume_unique=True, return_indices=True)
            counts = np.minimum(counts[left], other_counts[right])
        return places, counts

    def _term_occurrences(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        before, places, counts = 0, [], []
        for segment in self._segments:
            found, times = segment.postings(digest_of(term))
            places.append(found.astype(np.int64) + before)
            counts.append(times.astype(np.float32))
            before += len(segment.rows)
        if not places:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        return np.concatenate(places), np.concatenate(counts)

    def to_bytes(self) -> bytes:
        """Return the index as `from_bytes` reads it: the same bytes for the same passages."""
        segment = merge(self._segments, self._dead) if self._segments else make_segment([], [], [])
        buffer = io.BytesIO()
        np.savez(buffer, **{name: getattr(segment, name) for name in Segment.__slots__})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "LexicalIndex":
        """Return the index in bytes whose digest was checked."""
        index = cls()
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            index._segments = [Segment(**{name: arrays[name] for name in Segment.__slots__})]
        return index


def _length(terms: Mapping[str, int]) -> int:
    return sum(count for term, count in terms.items() if not term.startswith(SOUND))
