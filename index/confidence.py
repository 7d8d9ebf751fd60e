"""From raw scores to a probability that a passage answers, comparable between questions and the same for every k.

A logistic curve over the cosine (Platt, 1999), for each model whose cosines were looked at. It says how alike
question and passage are; it cannot yet tell a passage that answers from one on the same subject that does not.
"""

from dataclasses import dataclass
from math import exp

from index.encoder import EncoderSpec


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve.

    Attributes:
        midpoint: the cosine at which a passage answers as often as not.
        slope: how fast that changes, per unit of cosine.
        threshold: the confidence below which a question counts as unanswered.
    """

    midpoint: float
    slope: float
    threshold: float

    def confidence(self, cosine: float) -> float:
        """Return the probability, 0 to 1."""
        return 1 / (1 + exp(-self.slope * (cosine - self.midpoint)))


# Cosines of other models are taken as they come: 0 means unrelated, 1 the same.
UNKNOWN_MODEL = Calibration(midpoint=0.5, slope=8.0, threshold=0.1)
CALIBRATIONS: dict[str, Calibration] = {}


def calibration_of(spec: EncoderSpec) -> Calibration:
    """Return the curve of a model."""
    return CALIBRATIONS.get(spec.name, UNKNOWN_MODEL)
