"""What sends requests to a running service and waits for its answers, with an event loop or without one."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import Self, Unpack
from weakref import finalize

import httpx

from wherefrom.calls import (
    Answer,
    Call,
    Options,
    batch_calls,
    document_call,
    documents_call,
    holds,
    passage_call,
    search_call,
    unreachable,
)
from wherefrom.errors import InvalidInput
from wherefrom.responses import Citation, Document, DocumentSummary, Passage, SearchResponse

LOCAL = "http://127.0.0.1:8000"
TIMEOUT_S = 60.0  # a service that has just started may still be reading its model


def _headers(key: str | None) -> dict[bytes, bytes]:
    return {} if key is None else {b"Authorization": f"Bearer {key}".encode()}


@contextmanager
def _url_checked(url: str) -> Iterator[None]:
    try:
        yield
    except httpx.InvalidURL as error:
        raise InvalidInput(f"{url}: {error}; write a URL such as {LOCAL}") from None


class Wherefrom:
    """A running service. Close it after use, or use it as a block; safe to use from several threads.

    All methods raise `ServiceFailed`, with the status and the type of the error, if the service cannot be
    reached or refuses.
    """

    def __init__(
        self,
        base_url: str = LOCAL,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT_S,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Speak to the service at `base_url`.

        Args:
            base_url: where it is; a path before `/v1` may be part of it.
            key: a read key, if the service has any.
            timeout: seconds to wait for a connection, and for each part of an answer.
            transport: replaces the network.

        Raises:
            InvalidInput: if the address is none.
        """
        self.base_url = base_url
        with _url_checked(base_url):
            self._http = httpx.Client(base_url=base_url, headers=_headers(key), timeout=timeout, transport=transport)
        finalize(self, self._http.close)  # a retriever of LangChain, for one, is never closed

    def search(self, query: str, k: int = 5, **options: Unpack[Options]) -> SearchResponse:
        """Return the `k` passages that answer a question best, each with its citation."""
        return self._send(search_call(query, k, options))

    def search_many(self, queries: Iterable[str], k: int = 5, **options: Unpack[Options]) -> list[SearchResponse]:
        """Return the answers to several questions in their order; they are sent in batches."""
        batches = [self._send(call) for call in batch_calls(queries, k, options)]
        return [answer for batch in batches for answer in batch.responses]

    def passage(self, passage_id: str) -> Passage:
        """Return a passage with its citation."""
        return self._send(passage_call(passage_id))

    def document(self, document_id: str) -> Document:
        """Return a document with the text that all offsets count."""
        return self._send(document_call(document_id))

    def documents(self) -> Iterator[DocumentSummary]:
        """Yield all documents in the order of their ids."""
        after: str | None = ""
        while after is not None:
            page = self._send(documents_call(after))
            yield from page.documents
            after = page.next_after

    def verify(self, citation: Citation) -> bool:
        """Return whether the document cited still has the digest cited, and the quote at its place."""
        return holds(citation, self.document(citation.document_id))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, call: Call[Answer]) -> Answer:
        try:
            response = self._http.request(call.method, call.path, json=call.body)
        except httpx.HTTPError as error:
            raise unreachable(call, self.base_url, error) from None
        return call.read(response, self.base_url)


class AsyncWherefrom:
    """The same for programs with an event loop."""

    def __init__(
        self,
        base_url: str = LOCAL,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Speak to the service at `base_url`, as `Wherefrom` does."""
        self.base_url = base_url
        with _url_checked(base_url):
            self._http = httpx.AsyncClient(
                base_url=base_url, headers=_headers(key), timeout=timeout, transport=transport
            )

    async def search(self, query: str, k: int = 5, **options: Unpack[Options]) -> SearchResponse:
        """Return the `k` passages that answer a question best, each with its citation."""
        return await self._send(search_call(query, k, options))

    async def search_many(self, queries: Iterable[str], k: int = 5, **options: Unpack[Options]) -> list[SearchResponse]:
        """Return the answers to several questions in their order; they are sent in batches."""
        batches = [await self._send(call) for call in batch_calls(queries, k, options)]
        return [answer for batch in batches for answer in batch.responses]

    async def passage(self, passage_id: str) -> Passage:
        """Return a passage with its citation."""
        return await self._send(passage_call(passage_id))

    async def document(self, document_id: str) -> Document:
        """Return a document with the text that all offsets count."""
        return await self._send(document_call(document_id))

    async def documents(self) -> AsyncIterator[DocumentSummary]:
        """Yield all documents in the order of their ids."""
        after: str | None = ""
        while after is not None:
            page = await self._send(documents_call(after))
            for document in page.documents:
                yield document
            after = page.next_after

    async def verify(self, citation: Citation) -> bool:
        """Return whether the document cited still has the digest cited, and the quote at its place."""
        return holds(citation, await self.document(citation.document_id))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _send(self, call: Call[Answer]) -> Answer:
        try:
            response = await self._http.request(call.method, call.path, json=call.body)
        except httpx.HTTPError as error:
            raise unreachable(call, self.base_url, error) from None
        return call.read(response, self.base_url)
