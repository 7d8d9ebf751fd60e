"""What came of one question, and of groups of them; an evaluation is made of outcomes and nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field

from eval.judgments import Highlight
from eval.measures import Judged, Refusal, mean_measures, measure, refusal

LANGUAGE_GROUPS = ("en", "zh", "other")  # in the order of reports


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A hit as a file keeps it: without its words, which can be cut again, so that no file copies a corpus.

    Attributes:
        rank: from 1.
        passage_id: of the passage.
        document_id: of the document it is cut from.
        source: the file name of that document.
        start: first code point of the passage in the document's text.
        end: one past the last.
        score: as the retriever gave it, higher is better.
    """

    rank: int
    passage_id: str
    document_id: str
    source: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Attributes:
        id: of the question.
        lang: its language, as the set says it.
        kind: what sort of question it is.
        question: its text.
        flag: whether the retriever called it answerable.
        confidence: how sure the retriever was, 0 to 1.
        judged: what was found, seen through the judgments; none if the question has no answer.
        highlight: how much of the evidence the first hit highlights; none if that hit does not answer, or if the set
            does not say where in it the answer stands.
        hits: the passages found, best first.
    """

    id: str
    lang: str
    kind: str
    question: str
    flag: bool
    confidence: Annotated[float, Field(ge=0, le=1)]
    judged: Judged | None
    highlight: Highlight | None
    hits: tuple[FoundPassage, ...]

    @property
    def answerable(self) -> bool:
        """Whether the question has an answer."""
        return self.judged is not None

    @property
    def rank(self) -> int | None:
        """The rank of the first hit that answers; none if none does, or if the question has no answer."""
        return None if self.judged is None else self.judged.rank

    @property
    def measures(self) -> Mapping[str, float]:
        """Every measure by name; empty if the question has no answer."""
        return {} if self.judged is None else measure(self.judged)

    def as_json(self) -> dict[str, object]:
        """Return the entry of `per_query`."""
        figures = {"answerable": self.answerable, "rank": self.rank, "measures": self.measures}
        return {**asdict(self), **figures}


def language_group(language: str) -> str:
    """Return the group that questions in a language are reported under: `en`, `zh` or `other`."""
    return language if language in LANGUAGE_GROUPS else "other"


def by_language(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each language group that occurs, in the order of reports."""
    groups = _grouped(outcomes, lambda outcome: language_group(outcome.lang))
    return {group: groups[group] for group in LANGUAGE_GROUPS if group in groups}


def by_kind(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each kind of question, by name."""
    groups = _grouped(outcomes, lambda outcome: outcome.kind)
    return {kind: groups[kind] for kind in sorted(groups)}


def answerable(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes of questions that have an answer; measures are means over these."""
    return [outcome for outcome in outcomes if outcome.answerable]


def mean_of(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Return the mean of every measure over the answerable."""
    return mean_measures([outcome.measures for outcome in answerable(outcomes)])


def answers_of(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """Return `(confidence, right)` of each: whether its first passage answers, which nothing does to some."""
    return [(outcome.confidence, outcome.rank == 1) for outcome in outcomes]


def refusal_of(outcomes: Iterable[Outcome]) -> Refusal:
    """Return how well the unanswerable among some outcomes are told from the others."""
    said: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for outcome in outcomes:
        said[outcome.answerable].append((outcome.confidence, outcome.flag))
    return refusal(answerable=said[True], unanswerable=said[False])


def _grouped(outcomes: Iterable[Outcome], group_of: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[group_of(outcome)].append(outcome)
    return groups
