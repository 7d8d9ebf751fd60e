"""LlamaIndex: its retriever of retrievers and its postprocessors over ours, against a served index."""

from typing import Any

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import MetadataMode, NodeRelationship, QueryBundle, RelatedNodeInfo, TextNode

from tests.server_fixtures import Server
from tests.service_fixtures import READ_KEY
from wherefrom import InvalidInput, ServiceFailed
from wherefrom.llamaindex import WherefromRetriever

QUESTION = "泊位有多少个"


def retriever_of(server: Server, key: str = READ_KEY, **more: Any) -> WherefromRetriever:
    return WherefromRetriever(server.url, key, **more)


async def test_a_node_carries_its_citation(keyed: Server) -> None:
    retriever = retriever_of(keyed, similarity_top_k=2)
    found = retriever.retrieve(QUESTION)
    assert len(found) == 2
    best = found[0]
    node = best.node
    assert isinstance(node, TextNode)
    assert "泊位36个" in node.text
    metadata = node.metadata
    assert (node.node_id, best.score) == (metadata["passage_id"], metadata["score"])
    assert (metadata["source"], metadata["published"]) == ("harbour.md", "2024-05-06")
    assert (metadata["rank"], metadata["answerable"]) == (1, True)
    assert (node.start_char_idx, node.end_char_idx) == (metadata["start"], metadata["end"])
    document = node.relationships[NodeRelationship.SOURCE]
    assert isinstance(document, RelatedNodeInfo)
    assert document.node_id == metadata["document_id"]
    assert await retriever.aretrieve(QueryBundle(QUESTION)) == found


def test_a_model_is_told_what_says_something_to_it(keyed: Server) -> None:
    node = retriever_of(keyed).retrieve(QUESTION)[0].node
    for mode in (MetadataMode.LLM, MetadataMode.EMBED):
        told = node.get_content(mode)
        assert "title: 海湾渔港改造通报" in told
        assert "published: 2024-05-06" in told
        assert node.metadata["document_sha256"] not in told
    assert node.metadata["document_sha256"] in node.get_content(MetadataMode.ALL)


async def test_retrievers_are_put_together(keyed: Server) -> None:
    chinese, english = (retriever_of(keyed, similarity_top_k=2, options={"language": each}) for each in ("zh", "en"))
    both = QueryFusionRetriever(
        [chinese, english], llm=MockLLM(), num_queries=1, mode=FUSION_MODES.RECIPROCAL_RANK, similarity_top_k=4
    )
    found = await both.aretrieve(QUESTION)
    assert {"harbour.md"} < {each.node.metadata["source"] for each in found}
    assert len(found) == 4
    best, *_ = chinese.retrieve(QUESTION)
    assert best.score is not None
    kept = SimilarityPostprocessor(similarity_cutoff=best.score).postprocess_nodes(chinese.retrieve(QUESTION))
    assert kept == [best]


async def test_what_is_wrong_is_told(keyed: Server) -> None:
    with pytest.raises(ServiceFailed, match="this key does not open this") as raised:
        retriever_of(keyed, "a-key-that-opens-nothing").retrieve(QUESTION)
    assert raised.value.status == 403
    with pytest.raises(ServiceFailed, match="k is 51"):
        await retriever_of(keyed, similarity_top_k=51).aretrieve(QUESTION)
    with pytest.raises(InvalidInput, match="write a URL such as"):
        WherefromRetriever("http://host:port")
