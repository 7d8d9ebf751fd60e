"""What is evaluated: anything that answers a question with cited passages; here, a service over HTTP.

The searcher of this process stands behind the same protocol in `eval.in_process`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from corpus.errors import InvalidInput, UnreadableFile, WherefromError
from corpus.passage import Span
from eval.forms import Form, parse_json

TIMEOUT_S = 60  # a service that has just started may still be reading its model


@dataclass(frozen=True, slots=True)
class AnswerHit:
    """One passage of an answer, with what its citation claims.

    Attributes:
        rank: from 1.
        passage_id: of the passage.
        document_id: of the document it is cut from.
        source: the file name of that document.
        start: first code point of the passage in the document's text.
        end: one past the last.
        score: as the retriever gives it, higher is better.
        quote: what the citation says stands there.
        document_sha256: what the citation says the document's text hashes to.
        highlights: where in the document's text the answer is said to stand.
    """

    rank: int
    passage_id: str
    document_id: str
    source: str
    start: int
    end: int
    score: float
    quote: str
    document_sha256: str
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a retriever says to a question: passages, best first, and whether they are to be trusted."""

    confidence: float
    answerable: bool
    hits: tuple[AnswerHit, ...]


class Retriever(Protocol):
    """Answers questions with passages."""

    def ask(self, question: str, k: int) -> Answer:
        """Return the best `k` passages for a question."""
        ...

    def document_text(self, document_id: str) -> str:
        """Return the canonical text of a document, in which citations count their offsets."""
        ...

    def describe(self) -> Mapping[str, object]:
        """Return what is searched: `id` of the index, `model`, numbers of `documents` and `passages`."""
        ...


class ServiceFailed(WherefromError):
    """A service cannot be reached, refuses, or answers what cannot be understood."""


class _Citation(BaseModel):
    source: str
    start: int
    end: int
    quote: str
    document_sha256: str


class _Result(BaseModel):
    rank: int
    passage_id: str
    document_id: str
    score: float
    citation: _Citation
    highlights: tuple[Span, ...]

    def as_hit(self) -> AnswerHit:
        return AnswerHit(
            rank=self.rank,
            passage_id=self.passage_id,
            document_id=self.document_id,
            score=self.score,
            highlights=self.highlights,
            **self.citation.model_dump(),
        )


class _Index(BaseModel):
    id: str
    model: str
    documents: int
    passages: int


class _SearchResponse(BaseModel):
    answerable: bool
    confidence: float
    results: list[_Result]
    index: _Index


class _DocumentResponse(BaseModel):
    text: str


class _ErrorResponse(BaseModel):
    error: str


class HttpRetriever:
    """A running service, spoken to in its native HTTP interface; close it after use."""

    def __init__(self, url: str, key: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        """Speak to the service at `url`, with a read key if it has any; `transport` replaces the network."""
        self._url = url
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        try:
            self._client = httpx.Client(base_url=url, headers=headers, transport=transport, timeout=TIMEOUT_S)
        except httpx.InvalidURL as error:
            raise InvalidInput(f"{url}: {error}; write a URL such as http://127.0.0.1:8000") from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: str, k: int) -> Answer:
        """Return the best `k` passages for a question."""
        found = self._search(question, k)
        return Answer(found.confidence, found.answerable, tuple(result.as_hit() for result in found.results))

    def document_text(self, document_id: str) -> str:
        """Return the canonical text of a document."""
        return self._request(_DocumentResponse, "GET", f"/v1/documents/{quote(document_id, safe='')}").text

    def describe(self) -> Mapping[str, object]:
        """Return what is searched; asked of a search, for each answer names the state it saw."""
        return {"url": self._url, **dict(self._search("Where from?", 1).index)}

    def _search(self, question: str, k: int) -> _SearchResponse:
        return self._request(_SearchResponse, "POST", "/v1/search", {"query": question, "k": k})

    def _request(self, form: type[Form], method: str, path: str, body: object = None) -> Form:
        place = f"{method} {path} at {self._url}"
        try:
            response = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            problem = str(error) or type(error).__name__
            raise ServiceFailed(f"{place}: {problem}; start the service or correct its URL") from None
        if response.status_code != httpx.codes.OK:
            raise ServiceFailed(f"{place}: {response.status_code}: {_error_of(response)}")
        try:
            return parse_json(form, response.content, place, "is this a wherefrom service?")
        except UnreadableFile as error:
            raise ServiceFailed(str(error)) from None


def _error_of(response: httpx.Response) -> str:
    try:
        return _ErrorResponse.model_validate_json(response.content).error
    except ValidationError:  # a proxy in between answers in a form of its own
        return response.reason_phrase
