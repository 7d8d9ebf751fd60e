"""What came of one question, and of groups of them; an evaluation is made of judged answers and nothing else."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar

from pydantic import Field

from eval.judgments import Highlight
from eval.measures import Judged, Refusal, mean_measures, measure, refusal, share
from eval.retriever import Hit

LANGUAGE_GROUPS = ("en", "zh", "other")  # in the order of reports

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
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
        languages: those of the documents that hits are from, best first.
    """

    id: str
    lang: str
    kind: str
    question: str
    flag: bool
    confidence: Annotated[float, Field(ge=0, le=1)]
    judged: Judged | None
    highlight: Highlight | None
    hits: tuple[Hit, ...]
    languages: tuple[str, ...] = ()  # a file of before has none

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
class Firsts:
    """What comes first where documents of several languages stand side by side.

    Attributes:
        questions: the answerable ones in a language that anything was found in.
        right: share of them whose first hit is right, in whichever language; trec_eval's `success_1`.
        own_language: share of them whose first hit is in their own language, right or not.
    """

    questions: int
    right: float | None
    own_language: float | None


def by_language(answers: Iterable[JudgedAnswer]) -> dict[str, list[JudgedAnswer]]:
    """Return the answers of the groups `en`, `zh` and `other`, those that occur, in this order."""
    groups = _grouped(answers, lambda each: each.lang if each.lang in LANGUAGE_GROUPS else "other")
    return {group: groups[group] for group in LANGUAGE_GROUPS if group in groups}


def by_kind(answers: Iterable[JudgedAnswer]) -> dict[str, list[JudgedAnswer]]:
    """Return the answers of each kind of question, by name."""
    return dict(sorted(_grouped(answers, lambda each: each.kind).items()))


def answerable(answers: Iterable[JudgedAnswer]) -> list[JudgedAnswer]:
    """Return the answers to questions that have one; measures are means over these."""
    return [each for each in answers if each.answerable]


def mean_of(answers: Iterable[JudgedAnswer]) -> dict[str, float]:
    """Return the mean of every measure over the answerable."""
    return mean_measures([each.measures for each in answerable(answers)])


def confidences_of(answers: Iterable[JudgedAnswer]) -> list[tuple[float, bool]]:
    """Return `(confidence, right)` of each: whether its first passage answers, which nothing does to some."""
    return [(each.confidence, each.rank == 1) for each in answers]


def refusal_of(answers: Iterable[JudgedAnswer]) -> Refusal:
    """Return how well the unanswerable among some are told from the others."""
    said = _grouped(answers, lambda each: each.answerable)
    kept, refused = ([(each.confidence, each.flag) for each in said.get(side, ())] for side in (True, False))
    return refusal(answerable=kept, unanswerable=refused)


def found_languages(answers: Iterable[JudgedAnswer]) -> set[str]:
    """Return the languages of all that was found."""
    return {language for each in answers for language in each.languages} - {"und"}


def firsts_of(answers: Iterable[JudgedAnswer], found: Collection[str]) -> Firsts | None:
    """Return what comes first among some answers; none where all that was `found`, by these or others, is in one."""
    if len(found) <= 1:
        return None
    own = [(each, each.lang.partition("-")[0]) for each in answerable(answers)]  # documents are `zh`, never `zh-Hant`
    asked = [(each, language) for each, language in own if language in found]
    right = share([each.rank == 1 for each, _ in asked])
    return Firsts(len(asked), right, share([each.languages[:1] == (language,) for each, language in asked]))


def _grouped(
    answers: Iterable[JudgedAnswer], group_of: Callable[[JudgedAnswer], Group]
) -> dict[Group, list[JudgedAnswer]]:
    groups: dict[Group, list[JudgedAnswer]] = {}
    for each in answers:
        groups.setdefault(group_of(each), []).append(each)
    return groups
