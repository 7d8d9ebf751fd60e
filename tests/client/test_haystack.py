"""Haystack: its pipelines with our retriever in them, against a served index."""

from typing import Any

import pytest
from haystack import Pipeline
from haystack.components.builders import PromptBuilder
from haystack.components.retrievers import MultiQueryTextRetriever
from haystack.core.errors import PipelineRuntimeError
from haystack.telemetry import _telemetry
from haystack.utils import Secret

from tests.server_fixtures import Server
from tests.service_fixtures import READ_KEY
from wherefrom import InvalidInput, ServiceFailed
from wherefrom.haystack import WherefromRetriever

QUESTION = "泊位有多少个"
TEMPLATE = "{% for each in documents %}[{{ each.meta.title }}] {{ each.content }}\n{% endfor %}{{ question }}"


def retriever_of(server: Server, **more: Any) -> WherefromRetriever:
    return WherefromRetriever(server.url, Secret.from_token(READ_KEY), **more)


def pipeline_of(retriever: WherefromRetriever) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("retriever", retriever)
    pipeline.add_component("prompt", PromptBuilder(TEMPLATE, required_variables="*"))
    pipeline.connect("retriever.documents", "prompt.documents")
    return pipeline


def asked(question: str = QUESTION, **more: Any) -> dict[str, dict[str, Any]]:
    return {"retriever": {"query": question, **more}, "prompt": {"question": question}}


def test_nobody_is_told_of_these_tests() -> None:
    assert _telemetry.telemetry is None


async def test_a_pipeline_gets_passages_with_their_citations(keyed: Server) -> None:
    pipeline = pipeline_of(retriever_of(keyed, top_k=2))
    found = pipeline.run(asked(), include_outputs_from={"retriever"})
    assert found["prompt"]["prompt"].startswith("[海湾渔港改造通报] ")
    best, other = found["retriever"]["documents"]
    assert "泊位36个" in best.content
    assert best.score >= other.score
    metadata = best.meta
    assert (best.id, best.score) == (metadata["passage_id"], metadata["score"])
    assert (metadata["source"], metadata["published"]) == ("harbour.md", "2024-05-06")
    assert (metadata["rank"], metadata["answerable"]) == (1, True)
    assert metadata["end"] - metadata["start"] == len(metadata["quote"])
    assert await pipeline.run_async(asked(), include_outputs_from={"retriever"}) == found


async def test_options_are_given_once_or_with_a_question(keyed: Server) -> None:
    english = retriever_of(keyed, options={"language": "en"})
    assert len(english.run(QUESTION, top_k=1)["documents"]) == 1
    for found in (english.run(QUESTION, {"language": "zh"}), await english.run_async(QUESTION, {"language": "zh"})):
        assert {each.meta["source"] for each in found["documents"]} == {"harbour.md"}
    assert {each.meta["source"] for each in english.run(QUESTION)["documents"]} == {
        "library.md",
        "lighthouse.txt",
        "long.md",
    }


def test_several_questions_are_asked_as_of_any_retriever(keyed: Server) -> None:
    several = MultiQueryTextRetriever(retriever=retriever_of(keyed))
    found = several.run([QUESTION, "lamp paraffin"], {"top_k": 1, "filters": {"language": "zh"}})
    assert {each.meta["source"] for each in found["documents"]} == {"harbour.md"}


def test_a_pipeline_can_be_kept_in_a_file_without_its_key(keyed: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_OF_THE_SERVICE", READ_KEY)
    retriever = WherefromRetriever(keyed.url, Secret.from_env_var("KEY_OF_THE_SERVICE"), options={"language": "zh"})
    pipeline = pipeline_of(retriever)
    kept = pipeline.dumps()
    assert READ_KEY not in kept
    read = Pipeline.loads(kept, allowed_modules=["wherefrom.*"])
    assert read.run(asked()) == pipeline.run(asked())


def test_what_is_wrong_is_told(keyed: Server) -> None:
    with pytest.raises(PipelineRuntimeError, match="this key does not open this"):
        pipeline_of(WherefromRetriever(keyed.url, Secret.from_token("a-key-that-opens-nothing"))).run(asked())
    with pytest.raises(ServiceFailed, match="k is 51"):
        retriever_of(keyed).run(QUESTION, top_k=51)
    with pytest.raises(ServiceFailed, match="operator is not known here"):
        retriever_of(keyed).run(QUESTION, {"operator": "==", "field": "meta.language", "value": "zh"})
    with pytest.raises(InvalidInput, match="write a URL such as"):
        WherefromRetriever("http://host:port")
