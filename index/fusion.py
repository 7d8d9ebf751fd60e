"""One score for a passage from all that was found out about it, on the scale of a cosine.

The cosines that the model gives (passage, best sentence, tokens) count alike; BM25 is added on top, so that a
question whose words the index cannot read is not dragged down. The weights were chosen on questions about
newspaper articles and hold on XQuAD and CMRC, which they were not chosen on; the figures are in the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from index.encoder import Vectors
from index.query import Method

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
    scores: Mapping[str, float]


def fuse(scores: Mapping[str, float], method: Method) -> float:
    """Return the one score of a passage: the mean of its cosines, and BM25 at its weight."""
    if method is Method.LEXICAL:
        return scores["lexical"]
    cosines = [scores[name] for name in ("dense", "sentence", "tokens") if name in scores]
    return sum(cosines) / len(cosines) + LEXICAL_WEIGHT * scores.get("lexical", 0.0)
