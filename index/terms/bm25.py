"""BM25 as Robertson and Zaragoza (2009) give it, with k1 and b as most systems have them."""

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75


def rarities(passages: int, holding: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what terms count, by how many of all passages hold each."""
    return np.asarray(np.log(1 + (passages - holding + 0.5) / (holding + 0.5)), np.float64)


def saturations(lengths: NDArray[np.int64] | NDArray[np.int32], average: float) -> NDArray[np.float64]:
    """Return how often a term occurs in passages of some lengths where it gives half of what it can give."""
    return np.asarray(K1 * (1 - B + B * lengths / average), np.float64)
