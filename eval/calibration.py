"""Fitting the curves of `index.ranking.confidence`: how often is the best passage right, given its score?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from eval.local_retriever import LocalRetriever, answer_of
from eval.retriever import Answer
from eval.running import Progress, evaluate
from eval.sets.question_set import QuestionSet
from index.ranking.confidence import Curve, same_language

# Below so few of either kind a curve is guesswork.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Point:
    """The best passage of a question.

    Attributes:
        score: what it was ranked by.
        right: whether it answers.
        same_language: whether question and passage are in one language.
    """

    score: float
    right: bool
    same_language: bool


class _Recorder:
    """A retriever that notes the score of the best passage to each question."""

    def __init__(self, retriever: LocalRetriever) -> None:
        self._retriever = retriever
        self.noted: dict[str, tuple[float, bool]] = {}
        self.document_text = retriever.document_text
        self.describe = retriever.describe

    def ask(self, question: str, k: int) -> Answer:
        found = self._retriever.search(question, k)
        if found.results:
            best = found.results[0]
            language = self._retriever.document_language(best.document_id)
            self.noted[question] = best.scores["rerank"], same_language(found.language, language)
        return answer_of(found)


def points_of(question_set: QuestionSet, retriever: LocalRetriever, progress: Progress) -> list[Point]:
    """Ask every question, with an answer there or without, and return what came first."""
    recorder = _Recorder(retriever)
    return [
        Point(recorder.noted[each.question][0], each.rank == 1, recorder.noted[each.question][1])
        for each in evaluate(question_set, recorder, 1, progress).per_query
        if each.question in recorder.noted
    ]


def curves_of(points: Iterable[Point]) -> Mapping[str, Curve | None]:
    """Return the curve within a language and that across languages, where there are points enough."""
    points = list(points)
    return {
        "same language": fit(point for point in points if point.same_language),
        "other language": fit(point for point in points if not point.same_language),
    }


def fit(points: Iterable[Point]) -> Curve | None:
    """Return the logistic curve that makes what was seen most likely (Platt, 1999); none for too few points.

    Platt's targets stand in for 0 and 1, so that perfectly parted scores do not ask for an endless slope.
    """
    points = list(points)
    right = sum(point.right for point in points)
    wrong = len(points) - right
    if min(right, wrong) < FEWEST:
        return None
    scores = np.array([point.score for point in points])
    goals = np.where([point.right for point in points], (right + 1) / (right + 2), 1 / (wrong + 2))
    centre, spread = scores.mean(), scores.std() or 1.0
    scaled = np.column_stack([(scores - centre) / spread, np.ones(len(points))])
    weights = np.zeros(2)
    for _ in range(100):  # Newton's method; the loss is convex
        odds = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (odds - goals)
        bend = (scaled * (odds * (1 - odds))[:, None]).T @ scaled + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    slope_per_unit = float(weights[0] / spread)
    return Curve(midpoint=float(centre - weights[1] / slope_per_unit), slope=slope_per_unit)
