"""The vector index: FAISS over the passages' vectors, each under the row its passage has in the store.

Exact inner products of unit vectors, so cosines.
"""

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Rows = NDArray[np.int64]


class DenseIndex:
    """Unit vectors by row."""

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def rows(self) -> Rows:
        """Return the rows held, in no order."""
        return np.array(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors of shape `(len(rows), dimension)` under rows that are not held yet."""
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), rows)

    def remove(self, rows: Rows) -> None:
        """Remove the vectors of these rows; rows that are not held are ignored."""
        if len(rows):
            self._index.remove_ids(rows)

    def vector(self, row: int) -> Vectors:
        """Return the vector of a row, shape `(dimension,)`."""
        vector: Vectors = self._index.reconstruct(row)
        return vector

    def search(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Return the `k` nearest rows with their cosines, nearest first, ties by row.

        Args:
            vector: the question's, shape `(dimension,)`.
            k: how many; fewer come back where fewer are held.
            among: the only rows wanted, all if `None`.
        """
        k = min(k, len(self) if among is None else len(among))
        if k == 0:
            return []
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # set by faiss in Python
        scores, rows = self._index.search(vector.reshape(1, -1), k, params=parameters)
        # FAISS pads with -1 what it does not find.
        found = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def to_bytes(self) -> bytes:
        """Return the index as `from_bytes` reads it."""
        data: bytes = faiss.serialize_index(self._index).tobytes()
        return data

    @classmethod
    def from_bytes(cls, data: bytes, dimension: int) -> "DenseIndex | None":
        """Return the index in bytes whose digest was checked, `None` if it is of another dimension.

        FAISS believes whatever it reads, and stops the process where dimensions differ.
        """
        index = cls(dimension)
        index._index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        return index if index._index.d == dimension else None
