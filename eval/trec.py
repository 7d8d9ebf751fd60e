"""Evaluations as TREC runs and qrels by passage, from which trec_eval and ir_measures compute the figures we print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from corpus.errors import InvalidInput
from corpus.passage import passage_id_of
from eval.evaluation import Evaluation
from eval.judgments import TextOf, counted_hits
from eval.retriever import Hit
from eval.sets.question_set import QuestionSet

TAG = "wherefrom"
NOT_FOUND = "not-found"  # in qrels: a passage that answers, and is none of those that were found

Row = tuple[str, ...]
Counted = Sequence[tuple[Hit, int]]


@dataclass(frozen=True, slots=True)
class TrecFiles:
    """The rows of a run, `query Q0 passage rank score tag`, and of its qrels, `query 0 passage gain`."""

    run: list[Row] = field(default_factory=list)
    qrels: list[Row] = field(default_factory=list)


def trec_files(question_set: QuestionSet, evaluation: Evaluation, text_of: TextOf) -> TrecFiles:
    """Return an evaluation as a run and qrels by passage.

    The run has the hits that count (see `counted_hits`) with the scores that the answer gave them. The qrels name the
    relevant passages of each answerable question. Where a set has qrels, these are they: each of its documents is one
    passage. Where evidence judges, one passage that covers it is enough, whichever it is, so one is relevant: the hit
    that completes the evidence, or `not-found` where none does. Such qrels belong to this run alone.

    Args:
        question_set: what was asked.
        evaluation: what came of it.
        text_of: as the retriever that was asked has it.
    """
    text_of = cache(text_of)
    passages = {each.document_id: passage_id_of(each.document_id, each.text, 0) for each in question_set.passages}
    files = TrecFiles()
    for question, answer in zip(question_set.questions, evaluation.per_query, strict=True):
        relevance = question_set.qrels.get(question.question_id)
        counted = counted_hits(question, relevance, answer.hits, text_of)
        files.run.extend(_run_rows(question.question_id, counted))
        if relevance is not None:
            relevant: Mapping[str, int] = {passages.get(name, name): gain for name, gain in relevance.items()}
        else:
            relevant = {hit.passage_id: 1 for hit, gain in counted if gain} or {NOT_FOUND: 1}
        if question.answerable:
            files.qrels.extend((question.question_id, "0", passage, str(gain)) for passage, gain in relevant.items())
    return files


def trec_text(rows: Sequence[Row]) -> str:
    """Return rows as the text of a file.

    Raises:
        InvalidInput: if an id holds white space, which separates the columns.
    """
    if wrong := [name for row in rows for name in row if name.split() != [name]]:
        raise InvalidInput(f"the id {wrong[0]!r} holds white space, which a TREC file cannot; use another")
    return "".join(f"{' '.join(row)}\n" for row in rows)


def _run_rows(question_id: str, counted: Counted) -> Iterator[Row]:
    """Yield the rows of a question. Other tools order by score alone, so one that is not below the last is lowered."""
    last = np.float32(np.inf)  # trec_eval keeps scores in single precision, in which two may be equal
    for rank, (hit, _) in enumerate(counted, 1):
        last = min(np.float32(hit.score), np.nextafter(last, np.float32(-np.inf)))
        yield question_id, "Q0", hit.passage_id, str(rank), str(last), TAG
