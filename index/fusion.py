"""One score for a passage from all that was found out about it, on the scale of a cosine.

The cosines that the model gives (passage, best sentence, tokens) count alike; BM25 is added on top, so that a
question whose words the index cannot read is not dragged down. The weights were chosen on questions about
newspaper articles and hold on XQuAD and CMRC, which they were not chosen on; the figures are in the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from index.encoder import Vectors
from index.query import Part

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
    """A passage by its row, its score, and what the score comes from."""

    row: int
    score: float
    parts: Mapping[Part, float]

    @property
    def scores(self) -> dict[str, float]:
        """All of it by name, as it is told: the parts in their order, then what they come to."""
        return {**{str(part): self.parts[part] for part in Part if part in self.parts}, "rerank": self.score}


def fuse(scores: Mapping[Part, float]) -> float:
    """Return the one score of a passage: the mean of its cosines, and BM25 at its weight; BM25 alone as it is."""
    cosines = [score for part, score in scores.items() if part is not Part.LEXICAL]
    if not cosines:
        return scores[Part.LEXICAL]
    return sum(cosines) / len(cosines) + LEXICAL_WEIGHT * scores.get(Part.LEXICAL, 0.0)
