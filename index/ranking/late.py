"""Late interaction: each token of a question finds its like among the tokens of a passage.

MaxSim of Khattab and Zaharia (ColBERT, 2020) over the token vectors that the embedding model computes anyway,
nothing trained. Stored at four bits a number: vectors are turned by a fixed random rotation first, which spreads
the few large numbers of such models over all, so that sixteen steps are enough for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.models.encoder import Vectors
from index.models.vectors import counts_from_bytes

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


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How near each token of a passage is to each of a question.

    Attributes:
        cosines: shape `(tokens of the passage, tokens of the question)`.
        best: of each token of the question its nearest in the passage, shape `(tokens of the question,)`, -1 where
            the passage has none.
        by_sentence: the same of each sentence, shape `(sentences, tokens of the question)`.
    """

    cosines: Vectors
    best: Vectors
    by_sentence: Vectors

    def similarity(self, weights: Vectors) -> float:
        """Return the weighted mean of the cosines that the question's tokens find, 0 where there are no tokens."""
        return float(self.best @ weights / weights.sum()) if self.cosines.size else 0.0

    def sentence_similarity(self, weights: Vectors) -> float:
        """Return the best such mean within one sentence, that of the passage where it has no sentence."""
        if not self.by_sentence.size:
            return self.similarity(weights)
        return float((self.by_sentence @ weights).max() / weights.sum())

    def shortfalls(self) -> NDArray[np.float32]:
        """Return how far each sentence falls short of the whole passage, shape `(sentences,)`, 0 the best.

        For each token of the question, what the best token in the sentence lacks to the best in the passage; of
        these the root mean square.
        """
        return np.asarray(np.sqrt(((self.best - self.by_sentence) ** 2).mean(axis=1)))

    def best_sentence(self) -> Vectors:
        """Return the nearest tokens in the sentence that lacks least, like `best`; of the passage if it has none."""
        return np.asarray(self.by_sentence[self.shortfalls().argmin()]) if len(self.by_sentence) else self.best


def align(question: Vectors, passages: Sequence[tuple[bytes, bytes]]) -> list[Alignment]:
    """Return how the tokens of some passages lie to those of a question.

    Args:
        question: unit vectors of the question's tokens, shape `(tokens, dimension)`.
        passages: stored tokens of each passage, and how many each sentence has.

    Raises:
        StoreDamaged: if the bytes of a passage are no whole number of tokens.
    """
    lengths = [_count(tokens, question.shape[1]) for tokens, _ in passages]
    of_all = _cosines(question, b"".join(tokens for tokens, _ in passages))
    return align_all(of_all, lengths, [counts_from_bytes(counts) for _, counts in passages])


def align_all(cosines: Vectors, lengths: Sequence[int], sentences: Sequence[Sequence[int]]) -> list[Alignment]:
    """Return the alignments of passages whose tokens stand one after the other.

    Args:
        cosines: of all tokens, shape `(tokens of all, tokens of the question)`.
        lengths: how many tokens each passage has.
        sentences: how many of them each of its sentences has, in order. Those before are of headings.
    """
    ends = np.cumsum([0, *lengths])
    best = _nearest(cosines, ends[:-1], ends[1:])
    stretches = [_stretches(*bound, counts) for bound, counts in zip(pairwise(ends), sentences, strict=True)]
    firsts, lasts = np.concatenate([np.empty((2, 0), np.int64), *stretches], axis=1)
    by_sentence = _nearest(cosines, firsts, lasts)
    rows = pairwise([0, *accumulate(map(len, sentences))])
    return [
        Alignment(cosines[start:end], own, by_sentence[first:last])
        for (start, end), own, (first, last) in zip(pairwise(ends.tolist()), best, rows, strict=True)
    ]


def _stretches(start: int, end: int, counts: Sequence[int]) -> NDArray[np.int64]:
    """Return where the sentences of a passage begin and end, shape `(2, sentences)`; some of one may be cut off."""
    held = np.array(counts, dtype=np.int64)  # a list without sentences would make floats of all
    lasts = np.cumsum(held)
    before = max(start, end - sum(counts))
    return np.asarray(np.minimum(before + np.stack([lasts - held, lasts]), end))


def _nearest(cosines: Vectors, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Vectors:
    """Return the highest cosines in each stretch of rows, -1 where it has none, shape `(stretches, columns)`."""
    found = np.full((len(starts), cosines.shape[1]), -1, dtype=np.float32)
    held = starts < ends
    # From each start to its end, and from there, which nobody asks for, to the next start.
    bounds = np.stack([starts[held], ends[held]], axis=1).ravel()
    if len(bounds):
        within = bounds[:-1] if bounds[-1] == len(cosines) else bounds
        found[held] = np.maximum.reduceat(cosines, within, axis=0)[::2]
    return found


def _cosines(question: Vectors, data: bytes) -> Vectors:
    dimension = question.shape[1]
    raw = np.frombuffer(data, dtype=np.uint8).reshape(_count(data, dimension), _width(dimension))
    scales = raw[:, : SCALE.itemsize].copy().view(SCALE).astype(np.float32)
    packed = raw[:, SCALE.itemsize :]
    turned: Vectors = question @ rotation(dimension)
    # Each byte holds two numbers, 8 above what they stand for; all at once, they are put down by 8 afterwards.
    cosines: Vectors = (packed & 15).astype(np.float32) @ turned[:, 0::2].T
    cosines += (packed >> 4).astype(np.float32) @ turned[:, 1::2].T
    cosines -= (8 * turned).sum(axis=1, dtype=np.float32)
    cosines *= scales
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
