"""How vectors are stored: float16 little-endian, half the size of what is computed with, at no loss that ranks show."""

from collections.abc import Sequence

import numkong
import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.models.encoder import Vectors

STORED = np.dtype("<f2")
COUNTS = np.dtype("<u2")
REST = 2048.0  # by so much is made larger what half precision leaves of a number, or it would lose more

HalfVectors = NDArray[np.float16]


def to_bytes(vectors: Vectors) -> bytes:
    """Return vectors as they are stored, end to end."""
    return vectors.astype(STORED).tobytes()


def each_to_bytes(vectors: Vectors) -> list[bytes]:
    """Return each vector as it is stored, of an array of shape `(vectors, dimension)`."""
    return [vector.tobytes() for vector in vectors.astype(STORED)]


def from_bytes(parts: Sequence[bytes], dimension: int) -> Vectors:
    """Return stored vectors, shape `(number of vectors in all parts, dimension)`.

    Raises:
        StoreDamaged: if their bytes are no whole number of vectors.
    """
    return as_halves(parts, dimension).astype(np.float32)


def as_halves(parts: Sequence[bytes], dimension: int) -> HalfVectors:
    """Return stored vectors as they are stored; see `from_bytes`."""
    width = dimension * STORED.itemsize
    if (wrong := next((len(part) for part in parts if len(part) % width), None)) is not None:
        raise StoreDamaged(
            f"stored vectors of {wrong} bytes do not fit dimension {dimension}; run: wherefrom index --rebuild"
        )
    return np.frombuffer(b"".join(parts), dtype=STORED).reshape(-1, dimension)


def products(left: HalfVectors, right: HalfVectors) -> Vectors:
    """Return the inner products of stored vectors with others, shape `(len(left), len(right))`.

    NumPy would take longer to make float32 of them than it takes for the products.
    """
    return np.asarray(numkong.dots_packed(left, numkong.dots_pack(right)))


def cosines(rows: HalfVectors, vector: Vectors) -> NDArray[np.float64]:
    """Return the inner products of stored unit vectors with one that is not rounded, shape `(len(rows),)`.

    The one is taken apart into what half precision keeps of it and the rest, which loses no more than float32 does.
    """
    parts = np.empty((2, len(vector)), np.float16)
    parts[0] = vector
    parts[1] = (vector - parts[0]) * REST
    of_parts = products(rows, parts)
    found: NDArray[np.float64] = (of_parts[:, 0] + of_parts[:, 1] / REST).astype(np.float64)
    return found


def counts_to_bytes(counts: Sequence[int]) -> bytes:
    """Return counts of tokens as they are stored."""
    return np.array(counts, dtype=COUNTS).tobytes()


def counts_from_bytes(parts: Sequence[bytes]) -> NDArray[np.int64]:
    """Return stored counts, shape `(number of counts in all parts,)`.

    Raises:
        StoreDamaged: if their bytes are no whole number of counts.
    """
    if (wrong := next((len(part) for part in parts if len(part) % COUNTS.itemsize), None)) is not None:
        raise StoreDamaged(f"stored counts of {wrong} bytes are damaged; run: wherefrom verify")
    return np.frombuffer(b"".join(parts), dtype=COUNTS).astype(np.int64)
