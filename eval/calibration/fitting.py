"""Fitting a record of confidence to what was seen.

Small networks of one hidden layer, trained for the logarithm of likelihood by scikit-learn, from several random
beginnings; one network of all their units is their mean. More units, or trees instead, did no better on articles left
out; a straight logistic regression is nearly as good at order, and worse at probabilities across languages.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from corpus.errors import InvalidInput
from eval.calibration.observing import Seen
from index.ranking.confidence import FARTHEST, Record

UNITS = 10
BEGINNINGS = 3
SHRINKAGE = 0.1  # of weights, by which few examples of a kind do not bend the whole
ROUNDS = 60
# What a question of each kind of set-up counts for: documents that are cut are what is searched mostly. Single words
# asked across languages are left out: they are names, and another script is a question of its own.
COUNTS = {
    "documents": 2.0,
    "mixed": 2.0,
    "one document": 1.0,
    "paragraphs": 1.0,
    "other paragraphs": 1.0,
    "articles": 1.0,
    "sentences": 0.3,
    "words": 0.3,
}
SMALL_COUNTS = 0.7  # a question of a corpus of a few passages
WITHIN_COUNTS = 1.3  # times that within a language, for most texts are asked in their own
LOST = 0.0375  # the share of answerable questions on held-out paragraphs that may be refused wrongly
FEWEST = 200  # questions of either kind; below, a record is guesswork

Matrix = NDArray[np.float64]


def fit(seen: Sequence[Seen], model: str, fitted_on: str, seed: int = 0) -> Record:
    """Return the record that makes what was seen most likely.

    Args:
        seen: answers in all kinds of set-up.
        model: whose scores they are of.
        fitted_on: on which questions, as the record says it.
        seed: of the random beginnings.

    Raises:
        InvalidInput: if there are too few right or wrong answers.
    """
    used = [each for each in seen if count_of(each)]
    right = np.array([each.right[0] for each in used])
    if min(right.sum(), (~right).sum()) < FEWEST:
        told = f"{right.sum()} right and {(~right).sum()} wrong answers"
        raise InvalidInput(f"{told} are too few to fit confidence to; ask {FEWEST} of either kind at least")
    names = tuple(used[0].figures)
    figures = np.array([[each.figures[name] for name in names] for each in used])
    counts = np.array([count_of(each) for each in used])
    means, deviations = figures.mean(axis=0), figures.std(axis=0).clip(1e-6)
    scaled = ((figures - means) / deviations).clip(-FARTHEST, FARTHEST)
    nets = [_network(scaled, right, counts, seed + beginning) for beginning in range(BEGINNINGS)]
    record = Record(
        model=model,
        fitted_on=fitted_on,
        names=names,
        means=means,
        deviations=deviations,
        hidden=np.hstack([net.coefs_[0] for net in nets]),
        biases=np.concatenate([net.intercepts_[0] for net in nets]),
        output=np.concatenate([net.coefs_[1][:, 0] for net in nets]) / BEGINNINGS,
        bias=float(np.mean([net.intercepts_[1][0] for net in nets])),
        rest=(1.0, 0.0, 0.0),
        threshold=0.0,
    )
    return _finished(record, used)


def count_of(seen: Seen) -> float:
    """Return what an answer counts for in a fit."""
    asked, found = seen.direction.split("->")
    count = COUNTS.get(seen.kind, SMALL_COUNTS)
    return count * WITHIN_COUNTS if asked == found else 0.0 if seen.kind == "words" else count


def _network(scaled: Matrix, right: NDArray[np.bool_], counts: Matrix, seed: int) -> MLPClassifier:
    net = MLPClassifier((UNITS,), activation="tanh", alpha=SHRINKAGE, max_iter=ROUNDS, random_state=seed)
    with warnings.catch_warnings(category=ConvergenceWarning, action="ignore"):  # so many rounds are enough
        return net.fit(scaled, right, sample_weight=counts)


def _finished(record: Record, seen: Sequence[Seen]) -> Record:
    """Return a record with what follows from its first passages: how the others follow, and the threshold."""
    odds = [record.log_odds(np.array([each.figures[name] for name in record.names])) for each in seen]
    rows = [(first, gap) for first, each in zip(odds, seen, strict=True) for gap in each.gaps[1:]]
    follows = LogisticRegression(C=1e6).fit(rows, [right for each in seen for right in each.right[1:]])
    share, fall = follows.coef_[0].tolist()
    held = [first for first, each in zip(odds, seen, strict=True) if each.answerable and each.kind == "paragraphs"]
    threshold = 1 / (1 + np.exp(-np.quantile(held, LOST)))
    return replace(record, rest=(share, float(follows.intercept_[0]), fall), threshold=float(threshold))
