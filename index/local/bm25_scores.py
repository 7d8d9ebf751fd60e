"""What a question scores on every passage, and the best of them without sorting them all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.local.postings import Rows

BLOCK = 64  # scores, far from each other, of which only the highest is looked at first


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """The scores of all passages for a question; 0 where nothing matches.

    Attributes:
        rows: ascending, shape `(passages,)`.
        scores: of each row.
    """

    rows: Rows
    scores: NDArray[np.float32]

    def top(self, k: int, among: Rows | None = None) -> list[int]:
        """Return the `k` rows of the highest scores above 0, highest first, ties by row."""
        scores = self.scores
        if among is not None:
            scores = np.where(np.isin(self.rows, among, assume_unique=True), scores, 0)
        candidates = np.flatnonzero(scores >= _floor(scores, k))
        if len(candidates) > k:
            least = np.partition(scores[candidates], -k)[-k]
            candidates = candidates[scores[candidates] >= least]
        order = np.lexsort((self.rows[candidates], -scores[candidates]))[:k]
        return [int(row) for row in self.rows[candidates[order]]]

    def of(self, rows: Sequence[int]) -> dict[int, float]:
        """Return the scores of some rows that are held."""
        places = np.searchsorted(self.rows, np.asarray(rows, dtype=np.int64))
        return {row: float(self.scores[place]) for row, place in zip(rows, places, strict=True)}


def _floor(scores: NDArray[np.float32], k: int) -> np.float32:
    """Return a score above 0 that at least `k` passages reach, if so many are above 0: few lie above it."""
    least = np.finfo(np.float32).tiny
    blocks = len(scores) // BLOCK
    if blocks <= k:
        return least
    highest = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return max(least, np.partition(highest, -k)[-k])
