"""A retriever for Haystack, over the client; the extra `haystack` brings what it needs."""

from asyncio import to_thread
from typing import Any

from haystack import Document, component
from haystack.utils import Secret

from wherefrom.client import Wherefrom
from wherefrom.metadata import metadata_of, told_text
from wherefrom.parts.sending import LOCAL, TIMEOUT_S
from wherefrom.responses import Result, SearchResponse


@component
class WherefromRetriever:
    """Finds passages of a running service.

    Each is a document whose id is the passage's, whose content is its text, rows of a table under the names of their
    columns, and whose metadata are its citation, with `rank`, `score`, `passage_id` and whether the question is
    `answerable`.
    """

    def __init__(
        self,
        base_url: str = LOCAL,
        key: Secret | None = None,
        timeout: float = TIMEOUT_S,
        top_k: int = 5,
        options: dict[str, Any] | None = None,
        collection: str | None = None,
    ) -> None:
        """Speak to the service at `base_url`; nothing is sent before a question is asked.

        The attributes are named after the arguments, as Haystack wants it to write a pipeline to a file.

        Args:
            base_url: where it is.
            key: a read key, if the service has any.
            timeout: seconds to wait for a connection, and for each part of an answer.
            top_k: passages to find, 1 to 50.
            options: of every search.
            collection: that is searched; the service's own by itself.

        Raises:
            InvalidInput: if the address is none.
        """
        self.base_url = base_url
        self.key = key
        self.timeout = timeout
        self.top_k = top_k
        self.options = options
        self.collection = collection
        secret = key.resolve_value() if key else None
        self._client = Wherefrom(base_url, secret, collection=collection, timeout=timeout)

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """Return the passages that answer a question best.

        Args:
            query: the question.
            filters: options of this search, as `language`; they win over those of all searches.
            top_k: passages to find in this search.

        Returns:
            `documents`, best first.

        Raises:
            ServiceFailed: if the service cannot be reached or refuses.
        """
        options = {**(self.options or {}), **(filters or {})}
        found = self._client.search(query, self.top_k if top_k is None else top_k, **options)
        return {"documents": [_document(each, found) for each in found.results]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """Return the same without keeping the event loop waiting."""
        # One client for all loops: those of httpx belong to the loop that they first ran in.
        return await to_thread(self.run, query, filters, top_k)


def _document(result: Result, answer: SearchResponse) -> Document:
    return Document(
        id=result.passage_id, content=told_text(result), meta=metadata_of(result, answer), score=result.score
    )
