"""One score for a passage from all that was found out about it, on the scale of a cosine.

The cosines that the model gives (passage, best sentence, tokens) count alike; BM25 is added on top, so that a
question whose words the index cannot read is not dragged down. The weights were chosen on questions about
newspaper articles and hold on XQuAD and CMRC, which they were not chosen on; the figures are in the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.query import Part
from index.ranking.late import Alignment

# BM25 has no upper end; a difference of 5, a rare word more or less, is as much as 0.01 of cosine.
LEXICAL_WEIGHT = 0.002

Score = TypeVar("Score", float, NDArray[np.float64])


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
    """A passage that was compared with a question.

    Attributes:
        row: of the passage.
        score: all in all.
        parts: what the score comes from.
        alignment: of the tokens, if these were compared.
    """

    row: int
    score: float
    parts: Mapping[Part, float]
    alignment: Alignment | None = field(default=None, compare=False, repr=False)

    @property
    def scores(self) -> dict[str, float]:
        """All of it by name, as it is told: the parts in their order, then what they come to."""
        return {**{str(part): self.parts[part] for part in Part if part in self.parts}, "rerank": self.score}


def fuse(scores: Mapping[Part, Score]) -> Score:
    """Return the one score of a passage, or of several: the mean of its cosines, and BM25 at its weight.

    BM25 alone stays as it is.
    """
    cosines = [score for part, score in scores.items() if part is not Part.LEXICAL]
    if not cosines:
        return scores[Part.LEXICAL]
    fused: Score = sum(cosines[1:], start=cosines[0]) / len(cosines)
    return fused + LEXICAL_WEIGHT * scores[Part.LEXICAL] if Part.LEXICAL in scores else fused
