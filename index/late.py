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


def max_similarities(question: Vectors, passages: Sequence[bytes]) -> NDArray[np.float32]:
    """Return the mean over a question's tokens of the best cosine each finds in a passage, shape `(passages,)`.

    Args:
        question: unit vectors of the question's tokens, shape `(tokens, dimension)`.
        passages: stored tokens of each passage; a passage or question without tokens scores 0.

    Raises:
        StoreDamaged: if the bytes of a passage are no whole number of tokens.
    """
    scores = np.zeros(len(passages), dtype=np.float32)
    lengths = [_count(data, question.shape[1]) for data in passages]
    held = [place for place, length in enumerate(lengths) if length]
    if len(question) and held:
        starts = np.cumsum([0, *(lengths[place] for place in held[:-1])])
        found = similarities(question, b"".join(passages))
        scores[held] = np.maximum.reduceat(found, starts, axis=1).mean(axis=0)
    return scores


def shortfalls(question: Vectors, passage: bytes, sentence_tokens: Sequence[int]) -> NDArray[np.float32]:
    """Return how far each sentence of a passage falls short of the whole, shape `(sentences,)`, 0 the best.

    For each token of the question, what the best token in the sentence lacks to the best in the passage; of
    these the root mean square.

    Args:
        question: unit vectors of the question's tokens, shape `(tokens, dimension)`, at least one.
        passage: stored tokens of the passage.
        sentence_tokens: how many of them each sentence has, in order. Those before are of headings.
    """
    found = similarities(question, passage)
    before = max(0, found.shape[1] - sum(sentence_tokens))
    ends = before + np.cumsum(sentence_tokens)
    best = np.array(
        [
            found[:, end - count : end].max(axis=1, initial=-1)
            for end, count in zip(ends.tolist(), sentence_tokens, strict=True)
        ]
    )
    gaps: NDArray[np.float32] = np.sqrt(((found.max(axis=1, initial=-1) - best) ** 2).mean(axis=1))
    return gaps


def similarities(question: Vectors, data: bytes) -> Vectors:
    """Return the cosines of a question's tokens and stored ones, shape `(tokens of question, stored tokens)`."""
    dimension = question.shape[1]
    raw = np.frombuffer(data, dtype=np.uint8).reshape(_count(data, dimension), _width(dimension))
    scales = raw[:, : SCALE.itemsize].copy().view(SCALE).astype(np.float32)
    packed = raw[:, SCALE.itemsize :]
    turned: Vectors = question @ rotation(dimension)
    # Each byte holds two numbers, 8 above what they stand for; all at once, they are put down by 8 afterwards.
    cosines: Vectors = turned[:, 0::2] @ (packed & 15).astype(np.float32).T
    cosines += turned[:, 1::2] @ (packed >> 4).astype(np.float32).T
    cosines -= (8 * turned).sum(axis=1, keepdims=True, dtype=np.float32)
    cosines *= scales.T
    return cosines


def _count(data: bytes, dimension: int) -> int:
    if len(data) % _width(dimension):
        raise StoreDamaged(f"stored tokens of {len(data)} bytes do not fit dimension {dimension}; index --rebuild")
    return len(data) // _width(dimension)


def _width(dimension: int) -> int:
    return SCALE.itemsize + dimension // 2


@lru_cache(maxsize=4)
def rotation(dimension: int) -> Vectors:
    """Return the fixed random rotation of a dimension, shape `(dimension, dimension)`."""
    normal = np.random.default_rng(SEED).normal(size=(dimension, dimension))
    orthogonal, upper = np.linalg.qr(normal)
    return np.ascontiguousarray(orthogonal * np.sign(np.diag(upper)), dtype=np.float32)
