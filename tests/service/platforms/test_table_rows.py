"""Rows that a passage begins with are told under the names of their columns, and quoted without."""

from collections.abc import Iterator

import pytest
from haystack.dataclasses import Document as HaystackDocument

from tests.server_fixtures import Server, post, serving
from tests.service.platforms.mcp_fixtures import answer_of, call
from tests.service_fixtures import make_index, put_text
from wherefrom.haystack import WherefromRetriever as HaystackRetriever
from wherefrom.langchain import WherefromRetriever as LangchainRetriever
from wherefrom.llamaindex import WherefromRetriever as LlamaindexRetriever

NAMES = "| Quay | Length in metres |"
SMUGGLED = "\U000e006f\U000e0062\ufe01\ufe02"  # which nobody sees
ROWS = "".join(f"| Quay {number} | {200 + number} |\n" for number in range(60))
TEXT = f"# Quays\n\n{NAMES.replace('metres', f'met{SMUGGLED}res')}\n| --- | --- |\n{ROWS}"
QUESTION = "length of quay 57"
ROW = "| Quay 57 | 257 |"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data_dir = make_index(tmp_path_factory.mktemp("rows"), {})
    put_text(data_dir, TEXT, "quays.md")
    with serving(data_dir) as server:
        yield server


def check(told: str) -> None:
    """See that a text is rows, with the names of their columns once, at its top."""
    first, *rows = told.split("\n")
    assert first == NAMES
    assert ROW in rows
    assert all(row.startswith("| Quay ") and row != NAMES for row in rows)


def test_platforms(server: Server) -> None:
    asked = {"knowledge_id": "wherefrom", "query": QUESTION, "retrieval_setting": {"top_k": 1}}
    (record,) = post(server, "/retrieval", **asked)["records"]
    check(record["content"])
    assert record["metadata"]["table_header"] == NAMES
    (found,) = post(server, "/v1/vector_stores/wherefrom/search", query=QUESTION, max_num_results=1)["data"]
    check(found["content"][0]["text"])
    (link,) = post(server, "/open-webui/search", query=QUESTION, count=1)
    check(link["snippet"])


async def test_tools(server: Server) -> None:
    best = answer_of(await call(server, "search", query=QUESTION))["results"][0]
    check(best["text"])
    read = answer_of(await call(server, "fetch", id=best["id"]))
    assert read["metadata"]["table_header"] == NAMES
    whole = answer_of(await call(server, "fetch", id=read["metadata"]["document_id"]))
    assert "table_header" not in whole["metadata"]


def test_prompts(server: Server) -> None:
    (claude,) = post(server, "/v1/search", query=QUESTION, k=1, format="claude")["formatted"]
    check("\n".join(block["text"] for block in claude["content"]))
    assert claude["content"][0]["text"] == NAMES
    (cohere,) = post(server, "/v1/search", query=QUESTION, k=1, format="cohere")["formatted"]
    check(cohere["data"]["snippet"])
    markdown = post(server, "/v1/search", query=QUESTION, k=1, format="markdown")["formatted"]
    check("\n".join(line[2:] for line in markdown.split("\n") if line.startswith("> ")))


def test_frameworks(server: Server) -> None:
    (document,) = LangchainRetriever(base_url=server.url, k=1).invoke(QUESTION)
    check(document.page_content)
    (node,) = LlamaindexRetriever(server.url, similarity_top_k=1).retrieve(QUESTION)
    check(node.text)
    documents = HaystackRetriever(server.url, top_k=1).run(QUESTION)["documents"]
    assert isinstance(documents, list)
    (found,) = documents
    assert isinstance(found, HaystackDocument)
    check(found.content or "")


def test_the_text_and_the_quote_are_without(server: Server) -> None:
    (result,) = post(server, "/v1/search", query=QUESTION, k=1)["results"]
    assert NAMES not in result["text"]
    citation = result["citation"]
    assert citation["quote"] == TEXT[citation["start"] : citation["end"]]
    assert citation["quote"].startswith("| Quay ")
    assert citation["table_header"]["quote"] in TEXT


def test_the_room_holds_the_names(server: Server) -> None:
    (whole,) = post(server, "/v1/search", query=QUESTION, k=1)["results"]
    length = len(NAMES) + 1 + len(whole["text"])
    for room in (*range(1, length, 50), length):
        results = post(server, "/v1/search", query=QUESTION, k=1, max_chars=room)["results"]
        assert sum(len(NAMES) + 1 + len(each["text"]) for each in results) <= room
    assert results == [whole]
