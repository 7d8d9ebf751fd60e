"""What came of asking a question set: an outcome a question, the figures that follow from them, and their file.

The outcomes are the only truth. Means and rates are computed from them whenever they are asked for, so that a
file that is read again cannot say two things.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from eval.forms import parse_json, read_text, write_text
from eval.judgments import Highlight
from eval.measures import Judged, Refusal, mean_measures, measure, refusal, share

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


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """How many citations were cut out of the documents they name, and how many did not read as quoted."""

    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Highlighting:
    """How well highlights point at the answer, where the first hit answers and the set says where it stands.

    Attributes:
        questions: how many such questions there are.
        whole: share of them whose highlights hold a piece of evidence whole; none where there are none.
        overlapping: share of them whose highlights hold any of it.
    """

    questions: int
    whole: float | None
    overlapping: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A question set run over a retriever.

    Attributes:
        questions: the name of the set.
        k: how many passages were asked for and judged.
        per_query: every question, in the order asked.
        citations: whether what is cited stands where it is said to stand.
        index: what was searched.
        versions: of Python and of the libraries at work in this process, not in that of a service.

    Raises:
        ValueError: if two outcomes bear one id, because runs are paired by it.
    """

    questions: str
    k: int
    per_query: tuple[Outcome, ...]
    citations: CitationCheck
    index: Mapping[str, object]
    versions: Mapping[str, str]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for outcome in self.per_query:
            if outcome.id in seen:
                raise ValueError(f"two questions have the id {outcome.id!r}")
            seen.add(outcome.id)

    @property
    def measures(self) -> dict[str, float]:
        """The mean of every measure over the answerable questions."""
        return mean_of(self.per_query)

    @property
    def by_language(self) -> dict[str, dict[str, float]]:
        """The same of `en`, `zh` and `other`, those that occur; `zh-Hant` is `other`."""
        return _means(by_language(self.per_query))

    @property
    def by_kind(self) -> dict[str, dict[str, float]]:
        """The same of each kind."""
        return _means(by_kind(self.per_query))

    @property
    def refusal(self) -> Refusal:
        """How well unanswerable questions are told from the others."""
        return refusal_of(self.per_query)

    @property
    def highlights(self) -> Highlighting:
        """How well highlights point at the answer."""
        found = [outcome.highlight for outcome in self.per_query if outcome.highlight is not None]
        whole = share([each is Highlight.WHOLE for each in found])
        return Highlighting(len(found), whole, share([each is not Highlight.NONE for each in found]))

    def as_json(self) -> dict[str, object]:
        """Return the evaluation as a file keeps it, its figures with it."""
        return {
            "questions": self.questions,
            "k": self.k,
            "measures": self.measures,
            "by_language": self.by_language,
            "by_kind": self.by_kind,
            "refusal": asdict(self.refusal),
            "citations": asdict(self.citations),
            "highlights": asdict(self.highlights),
            "per_query": [outcome.as_json() for outcome in self.per_query],
            "index": self.index,
            "versions": self.versions,
        }


class _File(RootModel[Evaluation]):
    pass


def read_evaluation(path: Path) -> Evaluation:
    """Return the evaluation that `run --out` has written.

    Raises:
        UnreadableFile: if the file cannot be read or holds something else.
    """
    return parse_json(_File, read_text(path), str(path), "give a file that `run --out` has written").root


def write_evaluation(path: Path, evaluation: Evaluation) -> None:
    """Write an evaluation to a file; equal ones are the same bytes.

    Raises:
        UnwritableFile: if it cannot be written.
    """
    write_text(path, json.dumps(evaluation.as_json(), ensure_ascii=False, sort_keys=True, indent=1) + "\n")


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


def _means(groups: Mapping[str, list[Outcome]]) -> dict[str, dict[str, float]]:
    return {group: mean_of(outcomes) for group, outcomes in groups.items() if answerable(outcomes)}
