"""One score for a passage from all that was found out about it, on the scale of a cosine.

What the model says of sentences counts as much as what it says of tokens, in the passage and within a sentence; the
cosine of the passage as a whole counts until tokens are compared. BM25 is added on top as a share of what the
question's best has, for its size depends on the words of a question, and on how many of them can be read in the
language of the passages. Which signals count, and how much BM25, was chosen on halves of XQuAD, CMRC and newspaper
questions; see docs/ablation.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Key
from index.models.encoder import Vectors
from index.query import Signal
from index.ranking.late import Alignment

# Of cosine, what the best passage by BM25 is ahead of one that has none of the words.
LEXICAL_WEIGHT = 0.03

CLOSE = frozenset({Signal.TOKENS, Signal.SENTENCE_TOKENS})  # what is known of passages that were compared closely

NAMES = tuple((each, str(each)) for each in Signal)  # as they are told

Score = TypeVar("Score", float, NDArray[np.float64])
Columns = Mapping[Signal, NDArray[np.float64]]  # of each signal, what all candidates have


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question as the encoder gives it.

    Attributes:
        text: as asked, with the years that it hints at.
        vector: unit vector, shape `(dimension,)`.
        tokens: unit vectors of its tokens, shape `(tokens, dimension)`.
        rarities: how rare these are, shape `(tokens,)`.
    """

    text: str
    vector: Vectors
    tokens: Vectors
    rarities: Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was compared with a question.

    Attributes:
        key: of the passage.
        score: all in all.
        signals: what the score comes from.
        alignment: of the tokens, if these were compared.
        gain: what of the score it has by words that are asked for exactly.
        named: whether it stands before the next one only because it has the row of the name that is asked for.
    """

    key: Key
    score: float
    signals: Mapping[Signal, float]
    alignment: Alignment | None = field(default=None, compare=False, repr=False)
    gain: float = 0.0
    named: bool = False

    @property
    def scores(self) -> dict[str, float]:
        """All of it by name, as it is told: the signals in their order, then what they come to."""
        return {**{name: self.signals[each] for each, name in NAMES if each in self.signals}, "rerank": self.score}


def candidates_of(
    keys: Sequence[Key], columns: Columns, best: float, alignments: Sequence[Alignment] | None = None
) -> list[Candidate]:
    """Return what was found out about some passages as one candidate each.

    Args:
        keys: of the passages.
        columns: of each signal, its values in the order of `keys`.
        best: the highest BM25 that any passage has for the question.
        alignments: of their tokens, if these were compared.
    """
    if not keys:
        return []
    scores = fuse(columns, best).tolist()
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    own: Sequence[Alignment | None] = alignments or [None] * len(keys)
    found = zip(keys, scores, rows, own, strict=True)
    return [
        Candidate(key, score, dict(zip(columns, values, strict=True)), alignment)
        for key, score, values, alignment in found
    ]


def fuse(scores: Mapping[Signal, Score], best: float) -> Score:
    """Return the one score of a passage, or of several: the mean of the cosines that count, and BM25 on top.

    BM25 alone stays as it is.

    Args:
        scores: of each signal.
        best: the highest BM25 that any passage has for the question, 0 where none has any.
    """
    close: list[Score] = [score for signal, score in scores.items() if signal in CLOSE]
    left_out = {Signal.LEXICAL, *CLOSE, *({Signal.DENSE} if close else ())}
    others: list[Score] = [score for signal, score in scores.items() if signal not in left_out]
    cosines = [_mean(each) for each in (others, close) if each]
    if not cosines:
        return scores[Signal.LEXICAL]
    fused, weight = _mean(cosines), LEXICAL_WEIGHT / best if best else 0.0
    return fused + weight * scores[Signal.LEXICAL] if Signal.LEXICAL in scores else fused


def _mean(scores: Sequence[Score]) -> Score:
    mean: Score = sum(scores[1:], start=scores[0]) / len(scores)
    return mean
