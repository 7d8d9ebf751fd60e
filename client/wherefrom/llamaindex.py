"""A retriever for LlamaIndex, over the client; the extra `llamaindex` brings what it needs."""

from asyncio import to_thread

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from wherefrom.calls.search import Options
from wherefrom.client import Wherefrom
from wherefrom.metadata import metadata_of, told_text
from wherefrom.parts.sending import LOCAL, TIMEOUT_S
from wherefrom.responses import Result, SearchResponse

TOLD = {"title", "publisher", "published", "section"}  # of all metadata, what says something to a model


class WherefromRetriever(BaseRetriever):
    """Finds passages of a running service.

    Each is a node whose id is the passage's, whose text is its text, rows of a table under the names of their columns,
    whose source node is its document, and whose metadata are its citation, with `rank`, `score`, `passage_id` and
    whether the question is `answerable`. Of these a language model is only shown the title, the headings and who
    published it when.
    """

    def __init__(
        self,
        base_url: str = LOCAL,
        key: str | None = None,
        *,
        collection: str | None = None,
        timeout: float = TIMEOUT_S,
        similarity_top_k: int = 5,
        options: Options | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        """Speak to the service at `base_url`; nothing is sent before a question is asked.

        Args:
            base_url: where it is.
            key: a read key, if the service has any.
            collection: that is searched; the service's own by itself.
            timeout: seconds to wait for a connection, and for each part of an answer.
            similarity_top_k: passages to find, 1 to 50.
            options: of every search.
            callback_manager: as LlamaIndex has it.

        Raises:
            InvalidInput: if the address is none.
        """
        super().__init__(callback_manager)
        self.similarity_top_k = similarity_top_k
        self.options: Options = options or {}
        self._client = Wherefrom(base_url, key, collection=collection, timeout=timeout)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._client.search(query_bundle.query_str, self.similarity_top_k, **self.options)
        return [NodeWithScore(node=_node(each, found), score=each.score) for each in found.results]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        # One client for all loops: those of httpx belong to the loop that they first ran in.
        return await to_thread(self._retrieve, query_bundle)


def _node(result: Result, answer: SearchResponse) -> TextNode:
    metadata = metadata_of(result, answer)
    untold = sorted(set(metadata) - TOLD)
    return TextNode(
        id_=result.passage_id,
        text=told_text(result),
        start_char_idx=result.citation.start,
        end_char_idx=result.citation.end,
        metadata=metadata,
        excluded_llm_metadata_keys=untold,
        excluded_embed_metadata_keys=untold,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=result.document_id)},
    )
