"""The requests that a client sends to the native interface, and how their answers are read; nothing is sent here."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, Literal, TypedDict, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from wherefrom.errors import ServiceFailed
from wherefrom.responses import BatchResponse, Citation, Document, Documents, Passage, SearchResponse

MAX_QUERIES = 32  # questions that the service takes in one request
BATCH_BYTES = 48_000  # of questions in one request; the service reads 65,536 of all that is in it
PAGE = 500  # documents asked for at a time

Answer = TypeVar("Answer", bound=BaseModel)
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


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer]):
    """A request, and the form its answer has."""

    method: str
    path: str
    form: type[Answer]
    body: Mapping[str, Any] | None = None

    def place(self, url: str) -> str:
        """Return what an error says it is about."""
        return f"{self.method} {self.path} at {url}"

    def read(self, response: httpx.Response, url: str) -> Answer:
        """Return the answer.

        Raises:
            ServiceFailed: if it is an error, or of another form.
        """
        place = self.place(url)
        if response.status_code != httpx.codes.OK:
            raise _refusal(response, place)
        try:
            return self.form.model_validate_json(response.content)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            field = "".join(f"{part}." for part in problem["loc"])[:-1]
            told = f"{field}: {problem['msg']}" if field else problem["msg"]
            raise ServiceFailed(f"{place}: {told}; is this a wherefrom service?", response.status_code) from None


def unreachable(call: Call[Any], url: str, error: httpx.HTTPError) -> ServiceFailed:
    """Return what is told where no answer came."""
    return ServiceFailed(
        f"{call.place(url)}: {str(error) or type(error).__name__}; start the service or correct its URL"
    )


def search_call(query: str, k: int, options: Options) -> Call[SearchResponse]:
    """Return the request that asks a question."""
    return Call("POST", "/v1/search", SearchResponse, {"query": query, "k": k, **_body(options)})


def batch_calls(queries: Iterable[str], k: int, options: Options) -> Iterator[Call[BatchResponse]]:
    """Yield the requests that ask several questions, as many in each as the service takes."""
    for batch in _batches(queries):
        yield Call("POST", "/v1/search", BatchResponse, {"queries": batch, "k": k, **_body(options)})


def passage_call(passage_id: str) -> Call[Passage]:
    """Return the request for a passage."""
    return Call("GET", f"/v1/passages/{quote(passage_id, safe='')}", Passage)


def document_call(document_id: str) -> Call[Document]:
    """Return the request for a document with its text."""
    return Call("GET", f"/v1/documents/{quote(document_id, safe='')}", Document)


def documents_call(after: str) -> Call[Documents]:
    """Return the request for the page of documents after an id."""
    return Call("GET", f"/v1/documents?limit={PAGE}&after={quote(after, safe='')}", Documents)


def holds(citation: Citation, document: Document) -> bool:
    """Return whether a document still is what a citation cites: of the same digest, the quote at its place."""
    text = document.text
    digest = sha256(text.encode()).hexdigest()
    return digest == citation.document_sha256 and text[citation.start : citation.end] == citation.quote


def _body(options: Options) -> dict[str, Any]:
    filters = {name: value for name, value in options.items() if name in Filters.__annotations__}
    others = {name: value for name, value in options.items() if name not in filters}
    return {**others, "filters": filters} if filters else others


def _batches(queries: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for query in queries:
        length = len(json.dumps(query))
        if batch and (len(batch) == MAX_QUERIES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(query)
        size += length
    if batch:
        yield batch


def _refusal(response: httpx.Response, place: str) -> ServiceFailed:
    try:
        told = _Refusal.model_validate_json(response.content)
    except ValidationError:  # a proxy in between answers in a form of its own
        told = _Refusal(error=response.reason_phrase)
    message = f"{place}: {response.status_code}: {told.error}"
    return ServiceFailed(message, response.status_code, told.error_type, told.request_id)


class _Refusal(BaseModel):
    """An error of the service, or of something that tells errors likewise."""

    error: str
    error_type: str | None = None
    request_id: str | None = None
