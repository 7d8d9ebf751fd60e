"""Asking a retriever every question of a set, judging what it found and checking what it cites."""

import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from corpus.document import text_digest
from corpus.errors import InvalidInput
from corpus.language import detect_language
from eval.answers import JudgedAnswer
from eval.evaluation import CitationCheck, Evaluation
from eval.judgments import TextOf, highlight_of, judge_question
from eval.retriever import Answer, CitedHit, Retriever
from eval.sets.question_set import Question, QuestionSet
from index.query import Query

Progress = Callable[[int], None]

NO_ANSWER = Answer(confidence=0.0, answerable=False, hits=())

LIBRARIES = {  # by the name of the module, which is not always that of the distribution
    "faiss": "faiss-cpu",
    "numpy": "numpy",
    "sentence_transformers": "sentence-transformers",
    "tokenizers": "tokenizers",
    "torch": "torch",
    "transformers": "transformers",
}


def evaluate(
    question_set: QuestionSet, retriever: Retriever, k: int = 10, progress: Progress = lambda done: None
) -> Evaluation:
    """Ask every question, judge the best `k` passages and check their citations.

    A question that cannot be asked counts as not answered: leaving it out would flatter.

    Args:
        question_set: what to ask, and how to judge.
        retriever: whom to ask.
        k: passages to ask for and to judge.
        progress: called with 1 after every question.
    """
    index = retriever.describe()  # first, so that an unreachable service is known at once
    text_of = cache(retriever.document_text)
    language_of = cache(lambda document_id: detect_language(text_of(document_id)))
    judged: list[JudgedAnswer] = []
    checks: list[bool] = []
    problems = unaskable(question_set)
    for question in question_set.questions:
        answer = NO_ANSWER if question.question_id in problems else retriever.ask(question.text, k)
        answer = Answer(answer.confidence, answer.answerable, answer.hits[:k])
        languages = tuple(language_of(hit.document_id) for hit in answer.hits)
        judged.append(_judge(question, question_set.qrels.get(question.question_id), answer, languages, text_of))
        checks.extend(_reads_as_cited(hit, text_of(hit.document_id)) for hit in answer.hits)
        progress(1)
    citations = CitationCheck(checked=len(checks), failed=checks.count(False))
    return Evaluation(question_set.name, k, tuple(judged), citations, index, _versions())


def unaskable(question_set: QuestionSet) -> dict[str, str]:
    """Return what is wrong with the questions that no search takes, empty ones for instance, by their ids."""
    problems = {}
    for question in question_set.questions:
        try:
            Query(question.text)
        except InvalidInput as error:
            problems[question.question_id] = str(error)
    return problems


def unseen_sources(question_set: QuestionSet, evaluation: Evaluation) -> list[str]:
    """Return the sources of evidence that no hit at all came from: most likely they were never indexed.

    A set that brings its own passages has them indexed.
    """
    if question_set.passages:
        return []
    seen = {hit.source for answer in evaluation.per_query for hit in answer.hits}
    return sorted({piece.source for question in question_set.questions for piece in question.evidence} - seen)


def _judge(
    question: Question,
    relevance: Mapping[str, int] | None,
    answer: Answer,
    languages: tuple[str, ...],
    text_of: TextOf,
) -> JudgedAnswer:
    judged = judge_question(question, relevance, answer.hits, text_of) if question.answerable else None
    answered = judged is not None and judged.rank == 1
    return JudgedAnswer(
        id=question.question_id,
        lang=question.language,
        kind=question.kind,
        question=question.text,
        flag=answer.answerable,
        confidence=answer.confidence,
        judged=judged,
        highlight=highlight_of(question, answer.hits[0], text_of) if answered else None,
        hits=tuple(hit.bare() for hit in answer.hits),
        languages=languages,
    )


def _reads_as_cited(hit: CitedHit, text: str) -> bool:
    # Bounds first: a negative offset would count from the end, and a cut beyond it be shortened in silence.
    in_bounds = 0 <= hit.start <= hit.end <= len(text)
    return in_bounds and text[hit.start : hit.end] == hit.quote and text_digest(text) == hit.document_sha256


def _versions() -> dict[str, str]:
    found = {"python": python_version()}
    for module, distribution in {"corpus": "wherefrom", **LIBRARIES}.items():
        if module in sys.modules:
            try:
                found[distribution] = version(distribution)
            except PackageNotFoundError:  # run from a checkout that is not installed
                found[distribution] = "unknown"
    return found
