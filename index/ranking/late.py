"""Late interaction: each token of a question finds its like among the tokens of a passage.

MaxSim of Khattab and Zaharia (ColBERT, 2020) over the token vectors that the embedding model computes anyway,
nothing trained. Stored at four bits a number: vectors are turned by a fixed random rotation first, which spreads
the few large numbers of such models over all, so that sixteen steps are enough for each. Those of a question get eight
bits while they are compared: processors multiply such numbers several times as fast as fractions, and sums of them are
exact, in whatever order a processor adds them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

import numkong
import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.models.encoder import Vectors
from index.models.vectors import COUNTS, counts_from_bytes, counts_to_bytes

STEPS = 7  # steps of the largest number of a stored token to either side of zero: -7 to 7 in four bits
ZERO = 8  # what is stored for no step
LOWER = np.uint8(15)  # the bits of the first number in a byte
UPPER = np.uint8(4)  # how far up those of the second are
FINE_STEPS = 127  # steps of the largest number of a question's token, in eight bits
SCALE = np.dtype("<f2")
BEFORE = counts_to_bytes([0])  # takes the place of how many tokens stand before the first sentence of a passage
TILE = 4  # processors multiply by so many tokens of a question together; fewer take longer than so many
SEED = 20260101  # of the rotation; another one would not fit what is stored


def pack_tokens(tokens: Vectors) -> bytes:
    """Return token vectors as they are stored: a scale and half a byte a number for each token.

    Args:
        tokens: unit vectors, shape `(tokens, dimension)`; the dimension is even.
    """
    turned = tokens @ rotation(tokens.shape[1])
    stored = np.empty(len(tokens), dtype=_stored(tokens.shape[1]))
    stored["scale"] = np.abs(turned).max(axis=1, initial=1e-6) / STEPS
    scales = stored["scale"].astype(np.float32)[:, None]
    steps = np.rint(turned / scales).clip(-STEPS, STEPS).astype(np.int8) + ZERO
    stored["packed"] = steps[:, 0::2] | (steps[:, 1::2] << UPPER)
    return stored.tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Where the tokens of passages that stand one after the other begin, and where those of their stretches do.

    The first stretch of a passage is what stands before its first sentence, headings; the others are its sentences.

    Attributes:
        passages: the first token of each passage, and the end of the last, shape `(passages + 1,)`.
        stretches: the first token of each stretch of each passage, and the end of the last, `(stretches + 1,)`.
        firsts: the first stretch of each passage, and the number of all, shape `(passages + 1,)`.
    """

    passages: NDArray[np.int64]
    stretches: NDArray[np.int64]
    firsts: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Return how many stretches each passage has, shape `(passages,)`."""
        return self.firsts[1:] - self.firsts[:-1]


@dataclass(frozen=True, eq=False)
class Comparison:
    """How near the tokens of some passages are to those of a question.

    Attributes:
        bounds: where the tokens of the passages are.
        cosines: shape `(tokens of all passages, tokens of the question)`.
        nearest: of each token of the question its nearest in each stretch, -1 where it has none, shape
            `(stretches, tokens of the question)`.
        best: the same of each passage, shape `(passages, tokens of the question)`.
    """

    bounds: Bounds
    cosines: Vectors
    nearest: Vectors
    best: Vectors

    def similarities(self, weights: Vectors) -> NDArray[np.float64]:
        """Return of each passage the weighted mean of the cosines that the question's tokens find, shape `(passages,)`.

        It is 0 where passage or question has no tokens.

        Args:
            weights: how much each token of the question counts, shape `(tokens of the question,)`.
        """
        return self._held(_means(self.best, weights))

    def sentence_similarities(self, weights: Vectors) -> NDArray[np.float64]:
        """Return the best such mean within one sentence of each passage, that of the passage where it has none."""
        means, begun = _means(self.nearest, weights), self.bounds.firsts[:-1]
        # What stands before the first sentence is none, so it has the place of a passage without any.
        means[begun] = np.where(self.bounds.sizes > 1, -1, _means(self.best, weights))
        return self._held(np.maximum.reduceat(means, begun))

    @cached_property
    def shortfalls(self) -> NDArray[np.float32]:
        """Return how far each stretch falls short of its whole passage, shape `(stretches,)`, 0 the best.

        For each token of the question, what the best token in the stretch lacks to the best in the passage; of
        these the root mean square.
        """
        lacking = self.best.repeat(self.bounds.sizes, axis=0) - self.nearest
        return np.asarray(np.sqrt(np.add.reduce(lacking * lacking, axis=1) / max(lacking.shape[1], 1)))

    def alignments(self) -> "list[Alignment]":
        """Return the same of each passage by itself."""
        return [Alignment(self, place) for place in range(len(self.best))]

    def _held(self, similarities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return similarities of passages, 0 of those that have no tokens."""
        return np.asarray(np.where(self.bounds.passages[1:] > self.bounds.passages[:-1], similarities, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How near each token of a passage is to each of a question.

    Attributes:
        comparison: of several passages.
        place: which of them it is.
    """

    comparison: Comparison
    place: int

    @property
    def cosines(self) -> Vectors:
        """Return those of its tokens, shape `(tokens of the passage, tokens of the question)`."""
        start, end = self.comparison.bounds.passages[self.place : self.place + 2]
        return self.comparison.cosines[start:end]

    @property
    def best(self) -> Vectors:
        """Return of each token of the question its nearest, -1 where the passage has none."""
        return np.asarray(self.comparison.best[self.place])

    @property
    def by_sentence(self) -> Vectors:
        """Return the same of each sentence, shape `(sentences, tokens of the question)`."""
        return self.comparison.nearest[self._sentences()]

    @property
    def shortfalls(self) -> NDArray[np.float32]:
        """Return how far each sentence falls short of the whole passage, shape `(sentences,)`."""
        return self.comparison.shortfalls[self._sentences()]

    def best_sentence(self) -> Vectors:
        """Return the nearest tokens in the sentence that lacks least, like `best`; of the passage if it has none."""
        sentences = self.by_sentence
        return np.asarray(sentences[self.shortfalls.argmin()]) if len(sentences) else self.best

    def _sentences(self) -> slice:
        first, end = self.comparison.bounds.firsts[self.place : self.place + 2]
        return slice(first + 1, end)


def compare(passages: Sequence[tuple[bytes, bytes]], questions: Sequence[Vectors]) -> list[Comparison]:
    """Return how near the tokens of some passages are to those of each question.

    Args:
        passages: stored tokens of each passage, one passage at least, and how many each of its sentences has, in order.
        questions: unit vectors of the tokens of each question, shape `(tokens, dimension)`.

    Raises:
        StoreDamaged: if the bytes of a passage are no whole number of tokens or of counts.
    """
    dimension = questions[0].shape[1]
    tokens, sentences = zip(*passages, strict=True)
    bounds = bounds_of(_lengths(tokens, dimension), sentences)
    stored = np.frombuffer(b"".join(tokens), dtype=_stored(dimension))
    turned = np.concatenate(questions) @ rotation(dimension)
    scales = np.abs(turned).max(axis=1, initial=1e-6) / np.float32(FINE_STEPS)
    steps = np.zeros((len(turned) + -len(turned) % TILE, dimension), np.int8)
    steps[: len(turned)] = np.rint(turned / scales[:, None])
    products = _products(stored, steps)[:, : len(turned)]
    cosines = products.astype(np.float32)  # whole numbers still, all below 2**24
    cosines -= ZERO * steps[: len(turned)].sum(axis=1, dtype=np.float32)
    cosines *= stored["scale"].astype(np.float32)[:, None]
    cosines *= scales
    edges = pairwise(accumulate(map(len, questions), initial=0))
    return [compared(cosines[:, first:last], bounds) for first, last in edges]


def _means(nearest: Vectors, weights: Vectors) -> NDArray[np.float64]:
    means: NDArray[np.float64] = (nearest @ weights).astype(np.float64)
    means /= max(float(weights.sum()), 1e-9)  # a question may have no tokens
    return means


def _products(stored: NDArray[np.void], steps: NDArray[np.int8]) -> NDArray[np.int32]:
    """Return the products of all stored tokens with those of questions, shape `(tokens, tokens of all questions)`.

    What is stored is taken for `ZERO` more than it stands for. A byte holds a number of either half of the products;
    the bytes of scales are taken apart with the others, for a whole array is quicker than its rows.
    """
    data = stored.view(np.uint8).reshape(len(stored), stored.itemsize)
    products = _dots((data & LOWER)[:, SCALE.itemsize :], steps[:, 0::2])
    products += _dots((data >> UPPER)[:, SCALE.itemsize :], steps[:, 1::2])
    return products


def _dots(rows: NDArray[np.uint8], columns: NDArray[np.int8]) -> NDArray[np.int32]:
    return np.asarray(numkong.dots_packed(rows.view(np.int8), numkong.dots_pack(np.ascontiguousarray(columns))))


def bounds_of(lengths: Sequence[int], sentences: Sequence[bytes]) -> Bounds:
    """Return where the tokens of passages and of their sentences are.

    Args:
        lengths: how many tokens each passage has, one passage at least.
        sentences: how many of them each of its sentences has, as stored; where it was cut off, fewer may be there.

    Raises:
        StoreDamaged: if the bytes are no whole number of counts.
    """
    passages = np.array([0, *lengths]).cumsum()
    counts = counts_from_bytes([part for each in sentences for part in (BEFORE, each)])
    sizes = [1 + len(each) // COUNTS.itemsize for each in sentences]
    firsts = np.array([0, *sizes]).cumsum()
    starts, ends, begun = passages[:-1], passages[1:], firsts[:-1]
    counts[begun] = np.maximum(ends - starts - np.add.reduceat(counts, begun), 0)
    stretches = counts.cumsum() - counts
    stretches += (starts - stretches[begun]).repeat(sizes)  # changes only what comes after a passage that was cut off
    return Bounds(passages, np.concatenate([np.minimum(stretches, ends.repeat(sizes)), ends[-1:]]), firsts)


def compared(cosines: Vectors, bounds: Bounds) -> Comparison:
    """Return a comparison with the nearest of all tokens.

    Args:
        cosines: of all tokens, shape `(tokens of all passages, tokens of the question)`.
        bounds: where they are; of one passage at least.
    """
    held = bounds.stretches[1:] > bounds.stretches[:-1]
    nearest = np.full((len(held), cosines.shape[1]), -1, dtype=np.float32)
    if len(cosines):  # reduceat knows no empty stretches
        nearest[held] = np.maximum.reduceat(cosines, bounds.stretches[:-1][held], axis=0)
    return Comparison(bounds, cosines, nearest, np.maximum.reduceat(nearest, bounds.firsts[:-1], axis=0))


def _lengths(parts: Sequence[bytes], dimension: int) -> list[int]:
    width = _stored(dimension).itemsize
    if (wrong := next((len(part) for part in parts if len(part) % width), None)) is not None:
        raise StoreDamaged(f"stored tokens of {wrong} bytes do not fit dimension {dimension}; index --rebuild")
    return [len(part) // width for part in parts]


@lru_cache(maxsize=4)
def _stored(dimension: int) -> np.dtype[np.void]:
    """Return how a token is stored: two numbers in each byte, the first in its lower bits."""
    return np.dtype([("scale", SCALE), ("packed", np.uint8, (dimension // 2,))])


@lru_cache(maxsize=4)
def rotation(dimension: int) -> Vectors:
    """Return the fixed random rotation of a dimension, shape `(dimension, dimension)`."""
    normal = np.random.default_rng(SEED).normal(size=(dimension, dimension))
    orthogonal, upper = np.linalg.qr(normal)
    return np.ascontiguousarray(orthogonal * np.sign(np.diag(upper)), dtype=np.float32)
