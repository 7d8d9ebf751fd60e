"""What is drawn: recall by depth, how refusing trades, and whether confidence means what it says; pure functions.

An answer here is a pair `(confidence, right)`: how sure the retriever was, and whether its first passage answers.
A question that nothing answers has no right answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from statistics import fmean

from eval.measures import Judged, recall

Point = tuple[float, float]
Answers = Collection[tuple[float, bool]]

BINS = 10


def recall_curve(queries: Collection[Judged], depth: int) -> list[Point]:
    """Return `(k, mean R@k)` for k = 1 to `depth`; nothing where there are no queries."""
    return [(k, fmean(recall(judged, k) for judged in queries)) for k in range(1, depth + 1)] if queries else []


def roc_curve(answerable: Sequence[float], unanswerable: Sequence[float]) -> list[Point]:
    """Return the ROC curve of confidence, from (0, 0) to (1, 1); nothing where either side is empty.

    A point is (share of the unanswerable that would be answered, share of the answerable that would be), at one
    threshold each; equal confidences share one. The area below is `measures.auroc`. Fawcett, An introduction to ROC
    analysis, Pattern Recognition Letters 27(8), 2006.
    """
    if not answerable or not unanswerable:
        return []
    pairs = [(score, True) for score in answerable] + [(score, False) for score in unanswerable]
    return [(0.0, 0.0)] + [
        ((count - kept) / len(unanswerable), kept / len(answerable)) for _, count, kept in _thresholds(pairs)
    ]


def risk_coverage(answers: Answers) -> list[Point]:
    """Return `(coverage, risk)` at every threshold of confidence, the highest first.

    Coverage is the share of the questions that are answered, risk the share of those whose answer is wrong.
    El-Yaniv, Wiener, On the Foundations of Noise-free Selective Classification, JMLR 11, 2010.
    """
    return [(count / len(answers), 1 - right / count) for _, count, right in _thresholds(answers)]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence.

    Attributes:
        confidence: their mean confidence.
        accuracy: the share of them that is right.
        size: how many they are.
    """

    confidence: float
    accuracy: float
    size: int


def reliability(answers: Answers) -> list[Bin]:
    """Return the bins of a reliability diagram: ten equally wide ranges of confidence, without the empty ones.

    A bin holds its lower bound, the last its upper bound too. DeGroot, Fienberg, The Comparison and Evaluation of
    Forecasters, The Statistician 32, 1983.
    """
    bins: list[Bin] = []
    for _, group in groupby(sorted(answers), key=lambda answer: min(int(answer[0] * BINS), BINS - 1)):
        members = list(group)
        confidence, accuracy = (fmean(column) for column in zip(*members, strict=True))
        bins.append(Bin(confidence, accuracy, len(members)))
    return bins


def calibration_error(answers: Answers) -> float | None:
    """Return the expected calibration error: how far confidence and accuracy lie apart; none without answers.

    ECE = sum over bins of (size / answers) * |accuracy - confidence|, over the bins of `reliability`. Naeini, Cooper,
    Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015.
    """
    if not answers:
        return None
    return sum(each.size * abs(each.accuracy - each.confidence) for each in reliability(answers)) / len(answers)


def brier_score(answers: Answers) -> float | None:
    """Return the mean of (confidence - right)², 0 at best; none without answers.

    Brier, Verification of Forecasts Expressed in Terms of Probability, Monthly Weather Review 78(1), 1950.
    """
    return fmean((confidence - right) ** 2 for confidence, right in answers) if answers else None


def _thresholds(answers: Answers) -> list[tuple[float, int, int]]:
    """Return `(confidence, answers at or above it, right ones among them)`, the highest confidence first."""
    ordered = sorted(answers, reverse=True)
    right = accumulate(is_right for _, is_right in ordered)
    running = [
        (confidence, count, int(so_far))
        for count, ((confidence, _), so_far) in enumerate(zip(ordered, right, strict=True), 1)
    ]
    # Equal confidences cannot be told apart: only the last of them ends a threshold.
    return [list(group)[-1] for _, group in groupby(running, key=lambda each: each[0])]
