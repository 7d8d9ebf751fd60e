"""A retriever for LangChain, over the client; the extra `langchain` brings what it needs."""

from typing import Any, Unpack

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables.config import run_in_executor
from pydantic import Field, PrivateAttr, SecretStr

from wherefrom.calls.search import Options
from wherefrom.client import Wherefrom
from wherefrom.metadata import metadata_of, told_text
from wherefrom.parts.sending import LOCAL, TIMEOUT_S
from wherefrom.responses import Result, SearchResponse


class WherefromRetriever(BaseRetriever):
    """Finds passages of a running service.

    Each is a document whose id is the passage's, whose content is its text, rows of a table under the names of their
    columns, and whose metadata are its citation, with `rank`, `score`, `passage_id` and whether the question is
    `answerable`.

    All of `options` may also be given to `invoke`, as may `k` and `collection`.
    """

    base_url: str = LOCAL
    key: SecretStr | None = None
    timeout: float = TIMEOUT_S
    k: int = 5
    collection: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    _client: Wherefrom = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        """Connect; nothing is sent before a question is asked."""
        key = None if self.key is None else self.key.get_secret_value()
        self._client = Wherefrom(self.base_url, key, collection=self.collection, timeout=self.timeout)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        collection: str | None = None,
        **options: Unpack[Options],
    ) -> list[Document]:
        k = self.k if k is None else k
        found = self._client.search(query, k, collection=collection, **{**self.options, **options})
        return [_document(each, found) for each in found.results]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
        collection: str | None = None,
        **options: Unpack[Options],
    ) -> list[Document]:
        # One client for all loops: those of httpx belong to the loop that they first ran in.
        return await run_in_executor(
            None,
            self._get_relevant_documents,
            query,
            run_manager=run_manager.get_sync(),
            k=k,
            collection=collection,
            **options,
        )


def _document(result: Result, answer: SearchResponse) -> Document:
    return Document(page_content=told_text(result), id=result.passage_id, metadata=metadata_of(result, answer))
