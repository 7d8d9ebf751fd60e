"""Late interaction: each token of a question finds its like among the tokens of a passage.

MaxSim of Khattab and Zaharia (ColBERT, 2020) over the token vectors that the embedding model computes anyway,
nothing trained. Stored at four bits a number: vectors are turned by a fixed random rotation first, which spreads
the few large numbers of such models over all, so that sixteen steps are enough for each.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.encoder import Vectors

STEPS = 7  # steps of the largest number of a token to either side of zero: -7 to 7 in four bits
SCALE = np.dtype("<f2")
SEED = 20260101  # of the rotation; another one would not fit what is stored


def pack_tokens(tokens: Vectors) -> bytes:
    """Return token vectors as they are stored: a scale and half a byte a number for each token.

    Args:
        tokens: unit vectors, shape `(tokens, dimension)`; the dimension is even.
    """
    turned = tokens @ rotation(tokens.shape[1])
    scales = (np.abs(turned).max(axis=1, keepdims=True, initial=1e-6) / STEPS).astype(SCALE)
    steps = np.rint(turned / scales.astype(np.float32)).clip(-STEPS, STEPS).astype(np.int8) + 8
    halves = steps.astype(np.uint8).reshape(len(tokens), steps.shape[1] // 2, 2)
    packed = halves[:, :, 0] | (halves[:, :, 1] << 4)
    return np.hstack([scales.view(np.uint8).reshape(len(tokens), SCALE.itemsize), packed]).tobytes()


def unpack_tokens(data: bytes, dimension: int) -> Vectors:
    """Return stored token vectors, still rotated, shape `(tokens, dimension)`.

    Raises:
        StoreDamaged: if the bytes are no whole number of tokens.
    """
    width = SCALE.itemsize + dimension // 2
    if len(data) % width:
        raise StoreDamaged(f"stored tokens of {len(data)} bytes do not fit dimension {dimension}; index --rebuild")
    raw = np.frombuffer(data, dtype=np.uint8).reshape(-1, width)
    scales = raw[:, : SCALE.itemsize].copy().view(SCALE).astype(np.float32)
    packed = raw[:, SCALE.itemsize :]
    steps = np.empty((len(raw), dimension), dtype=np.float32)
    steps[:, 0::2] = packed & 15
    steps[:, 1::2] = packed >> 4
    steps -= 8
    steps *= scales
    return steps


def max_similarities(question: Vectors, passages: Sequence[bytes]) -> NDArray[np.float32]:
    """Return the mean over a question's tokens of the best cosine each finds in a passage, shape `(passages,)`.

    Args:
        question: unit vectors of the question's tokens, shape `(tokens, dimension)`.
        passages: stored tokens of each passage; a passage or question without tokens scores 0.
    """
    scores = np.zeros(len(passages), dtype=np.float32)
    if not len(question):
        return scores
    turned = question @ rotation(question.shape[1])
    tokens = [unpack_tokens(data, question.shape[1]) for data in passages]
    held = [place for place, of_passage in enumerate(tokens) if len(of_passage)]
    if held:
        starts = np.cumsum([0, *(len(tokens[place]) for place in held[:-1])])
        cosines = turned @ np.concatenate([tokens[place] for place in held]).T
        scores[held] = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
    return scores


@lru_cache(maxsize=4)
def rotation(dimension: int) -> Vectors:
    """Return the fixed random rotation of a dimension, shape `(dimension, dimension)`."""
    normal = np.random.default_rng(SEED).normal(size=(dimension, dimension))
    orthogonal, upper = np.linalg.qr(normal)
    return np.ascontiguousarray(orthogonal * np.sign(np.diag(upper)), dtype=np.float32)
