"""From the score of a passage to the probability that it answers, comparable between questions.

Logistic curves (Platt, 1999), fitted by `python -m eval calibrate`. Cosines of multilingual models are higher
within a language than across, so there are two for each way of searching. They say how near question and passage
are; they cannot tell a passage that answers from one on the very same subject that does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from corpus.language import LATIN
from index.models.encoder import EncoderSpec
from index.query import Method

MOST_EXPONENT = 700.0  # beyond it a float has no power of e; the probability is 0 long before


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve.

    Attributes:
        midpoint: the score at which the best passage answers as often as not.
        slope: how fast that changes, per unit of score.
    """

    midpoint: float
    slope: float

    def probability(self, score: float) -> float:
        """Return the probability that a passage of this score answers, 0 to 1."""
        return 1 / (1 + exp(min(-self.slope * (score - self.midpoint), MOST_EXPONENT)))


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of a model and a way of searching.

    Attributes:
        same_language: where question and passage are in one language.
        other_language: where they are not.
    """

    same_language: Curve
    other_language: Curve

    def curve(self, question_language: str, document_language: str) -> Curve:
        """Return the curve for a question and a document of these ISO 639 codes."""
        return self.same_language if same_language(question_language, document_language) else self.other_language


def same_language(asked: str, written: str) -> bool:
    """Return whether a question and a document of these ISO 639 codes may be in one language."""
    asked, written = asked.split("-")[0], written.split("-")[0]
    # A few words in Latin script may be of any language that is written so.
    return asked == written or (asked == "und" and written in LATIN)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the scores of a model mean.

    Attributes:
        curves: of each way of searching.
        threshold: the confidence below which a question counts as unanswered.
    """

    curves: Mapping[Method, Curves]
    threshold: float


# BM25 alone: a score of 20 is four or five rare words that match.
BM25 = Curves(Curve(20.0, 0.2), Curve(20.0, 0.2))
# Fitted on XQuAD with every second article held out of the index, so that half the questions have no answer: full on
# 1,181 questions in Chinese, and on 4,752 in English, German, Russian and Vietnamese of Chinese passages; dense on
# 800 and 2,400.
EMBEDDED_DENSE = Curves(Curve(0.8513, 60.9), Curve(0.7913, 73.8))
EMBEDDED_FULL = Curves(Curve(0.9310, 61.3), Curve(0.7810, 75.8))
EMBEDDED_E5 = Calibration(
    {
        Method.DENSE: EMBEDDED_DENSE,
        Method.LEXICAL: BM25,
        Method.HYBRID: EMBEDDED_FULL,
        Method.FULL: EMBEDDED_FULL,
    },
    # Low, for refusing wrongly costs more than a passage that is shown as unlikely.
    threshold=0.03,
)
# Cosines of models nobody looked at are taken as they come: 0 means unrelated, 1 the same. Nothing is refused.
AS_IT_COMES = Curves(Curve(0.5, 8.0), Curve(0.5, 8.0))
UNKNOWN = Calibration({**dict.fromkeys(Method, AS_IT_COMES), Method.LEXICAL: BM25}, threshold=0.0)
CALIBRATIONS = {"multilingual-e5-small": EMBEDDED_E5, "intfloat/multilingual-e5-small": EMBEDDED_E5}


def calibration_of(spec: EncoderSpec) -> Calibration:
    """Return what the scores of a model mean."""
    return CALIBRATIONS.get(spec.name, UNKNOWN)
