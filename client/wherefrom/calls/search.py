"""The requests that ask questions and follow citations."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal, TypedDict

from wherefrom.calls.call import Call, json_body, packed, segment
from wherefrom.responses import BatchResponse, Citation, Document, Passage, SearchResponse

MAX_QUERIES = 32  # questions that the service takes in one request
BATCH_BYTES = 48_000  # of questions in one request; older services read 65,536 of all that is in it

Format = Literal["json", "claude", "cohere", "markdown"]


class Filters(TypedDict, total=False):
    """Which documents may answer; every condition given must hold."""

    source: str | list[str]
    document_id: str | list[str]
    folder: str | list[str]
    tag: str | list[str]
    language: str | list[str]
    published_after: str
    published_before: str
    mentions_year: int
    metadata: Mapping[str, Any]
    where: Mapping[str, Any]


class Options(Filters, total=False):
    """What a search may ask for beside the question; `/docs` of the service says what each does."""

    context_sentences: int
    min_confidence: float
    today: str
    max_chars: int
    format: Format


def search_call(query: str, k: int, options: Options) -> Call[SearchResponse]:
    """Return the request that asks a question."""
    body = {"query": query, "k": k, **_body(options)}
    return Call("POST", "/v1/search", SearchResponse.model_validate_json, sent=json_body(body))


def batch_calls(queries: Iterable[str], k: int, options: Options) -> Iterator[Call[BatchResponse]]:
    """Yield the requests that ask several questions, as many in each as the service takes."""
    for batch in packed(queries, lambda query: len(json.dumps(query)), BATCH_BYTES, MAX_QUERIES):
        body = {"queries": batch, "k": k, **_body(options)}
        yield Call("POST", "/v1/search", BatchResponse.model_validate_json, sent=json_body(body))


def passage_call(passage_id: str) -> Call[Passage]:
    """Return the request for a passage."""
    return Call("GET", f"/v1/passages/{segment(passage_id)}", Passage.model_validate_json)


def holds(citation: Citation, document: Document) -> bool:
    """Return whether a document still is what a citation cites: of the same digest, the quote at its place."""
    text = document.text
    digest = sha256(text.encode()).hexdigest()
    return digest == citation.document_sha256 and text[citation.start : citation.end] == citation.quote


def _body(options: Options) -> dict[str, Any]:
    filters = {name: value for name, value in options.items() if name in Filters.__annotations__}
    others = {name: value for name, value in options.items() if name not in filters}
    return {**others, "filters": filters} if filters else others
