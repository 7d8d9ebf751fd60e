"""Exact search as everyone has it: FAISS's flat index, which ours is compared with."""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors


class ExactIndex:
    """Unit vectors in the order they were added."""

    def __init__(self, vectors: Vectors) -> None:
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def search(self, vector: Vectors, k: int) -> NDArray[np.int64]:
        """Return the places of the `k` nearest vectors, nearest first."""
        places: NDArray[np.int64] = self._index.search(vector.reshape(1, -1), k)[1][0]
        return places
