"""One score for a passage from all that was found out about it, on the scale of a cosine.

The cosines that the model gives (passage, best sentence, tokens) count alike; BM25 is added on top, so that a
question whose words the index cannot read is not dragged down. The weights were chosen on questions about
newspaper articles and hold on XQuAD and CMRC, which they were not chosen on; see docs/quality.md.
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

# BM25 has no upper end; a difference of 5, a rare word more or less, is as much as 0.01 of cosine.
LEXICAL_WEIGHT = 0.002

Score = TypeVar("Score", float, NDArray[np.float64])
Columns = Mapping[Signal, NDArray[np.float64]]  # of each signal, what all candidates have


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question as the encoder gives it.

    Attributes:
        text: as asked, with the years that it hints at.
        vector: unit vector, shape `(dimension,)`.
        tokens: unit vectors of its tokens, shape `(tokens, dimension)`.
    """

    text: str
    vector: Vectors
    tokens: Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was compared with a question.

    Attributes:
        key: of the passage.
        score: all in all.
        signals: what the score comes from.
        alignment: of the tokens, if these were compared.
    """

    key: Key
    score: float
    signals: Mapping[Signal, float]
    alignment: Alignment | None = field(default=None, compare=False, repr=False)

    @property
    def scores(self) -> dict[str, float]:
        """All of it by name, as it is told: the signals in their order, then what they come to."""
        return {**{str(each): self.signals[each] for each in Signal if each in self.signals}, "rerank": self.score}


def candidates_of(
    keys: Sequence[Key], columns: Columns, alignments: Sequence[Alignment] | None = None
) -> list[Candidate]:
    """Return what was found out about some passages as one candidate each.

    Args:
        keys: of the passages.
        columns: of each signal, its values in the order of `keys`.
        alignments: of their tokens, if these were compared.
    """
    scores = fuse(columns).tolist()
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    own: Sequence[Alignment | None] = alignments or [None] * len(keys)
    found = zip(keys, scores, rows, own, strict=True)
    return [
        Candidate(key, score, dict(zip(columns, values, strict=True)), alignment)
        for key, score, values, alignment in found
    ]


def fuse(scores: Mapping[Signal, Score]) -> Score:
    """Return the one score of a passage, or of several: the mean of its cosines, and BM25 at its weight.

    BM25 alone stays as it is.
    """
    cosines = [score for signal, score in scores.items() if signal is not Signal.LEXICAL]
    if not cosines:
        return scores[Signal.LEXICAL]
    fused: Score = sum(cosines[1:], start=cosines[0]) / len(cosines)
    return fused + LEXICAL_WEIGHT * scores[Signal.LEXICAL] if Signal.LEXICAL in scores else fused
