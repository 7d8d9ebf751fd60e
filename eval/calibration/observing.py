"""What is seen when the questions of a set-up are asked: the figures of each answer, and whether it was right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from eval.calibration.setups import Setup
from eval.local_retriever import open_indexed
from index.models.encoder import Encoder
from index.ranking.evidence import COMPARED, Figures

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer to a question.

    Attributes:
        kind: of the set-up.
        direction: the languages of question and passages.
        figures: what speaks for the first passage.
        answerable: whether any of the passages answers.
        right: of each passage found whether it answers, best first.
        gaps: by how much each scores less than the first.
    """

    kind: str
    direction: str
    figures: Figures
    answerable: bool
    right: tuple[bool, ...]
    gaps: tuple[float, ...]


def observe(setup: Setup, encoder: Encoder) -> Iterator[Seen]:
    """Yield what is found for each question of a set-up; questions for which nothing is found are left out."""
    with open_indexed(setup.question_set.passages, encoder) as retriever:
        for question in setup.question_set.questions:
            relevant = setup.question_set.qrels.get(question.question_id, {})
            found = retriever.search(question.text, COMPARED)
            if found.results:
                scores = [each.scores["rerank"] for each in found.results]
                yield Seen(
                    setup.kind,
                    setup.direction,
                    found.evidence,
                    bool(relevant),
                    tuple(each.document_id in relevant for each in found.results),
                    tuple(scores[0] - score for score in scores),
                )
