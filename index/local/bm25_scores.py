"""What a question scores on every passage, and the best of them without sorting them all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.local.postings import Indices, Keys

BLOCK = 64  # scores, far from each other, of which only the highest is looked at first


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

    def top(self, k: int, among: Sequence[int] | None = None) -> list[int]:
        """Return the `k` keys of the highest scores above 0, highest first, ties by key."""
        scores = self.scores
        if among is not None:
            scores = np.where(np.isin(self.keys, np.asarray(among, dtype=np.int64)), scores, 0)
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


def _floor(scores: NDArray[np.float32], k: int) -> np.float32:
    """Return a score above 0 that at least `k` passages reach, if so many are above 0: few lie above it."""
    least = np.finfo(np.float32).tiny
    blocks = len(scores) // BLOCK
    if blocks <= k:
        return least
    highest = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return max(least, np.partition(highest, -k)[-k])
