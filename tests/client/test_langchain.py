"""LangChain: its own tests of retrievers, against a served index."""

from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import SecretStr

from tests.server_fixtures import Server
from tests.service_fixtures import READ_KEY
from wherefrom import ServiceFailed
from wherefrom.langchain import WherefromRetriever

QUESTION = "泊位有多少个"


def retriever_of(server: Server, key: str = READ_KEY, **more: Any) -> WherefromRetriever:
    return WherefromRetriever(base_url=server.url, key=SecretStr(key), **more)


class TestWherefromRetriever(RetrieversIntegrationTests):
    """What LangChain demands of every retriever."""

    @pytest.fixture(autouse=True)
    def _served(self, keyed: Server) -> None:
        type(self).url = keyed.url

    url = ""

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return WherefromRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"base_url": self.url, "key": READ_KEY}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_a_document_carries_its_citation(keyed: Server) -> None:
    best = retriever_of(keyed).invoke(QUESTION)[0]
    assert best.id is not None
    assert best.id.startswith("p_")
    assert "泊位36个" in best.page_content
    metadata = best.metadata
    assert metadata["source"] == "harbour.md"
    assert metadata["published"] == "2024-05-06"
    assert metadata["quote"]
    assert metadata["end"] - metadata["start"] == len(metadata["quote"])
    assert metadata["rank"] == 1
    assert metadata["answerable"] is True
    assert metadata["passage_id"] == best.id


async def test_options_are_given_once_or_with_a_question(keyed: Server) -> None:
    english = retriever_of(keyed, options={"language": "en"})
    assert {each.metadata["source"] for each in english.invoke(QUESTION)} == {"library.md", "lighthouse.txt", "long.md"}
    (found,) = english.invoke(QUESTION, language="zh", k=1)
    assert found.metadata["source"] == "harbour.md"
    (found,) = await english.ainvoke(QUESTION, published_before="2023")
    assert found.metadata["source"] == "library.md"


def test_many_questions_at_once(keyed: Server) -> None:
    assert [len(each) for each in retriever_of(keyed, k=2).batch([QUESTION] * 5)] == [2] * 5


@pytest.mark.parametrize(("key", "status"), [("a-key-that-opens-nothing", 403), ("x", 403)])
def test_a_wrong_key_is_told(keyed: Server, key: str, status: int) -> None:
    with pytest.raises(ServiceFailed, match="this key does not open this") as raised:
        retriever_of(keyed, key).invoke(QUESTION)
    assert raised.value.status == status


async def test_what_is_wrong_is_told(keyed: Server) -> None:
    with pytest.raises(ServiceFailed, match="the question is empty"):
        retriever_of(keyed).invoke("")
    with pytest.raises(ServiceFailed, match="k is 51"):
        await retriever_of(keyed).ainvoke(QUESTION, k=51)


def test_the_key_is_not_shown(keyed: Server) -> None:
    assert READ_KEY not in repr(retriever_of(keyed))
