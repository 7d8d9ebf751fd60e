"""How vectors are stored: float16 little-endian, half the size of what is computed with, at no loss that ranks show."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.models.encoder import Vectors

STORED = np.dtype("<f2")
COUNTS = np.dtype("<u2")


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
    width = dimension * STORED.itemsize
    if (wrong := next((len(part) for part in parts if len(part) % width), None)) is not None:
        raise StoreDamaged(
            f"stored vectors of {wrong} bytes do not fit dimension {dimension}; run: wherefrom index --rebuild"
        )
    return np.frombuffer(b"".join(parts), dtype=STORED).reshape(-1, dimension).astype(np.float32)


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
