"""From what speaks for a passage to the probability that it answers, comparable between questions of all languages.

A small network (one hidden layer) over the figures of `index.ranking.evidence`, fitted for a model by
`python -m eval calibrate` and kept as a record: JSON that says on what it was fitted. A model without a record has its
scores taken as they come, which is said, and nothing is refused.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InvalidInput
from index.models.encoder import EncoderSpec
from index.query import Signal
from index.ranking.evidence import Figures

RECORDS = Path(__file__).with_name("records")
SAME_WEIGHTS = {"intfloat/multilingual-e5-small": "multilingual-e5-small"}  # by another name
MOST_EXPONENT = 700.0  # beyond it a float has no power of e; the probability is 0 long before
# Figures farther from what was seen than so many standard deviations say no more than those.
FARTHEST = 4.0

Weights = NDArray[np.float64]


class Confidence(Protocol):
    """What says how likely passages answer."""

    @property
    def fitted(self) -> bool:
        """Whether that was measured, for the model that made the scores."""
        ...

    @property
    def threshold(self) -> float:
        """The confidence below which a question counts as unanswered."""
        ...

    def probabilities(self, scores: Sequence[float], figures: Figures) -> list[float]:
        """Return how likely each of some passages answers, 0 to 1, never rising.

        Args:
            scores: of the passages, best first.
            figures: what speaks for the first of them.
        """
        ...


@dataclass(frozen=True, slots=True)
class Unfitted:
    """Scores as they come: 0 means unrelated, 1 the same.

    Attributes:
        midpoint: the score at which a passage answers as often as not, by guess.
        slope: how fast that changes, per unit of score.
    """

    midpoint: float
    slope: float
    fitted: bool = False
    threshold: float = 0.0

    def probabilities(self, scores: Sequence[float], figures: Figures) -> list[float]:
        """Return how likely each of some passages answers by its score alone."""
        return [probability(self.slope * (score - self.midpoint)) for score in scores]


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A network that was fitted.

    Attributes:
        model: whose scores it is about.
        fitted_on: on which questions.
        names: of the figures it reads.
        means: of each figure, shape `(figures,)`.
        deviations: of each figure, above 0.
        hidden: weights of the figures in each unit, shape `(figures, units)`.
        biases: of the units, shape `(units,)`.
        output: weights of the units.
        bias: of all.
        rest: how the passages after the first follow it: weights of its log-odds, of 1, and of what they score less.
        threshold: the confidence below which a question counts as unanswered.
    """

    model: str
    fitted_on: str
    names: tuple[str, ...]
    means: Weights
    deviations: Weights
    hidden: Weights
    biases: Weights
    output: Weights
    bias: float
    rest: tuple[float, float, float]
    threshold: float
    fitted: bool = True

    def probabilities(self, scores: Sequence[float], figures: Figures) -> list[float]:
        """Return how likely each of some passages answers: the first by its figures, the others by what they lack."""
        first = self.log_odds(np.array([figures[name] for name in self.names]))
        share, step, fall = self.rest
        others = (share * first + step + fall * (scores[0] - score) for score in scores[1:])
        return list(accumulate((probability(each) for each in (first, *others)), min))

    def log_odds(self, figures: Weights) -> float:
        """Return the logarithm of the odds that the first passage answers.

        Args:
            figures: in the order of `names`, shape `(figures,)`.
        """
        scaled = ((figures - self.means) / self.deviations).clip(-FARTHEST, FARTHEST)
        return float(np.tanh(scaled @ self.hidden + self.biases) @ self.output + self.bias)

    def to_text(self) -> str:
        """Return the record as JSON, which `record_of` reads: equal records are the same bytes."""
        columns = zip(self.names, self.means, self.deviations, self.hidden, strict=True)
        facts = {
            "model": self.model,
            "fitted_on": self.fitted_on,
            "threshold": round(self.threshold, 4),
            "rest": [round(each, 4) for each in self.rest],
            "bias": round(self.bias, 4),
            "units": {"biases": _rounded(self.biases), "weights": _rounded(self.output)},
            "figures": {
                name: {
                    "mean": float(f"{mean:.5g}"),
                    "deviation": float(f"{deviation:.5g}"),
                    "weights": _rounded(weights),
                }
                for name, mean, deviation, weights in columns
            },
        }
        return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def _rounded(numbers: Weights) -> list[float]:
    return [round(float(each), 4) for each in numbers]


def record_of(text: str, place: str) -> Record:
    """Return a record that was written as JSON.

    Args:
        text: what `Record.to_text` gives.
        place: where it is from, for errors.

    Raises:
        InvalidInput: if it is none.
    """
    try:
        facts = json.loads(text)
        figures: Mapping[str, Any] = facts["figures"]
        record = Record(
            model=facts["model"],
            fitted_on=facts["fitted_on"],
            names=tuple(figures),
            means=np.array([each["mean"] for each in figures.values()], dtype=np.float64),
            deviations=np.array([each["deviation"] for each in figures.values()], dtype=np.float64),
            hidden=np.array([each["weights"] for each in figures.values()], dtype=np.float64),
            biases=np.array(facts["units"]["biases"], dtype=np.float64),
            output=np.array(facts["units"]["weights"], dtype=np.float64),
            bias=float(facts["bias"]),
            rest=tuple(map(float, facts["rest"])),  # type: ignore[arg-type] # three are checked for below
            threshold=float(facts["threshold"]),
        )
        whole = record.hidden.shape == (len(figures), len(record.biases)) and record.output.shape == record.biases.shape
        if not (whole and len(record.rest) == 3 and (record.deviations > 0).all()):
            raise ValueError("its numbers do not fit each other")
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput(
            f"{place} is no record of confidence ({error}); make it with: python -m eval calibrate"
        ) from None
    return record


def probability(log_odds: float) -> float:
    """Return the probability of odds that are given as a logarithm."""
    return 1 / (1 + exp(min(-log_odds, MOST_EXPONENT)))


BM25 = Unfitted(20.0, 0.2)  # a score of 20 is four or five rare words that match
COSINES = Unfitted(0.5, 8.0)


def unfitted(signals: frozenset[Signal]) -> Confidence:
    """Return what takes the scores of some signals as they come."""
    return BM25 if signals == {Signal.LEXICAL} else COSINES


@cache
def shipped_records() -> Mapping[str, Record]:
    """Return the records that come with this version, by the names of their models."""
    return {path.stem: record_of(path.read_text(encoding="utf-8"), path.name) for path in RECORDS.glob("*.json")}


def confidence_of(spec: EncoderSpec, kept: str | None = None) -> Record | None:
    """Return the record of a model: the one that an index keeps, or else the one that is shipped; `None` for neither.

    Args:
        spec: the model.
        kept: what the index keeps, if anything; one of another model does not count.

    Raises:
        InvalidInput: if what is kept is no record.
    """
    record = None if kept is None else record_of(kept, "what the index keeps")
    if record is not None and record.model == spec.name:
        return record
    return shipped_records().get(SAME_WEIGHTS.get(spec.name, spec.name))
