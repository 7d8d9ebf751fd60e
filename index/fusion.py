"""One score for a passage from all that was found out about it, on the scale of a cosine.

The three cosines that the model gives (passage, best sentence, tokens) count alike; BM25 is added on top, so
that a question whose words the index cannot read is not dragged down. The weights were chosen on questions about
newspaper articles and hold on XQuAD and CMRC, which they were not chosen on; the figures are in the README.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.rows import StoredPassage
from index.encoder import Vectors
from index.late import max_similarities
from index.query import Method
from index.vectors import STORED, from_bytes

# BM25 has no upper end; a difference of 5, a rare word more or less, is as much as 0.01 of cosine.
LEXICAL_WEIGHT = 0.002


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the encoder gives it.

    Attributes:
        text: as asked.
        vector: unit vector, shape `(dimension,)`.
        tokens: unit vectors of its tokens, shape `(tokens, dimension)`.
    """

    text: str
    vector: Vectors
    tokens: Vectors


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage with its score and what the score comes from."""

    stored: StoredPassage
    score: float
    scores: Mapping[str, float]


def score_passages(
    question: Question, passages: Sequence[StoredPassage], lexical: Mapping[int, float], method: Method
) -> list[Scored]:
    """Return the passages with their scores, best first, ties by row.

    Args:
        question: what is asked.
        passages: the candidates.
        lexical: BM25 scores by row.
        method: which scores count.
    """
    if not passages:
        return []
    dimension = len(question.vector)
    dense = from_bytes([each.vectors.passage for each in passages], dimension) @ question.vector
    columns: dict[str, Sequence[float]] = {"dense": dense.tolist()}
    if method is Method.FULL:
        columns["sentence"] = _best_sentences(passages, question)
        columns["tokens"] = max_similarities(question.tokens, [each.vectors.tokens for each in passages]).tolist()
    if method is not Method.DENSE:
        columns["lexical"] = [lexical[each.row] for each in passages]
    scored = []
    for place, each in enumerate(passages):
        scores = {name: values[place] for name, values in columns.items()}
        score = fuse(scores, method)
        scored.append(Scored(each, score, {**scores, "rerank": score}))
    return sorted(scored, key=lambda one: (-one.score, one.stored.row))


def fuse(scores: Mapping[str, float], method: Method) -> float:
    """Return the one score of a passage: the mean of its cosines, and BM25 at its weight."""
    if method is Method.LEXICAL:
        return scores["lexical"]
    cosines = [score for name, score in scores.items() if name != "lexical"]
    return sum(cosines) / len(cosines) + LEXICAL_WEIGHT * scores.get("lexical", 0.0)


def _best_sentences(passages: Sequence[StoredPassage], question: Question) -> list[float]:
    """Return the cosine of each passage's best sentence, of itself where it has none."""
    parts = [each.vectors.sentences or each.vectors.passage for each in passages]
    dimension = len(question.vector)
    starts = np.cumsum([0, *(len(part) // (dimension * STORED.itemsize) for part in parts[:-1])])
    best: list[float] = np.maximum.reduceat(from_bytes(parts, dimension) @ question.vector, starts).tolist()
    return best
