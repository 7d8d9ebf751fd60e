"""What came of asking a question set, the figures that follow from it, and the file that keeps both.

The outcomes are the only truth. Means and rates are computed from them whenever they are asked for, so that a
file that is read again cannot say two things.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import RootModel

from eval.files import parse_json, read_text, write_text
from eval.judged_answer import Outcome, answerable, by_kind, by_language, mean_of, refusal_of
from eval.judgments import Highlight
from eval.measures import Refusal, share


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


def _means(groups: Mapping[str, list[Outcome]]) -> dict[str, dict[str, float]]:
    return {group: mean_of(outcomes) for group, outcomes in groups.items() if answerable(outcomes)}
