"""A question that the documents do not answer, asked through every interface with the real model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp.client.client import Client

from service.renderings import UNANSWERED
from tests.conftest import STARTER_CORPUS
from tests.server_fixtures import Server, post, serving, wherefrom
from wherefrom import Wherefrom

pytestmark = pytest.mark.model

QUESTION = "Which year did Mozart die?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("unanswerable")
    model = {"WHEREFROM_MODEL": "multilingual-e5-small", "WHEREFROM_CACHE_DIR": str(model_cache)}
    wherefrom("index", "--data-dir", str(folder), str(STARTER_CORPUS / "labour-cooperation.md"), **model)
    with serving(folder, "--model", "multilingual-e5-small", **model) as server:
        yield server


def test_the_native_answer_and_the_client_say_so(server: Server) -> None:
    with Wherefrom(server.url) as client:
        answer = client.search(QUESTION)
    assert not answer.answerable
    assert answer.no_answer_reason
    assert answer.results


def test_the_prompt_says_so(server: Server) -> None:
    assert UNANSWERED in post(server, "/v1/search", query=QUESTION, format="markdown")["formatted"]
    assert (
        UNANSWERED
        not in post(server, "/v1/search", query="2022年有多少云南人到上海工作", format="markdown")["formatted"]
    )


def test_dify_finds_it_in_the_metadata(server: Server) -> None:
    asked = {"knowledge_id": "wherefrom", "query": QUESTION}
    records = post(server, "/retrieval", **asked)["records"]
    assert records
    assert not any(record["metadata"]["answerable"] for record in records)
    assert post(server, "/retrieval", **asked, retrieval_setting={"top_k": 5, "score_threshold": 0.5}) == {
        "records": []
    }


def test_openai_finds_it_in_the_attributes(server: Server) -> None:
    results = post(server, "/v1/vector_stores/wherefrom/search", query=QUESTION)["data"]
    assert results
    assert not any(result["attributes"]["answerable"] for result in results)


async def test_tools_say_so(server: Server) -> None:
    async with Client(f"{server.url}/mcp") as client:
        for name in ("search", "search_passages"):
            found = await client.call_tool(name, {"query": QUESTION})
            assert found.structured_content is not None
            assert found.structured_content["answerable"] is False
            assert found.structured_content["results"]
