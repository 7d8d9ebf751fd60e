"""What is evaluated: anything that answers a question with cited passages; here, a service over HTTP.

The index of this process stands behind the same protocol in `eval.local_retriever`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx

from corpus.passage import Span
from index.answer import Result
from wherefrom import Result as ServedResult
from wherefrom import Wherefrom


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, as a file keeps it: without its words, so that no file copies a corpus.

    Attributes:
        rank: from 1.
        passage_id: of the passage.
        document_id: of the document it is cut from.
        source: the file name of that document.
        start: first code point of the passage in the document's text.
        end: one past the last.
        score: as the retriever gives it, higher is better.
    """

    rank: int
    passage_id: str
    document_id: str
    source: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class CitedHit(Hit):
    """A passage of an answer with what its citation claims.

    Attributes:
        quote: what the citation says stands there.
        document_sha256: what it says the document's text hashes to.
        highlights: where in the document's text the answer is said to stand.
    """

    quote: str
    document_sha256: str
    highlights: tuple[Span, ...] = ()

    def bare(self) -> Hit:
        """Return the hit without what its citation claims."""
        return Hit(self.rank, self.passage_id, self.document_id, self.source, self.start, self.end, self.score)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a retriever says to a question: passages, best first, and whether they are to be trusted."""

    confidence: float
    answerable: bool
    hits: tuple[CitedHit, ...]


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


class HttpRetriever:
    """A running service, spoken to in its native HTTP interface; what fails raises `ServiceFailed` of the client."""

    def __init__(self, url: str, key: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        """Speak to the service at `url`, with a read key if it has any; `transport` replaces the network."""
        self._client = Wherefrom(url, key, transport=transport)
        self.close = self._client.close

    def ask(self, question: str, k: int) -> Answer:
        """Return the best `k` passages for a question."""
        found = self._client.search(question, k)
        return Answer(found.confidence, found.answerable, tuple(map(hit_of, found.results)))

    def document_text(self, document_id: str) -> str:
        """Return the canonical text of a document."""
        return self._client.document(document_id).text

    def describe(self) -> Mapping[str, object]:
        """Return what is searched; asked of a search, for each answer names the state it saw."""
        return {"url": self._client.base_url, **self._client.search("Where from?", 1).index.model_dump()}


def hit_of(result: Result | ServedResult) -> CitedHit:
    """Return what is judged of a result, of this process or of a service."""
    citation = result.citation
    return CitedHit(
        rank=result.rank,
        passage_id=result.passage_id,
        document_id=result.document_id,
        source=citation.source,
        start=citation.start,
        end=citation.end,
        score=result.score,
        quote=citation.quote,
        document_sha256=citation.document_sha256,
        highlights=tuple(Span(each.start, each.end) for each in result.highlights),
    )
