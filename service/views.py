"""From what the index answers to the plain values of its JSON; the command line and HTTP show the same."""

from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from typing import Any, get_args

from corpus.document import Document, DocumentFacts
from corpus.passage import Citation, Passage, Quotation, Span, cite
from corpus.store.job import Job, JobState
from corpus.store.originals import OriginalFacts
from corpus.store.stored import DocumentSummary
from index.answer import Context, IndexState, Result, SearchResult

Noun = Citation | Context | IndexState | OriginalFacts | Quotation | Span
# Of each, the names of its fields; to ask for them each time takes as long as to read them.
FIELDS: Mapping[type, tuple[str, ...]] = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(Noun)}
DECIMALS = 4  # of scores; what lies beyond is noise of the arithmetic


def search_view(result: SearchResult) -> dict[str, Any]:
    """Return the JSON of an answer, but for the request's id."""
    return {
        "query": result.query,
        "language": result.language,
        "answerable": result.answerable,
        "confidence": _rounded(result.confidence),
        "calibrated": result.calibrated,
        "no_answer_reason": result.no_answer_reason,
        "results": [_result_view(each) for each in result.results],
        "index": _plain(result.index),
        "timings_ms": dict(result.timings_ms),
    }


def _result_view(result: Result) -> dict[str, Any]:
    return {
        "rank": result.rank,
        "passage_id": result.passage_id,
        "document_id": result.document_id,
        "text": result.text,
        "score": _rounded(result.score),
        "scores": {name: _rounded(score) for name, score in result.scores.items()},
        "citation": _citation_view(result.citation),
        "highlights": [_plain(span) for span in result.highlights],
        "best_highlight": None if result.best_highlight is None else _plain(result.best_highlight),
        "context": None if result.context is None else _plain(result.context),
        "also_in": [_citation_view(citation) for citation in result.also_in],
    }


def _rounded(score: float) -> float:
    """Return a score as it is shown.

    Raises:
        ValueError: if it is no number, which JSON has no word for; a null would pass for a score that is not known.
    """
    if not isfinite(score):
        raise ValueError(f"a score is {score}")
    return round(score, DECIMALS)


def passage_view(passage: Passage, document: DocumentFacts) -> dict[str, Any]:
    """Return the JSON of a passage."""
    citation = cite(passage, document, "[1]")
    return {
        "passage_id": passage.passage_id,
        "document_id": passage.document_id,
        "text": passage.text,
        "citation": _citation_view(citation),
    }


def _citation_view(citation: Citation) -> dict[str, Any]:
    header = citation.table_header
    return {**_plain(citation), "table_header": None if header is None else _plain(header)}


def document_view(document: Document) -> dict[str, Any]:
    """Return the JSON of a document."""
    return {
        "document_id": document.document_id,
        "source": document.source,
        "title": document.title,
        "text": document.text,
        "start": 0,
        "end": len(document.text),
        "characters": len(document.text),
        "sha256": document.sha256,
        "language": document.language,
        "publisher": document.publisher,
        "published": document.published,
        "url": document.url,
        "author": document.author,
        "metadata": dict(document.metadata),
    }


def part_view(facts: DocumentFacts, text: str, span: Span, characters: int) -> dict[str, Any]:
    """Return the JSON of a document with a part of its text, which has so many characters in all."""
    known = {field.name: getattr(facts, field.name) for field in fields(facts)}
    head = {name: known.pop(name) for name in ("document_id", "source", "title")}
    place = {"text": text, "start": span.start, "end": span.end, "characters": characters}
    return {**head, **place, **known, "metadata": dict(facts.metadata)}


def kept_view(document: Document, sequence: int, original: OriginalFacts | None) -> dict[str, Any]:
    """Return the JSON of a document with its last change, and what is known of the file it was read from."""
    return {**document_view(document), **storage_view(sequence, original)}


def storage_view(sequence: int, original: OriginalFacts | None) -> dict[str, Any]:
    """Return the JSON of what a store knows of a document besides: its last change, and its original."""
    return {"sequence": sequence, "original": None if original is None else _plain(original)}


def job_view(job: Job, collection: str) -> dict[str, Any]:
    """Return the JSON of a job of a collection."""
    comes_to_nothing = job.document_id is None or job.state in (JobState.FAILED, JobState.CANCELLED)
    return {
        "id": job.job_id,
        "state": str(job.state),
        "source": job.source,
        "collection": collection,
        "documents": list(job.documents) or ([] if comes_to_nothing else [job.document_id]),
        "pages": job.pages,
        "passages": job.passages,
        "total": job.total,
        "reason": job.reason,
        "created": job.created,
        "changed": job.changed,
    }


def summary_view(summary: DocumentSummary) -> dict[str, Any]:
    """Return the JSON of a document as it stands in a list."""
    facts = summary.facts
    return {
        "document_id": facts.document_id,
        "source": facts.source,
        "title": facts.title,
        "language": facts.language,
        "publisher": facts.publisher,
        "published": facts.published,
        "url": facts.url,
        "sha256": facts.sha256,
        "characters": summary.characters,
        "passages": summary.passages,
        "sequence": summary.sequence,
    }


def _plain(noun: Noun) -> dict[str, Any]:
    """Return the fields as they are; `asdict` would copy what is in them, which takes longer than all else here."""
    return {name: getattr(noun, name) for name in FIELDS[type(noun)]}
