"""Asking questions, and following the citations of their answers."""

from collections.abc import Iterable
from typing import Unpack

from wherefrom.calls.documents import document_call
from wherefrom.calls.search import Options, batch_calls, holds, passage_call, search_call
from wherefrom.parts.sending import AsyncSender, Sender
from wherefrom.responses import Citation, Passage, SearchResponse


class Search(Sender):
    """What asks a service."""

    def search(
        self, query: str, k: int = 5, *, collection: str | None = None, **options: Unpack[Options]
    ) -> SearchResponse:
        """Return the `k` passages that answer a question best, each with its citation."""
        return self._send(search_call(query, k, options), collection)

    def search_many(
        self, queries: Iterable[str], k: int = 5, *, collection: str | None = None, **options: Unpack[Options]
    ) -> list[SearchResponse]:
        """Return the answers to several questions in their order; they are sent in batches."""
        batches = [self._send(call, collection) for call in batch_calls(queries, k, options)]
        return [answer for batch in batches for answer in batch.responses]

    def passage(self, passage_id: str, *, collection: str | None = None) -> Passage:
        """Return a passage with its citation."""
        return self._send(passage_call(passage_id), collection)

    def verify(self, citation: Citation, *, collection: str | None = None) -> bool:
        """Return whether the document cited still has the digest cited, and the quote at its place."""
        return holds(citation, self._send(document_call(citation.document_id), collection))


class AsyncSearch(AsyncSender):
    """The same with an event loop."""

    async def search(
        self, query: str, k: int = 5, *, collection: str | None = None, **options: Unpack[Options]
    ) -> SearchResponse:
        """Return the `k` passages that answer a question best, each with its citation."""
        return await self._send(search_call(query, k, options), collection)

    async def search_many(
        self, queries: Iterable[str], k: int = 5, *, collection: str | None = None, **options: Unpack[Options]
    ) -> list[SearchResponse]:
        """Return the answers to several questions in their order; they are sent in batches."""
        batches = [await self._send(call, collection) for call in batch_calls(queries, k, options)]
        return [answer for batch in batches for answer in batch.responses]

    async def passage(self, passage_id: str, *, collection: str | None = None) -> Passage:
        """Return a passage with its citation."""
        return await self._send(passage_call(passage_id), collection)

    async def verify(self, citation: Citation, *, collection: str | None = None) -> bool:
        """Return whether the document cited still has the digest cited, and the quote at its place."""
        return holds(citation, await self._send(document_call(citation.document_id), collection))
