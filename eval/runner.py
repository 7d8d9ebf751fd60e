"""Asking a retriever every question of a set, and what came of it in figures."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from corpus.document import text_digest
from eval.judgments import TextOf, judge_question
from eval.measures import Refusal, mean_measures, measure, refusal
from eval.questions import Question, QuestionSet
from eval.retrievers import Answer, AnswerHit, Retriever

Progress = Callable[[int], None]

LANGUAGE_GROUPS = ("en", "zh", "other")  # in the order of reports

LIBRARIES = {  # by the name of the module, which is not always that of the distribution
    "faiss": "faiss-cpu",
    "numpy": "numpy",
    "sentence_transformers": "sentence-transformers",
    "tokenizers": "tokenizers",
    "torch": "torch",
    "transformers": "transformers",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Attributes:
        question: as it was asked.
        answer: as it came back, cut to k hits.
        rank: of the first hit that answers it; none if none does, or if it has no answer.
        measures: by name; empty if it has no answer.
    """

    question: Question
    answer: Answer
    rank: int | None
    measures: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """Return the entry of `per_query`."""
        return {
            "id": self.question.question_id,
            "lang": self.question.language,
            "kind": self.question.kind,
            "rank": self.rank,
            "confidence": self.answer.confidence,
            "answerable": self.question.answerable,
            "flag": self.answer.answerable,
            "measures": self.measures,
            "hits": [_hit_as_json(hit) for hit in self.answer.hits],
        }


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """How many citations were cut out of the documents they name, and how many did not read as quoted."""

    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A question set run over a retriever; the measures are means over the answerable questions.

    Attributes:
        measures: of them all.
        by_language: of `en`, `zh` and `other`; `zh-Hant` is `other`.
        by_kind: of each kind.
        refusal: how well unanswerable questions are told from the others.
        citations: whether what is cited stands where it is said to stand.
        per_query: every question, in the order asked.
        index: what was searched.
        versions: of Python and of the libraries at work in this process, not in that of a service.
    """

    measures: Mapping[str, float]
    by_language: Mapping[str, Mapping[str, float]]
    by_kind: Mapping[str, Mapping[str, float]]
    refusal: Refusal
    citations: CitationCheck
    per_query: tuple[Outcome, ...]
    index: Mapping[str, object]
    versions: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """Return the evaluation as a file keeps it."""
        return {
            "measures": self.measures,
            "by_language": self.by_language,
            "by_kind": self.by_kind,
            "refusal": asdict(self.refusal),
            "citations": asdict(self.citations),
            "per_query": [outcome.as_json() for outcome in self.per_query],
            "index": self.index,
            "versions": self.versions,
        }


def evaluate(
    question_set: QuestionSet, retriever: Retriever, k: int = 10, progress: Progress | None = None
) -> Evaluation:
    """Ask every question, judge the best `k` passages and check their citations.

    Args:
        question_set: what to ask, and how to judge.
        retriever: whom to ask.
        k: passages to ask for and to judge.
        progress: called with 1 after every question.
    """
    index = retriever.describe()  # first, so that an unreachable service is known at once
    text_of = cache(retriever.document_text)
    outcomes = []
    for question in question_set.questions:
        answer = retriever.ask(question.text, k)
        answer = Answer(answer.confidence, answer.answerable, answer.hits[:k])
        outcomes.append(_judge(question, question_set.qrels.get(question.question_id), answer, text_of))
        if progress is not None:
            progress(1)
    return Evaluation(
        measures=mean_measures([outcome.measures for outcome in outcomes if outcome.question.answerable]),
        by_language=_by_group(outcomes, lambda outcome: language_group(outcome.question.language)),
        by_kind=_by_group(outcomes, lambda outcome: outcome.question.kind),
        refusal=_refusal(outcomes),
        citations=_check_citations((hit for outcome in outcomes for hit in outcome.answer.hits), text_of),
        per_query=tuple(outcomes),
        index=index,
        versions=_versions(),
    )


def language_group(language: str) -> str:
    """Return the group that questions in a language are reported under: `en`, `zh` or `other`."""
    return language if language in LANGUAGE_GROUPS else "other"


def unseen_sources(evaluation: Evaluation) -> list[str]:
    """Return the sources of evidence that no hit at all came from: most likely they were never indexed."""
    outcomes = evaluation.per_query
    seen = {hit.source for outcome in outcomes for hit in outcome.answer.hits}
    return sorted({piece.source for outcome in outcomes for piece in outcome.question.evidence} - seen)


def _judge(question: Question, relevance: Mapping[str, int] | None, answer: Answer, text_of: TextOf) -> Outcome:
    if not question.answerable:
        return Outcome(question, answer, None, {})
    judged = judge_question(question, relevance, answer.hits, text_of)
    return Outcome(question, answer, judged.rank, measure(judged))


def _by_group(outcomes: Iterable[Outcome], group_of: Callable[[Outcome], str]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.question.answerable:
            groups[group_of(outcome)].append(outcome.measures)
    return {group: mean_measures(groups[group]) for group in sorted(groups)}


def _refusal(outcomes: Sequence[Outcome]) -> Refusal:
    said: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for outcome in outcomes:
        said[outcome.question.answerable].append((outcome.answer.confidence, outcome.answer.answerable))
    return refusal(answerable=said[True], unanswerable=said[False])


def _check_citations(hits: Iterable[AnswerHit], text_of: TextOf) -> CitationCheck:
    checks = [_reads_as_cited(hit, text_of(hit.document_id)) for hit in hits]
    return CitationCheck(checked=len(checks), failed=checks.count(False))


def _reads_as_cited(hit: AnswerHit, text: str) -> bool:
    # Bounds first: a negative offset would count from the end, and a cut beyond it be shortened in silence.
    in_bounds = 0 <= hit.start <= hit.end <= len(text)
    return in_bounds and text[hit.start : hit.end] == hit.quote and text_digest(text) == hit.document_sha256


def _hit_as_json(hit: AnswerHit) -> dict[str, object]:
    # Without the words: they can be cut again, and a file of figures should not carry a copy of the corpus.
    entry = asdict(hit)
    del entry["quote"], entry["document_sha256"]
    return entry


def _versions() -> dict[str, str]:
    found = {"python": python_version()}
    for module, distribution in {"corpus": "wherefrom", **LIBRARIES}.items():
        if module in sys.modules:
            try:
                found[distribution] = version(distribution)
            except PackageNotFoundError:  # run from a checkout that is not installed
                found[distribution] = "unknown"
    return found
