"""What came of asking a question set, the figures that follow from it, and the file that keeps both.

The judged answers are the only truth. Means and rates are computed from them whenever they are asked for, so that a
file that is read again cannot say two things.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import RootModel

from eval.answers import (
    Firsts,
    JudgedAnswer,
    answerable,
    by_kind,
    by_language,
    firsts_of,
    found_languages,
    mean_of,
    refusal_of,
)
from eval.files import parse_json, read_text, write_text
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
        per_query: the answer to every question, in the order asked.
        citations: whether what is cited stands where it is said to stand.
        index: what was searched.
        versions: of Python and of the libraries at work in this process, not in that of a service.

    Raises:
        ValueError: if two answers bear the id of one question, because runs are paired by it.
    """

    questions: str
    k: int
    per_query: tuple[JudgedAnswer, ...]
    citations: CitationCheck
    index: Mapping[str, object]
    versions: Mapping[str, str]

    def __post_init__(self) -> None:
        for name, count in Counter(answer.id for answer in self.per_query).items():
            if count > 1:
                raise ValueError(f"two questions have the id {name!r}")

    @property
    def measures(self) -> dict[str, float]:
        """The mean of every measure over the answerable questions."""
        return mean_of(self.per_query)

    @property
    def by_language(self) -> dict[str, dict[str, float]]:
        """The same of `en`, `zh` and `other`, those that occur; `zh-Hant` is `other`."""
        return {group: mean_of(answers) for group, answers in by_language(answerable(self.per_query)).items()}

    @property
    def by_kind(self) -> dict[str, dict[str, float]]:
        """The same of each kind."""
        return {kind: mean_of(answers) for kind, answers in by_kind(answerable(self.per_query)).items()}

    @property
    def refusal(self) -> Refusal:
        """How well unanswerable questions are told from the others."""
        return refusal_of(self.per_query)

    @property
    def highlights(self) -> Highlighting:
        """How well highlights point at the answer."""
        found = [answer.highlight for answer in self.per_query if answer.highlight is not None]
        whole = share([each is Highlight.WHOLE for each in found])
        return Highlighting(len(found), whole, share([each is not Highlight.NONE for each in found]))

    @property
    def firsts(self) -> Firsts | None:
        """What comes first; none where all that was found is in one language."""
        return firsts_of(self.per_query, found_languages(self.per_query))

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
            "firsts": None if self.firsts is None else asdict(self.firsts),
            "per_query": [answer.as_json() for answer in self.per_query],
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
