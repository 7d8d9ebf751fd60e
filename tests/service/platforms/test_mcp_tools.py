"""The tools of the Model Context Protocol, called by the real client at a served index."""

import json

import httpx2
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from tests.server_fixtures import Server, linked_quote
from tests.service.platforms.mcp_fixtures import QUESTION, answer_of, call, problem_of
from tests.service_fixtures import without_space


async def test_tools_are_described_for_models(server: Server) -> None:
    async with Client(f"{server.url}/mcp") as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert client.instructions is not None
        assert "untrusted" in client.instructions
    assert list(tools) == ["search", "fetch", "search_passages"]
    for tool in tools.values():
        assert "untrusted data" in (tool.description or "")
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == tool.input_schema["type"] == "object"
    # What ChatGPT's deep research relies on: one parameter each, a string.
    for name, parameter in (("search", "query"), ("fetch", "id")):
        schema = tools[name].input_schema
        assert list(schema["properties"]) == schema["required"] == [parameter]
        assert schema["properties"][parameter]["type"] == "string"


async def test_search_then_fetch(server: Server) -> None:
    found = answer_of(await call(server, "search", query=QUESTION))
    assert found["answerable"] is True
    best = found["results"][0]
    assert list(best) == ["id", "title", "url", "text"]
    assert best["title"] == "海湾渔港改造通报"
    fetched = answer_of(await call(server, "fetch", id=best["id"]))
    assert list(fetched) == ["id", "title", "text", "url", "metadata"]
    assert fetched["id"] == best["id"]
    assert fetched["url"] == best["url"]
    assert without_space(best["text"]) in without_space(fetched["text"])


async def test_the_link_leads_to_the_quote(server: Server) -> None:
    results = answer_of(await call(server, "search", query=QUESTION))["results"]
    by_title = {result["title"]: result for result in results}
    assert by_title["The travelling library"]["url"] == "https://example.org/library"
    best = by_title["海湾渔港改造通报"]
    assert best["url"].startswith(f"{server.url}/source?")
    assert without_space(linked_quote(best["url"])) == without_space(best["text"])


async def test_the_link_of_a_whole_document_marks_nothing(server: Server) -> None:
    best = answer_of(await call(server, "search_passages", query=QUESTION))["results"][0]
    whole = answer_of(await call(server, "fetch", id=best["document_id"]))
    place = {"document": best["document_id"], "sha256": best["citation"]["document_sha256"]}
    assert whole["url"] == f"{server.url}/source?{httpx2.QueryParams(place)}"


async def test_what_is_fetched_can_be_checked(server: Server) -> None:
    best = answer_of(await call(server, "search", query=QUESTION))["results"][0]
    around = answer_of(await call(server, "fetch", id=best["id"]))
    whole = answer_of(await call(server, "fetch", id=around["metadata"]["document_id"]))
    document = httpx2.get(f"{server.url}/v1/documents/{around['metadata']['document_id']}").json()
    for fetched in (around, whole):
        metadata = fetched["metadata"]
        assert metadata["document_sha256"] == document["sha256"]
        assert fetched["text"] == document["text"][metadata["start"] : metadata["end"]]
        assert None not in metadata.values()
    assert whole["text"] == document["text"]


async def test_search_passages_has_what_search_has_not(server: Server) -> None:
    found = answer_of(
        await call(
            server, "search_passages", query="book", k=2, language="en", published_before="2023", context_sentences=1
        )
    )
    (result,) = found["results"]
    assert result["citation"]["title"] == "The travelling library"
    assert result["url"] == result["citation"]["url"]
    assert result["context"] == {"before": "", "after": ""}
    short = answer_of(await call(server, "search_passages", query="lamp paraffin", k=1, max_chars=50))
    assert short["results"][0]["text"] == "The lamp burned 14 litres of paraffin a night."


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"where": {"type": "eq", "key": "author", "value": "A. Reader"}}, {"library.md"}),
        ({"where": {"type": "or", "filters": [{"type": "gte", "key": "rating", "value": 4}]}}, {"harbour.md"}),
        ({"metadata": {"rating": "5"}}, {"harbour.md"}),
        ({"source": "l*.md", "language": "en"}, {"library.md", "long.md"}),
        ({"folder": "reports"}, set()),
        ({"tag": "boats"}, set()),
    ],
)
async def test_filters_are_those_of_every_search(server: Server, filters: dict[str, object], found: set[str]) -> None:
    answer = answer_of(await call(server, "search_passages", query=QUESTION, k=50, **filters))
    assert {result["citation"]["source"] for result in answer["results"]} == found


async def test_no_schema_is_of_itself(server: Server) -> None:
    async with Client(f"{server.url}/mcp") as client:
        for tool in (await client.list_tools()).tools:
            assert "$ref" not in json.dumps(tool.input_schema)


async def test_answers_are_of_the_form_that_is_declared(server: Server) -> None:
    async with Client(f"{server.url}/mcp") as client:
        await client.list_tools()  # from now on the client checks every answer against the schema it was told
        found = await client.call_tool("search", {"query": QUESTION})
        assert found.structured_content is not None
        await client.call_tool("search_passages", {"query": QUESTION, "context_sentences": 1})
        await client.call_tool("fetch", {"id": found.structured_content["results"][0]["id"]})


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search", {}, "query is missing"),
        ("search", {"query": ""}, "the question is empty"),
        ("search", {"query": 5}, "query is 5"),
        ("search", {"query": "x", "k": 3}, "k is not known here"),
        ("fetch", {"id": "p_none"}, "no passage p_none"),
        ("fetch", {"id": ""}, "no passage"),
        ("search_passages", {"query": "x", "k": 51}, "k is 51; give 1 to 50"),
        ("search_passages", {"query": "x", "published_after": "soon"}, "published_after is 'soon'"),
        ("search_passages", {"query": "x", "max_chars": 0}, "max_chars is 0"),
        ("search_passages", {"query": "x", "where": {"type": "like"}}, "'like'"),
        ("search_passages", {"query": "x", "metadata": {"colour": "red"}}, "the condition is on 'colour'"),
    ],
)
async def test_what_is_wrong_is_told_to_the_model(
    server: Server, tool: str, arguments: dict[str, object], told: str
) -> None:
    problem = problem_of(await call(server, tool, **arguments))
    assert told in problem
    assert "pydantic" not in problem
    assert "Traceback" not in problem


async def test_an_unknown_tool_is_an_error_of_the_protocol(server: Server) -> None:
    async with Client(f"{server.url}/mcp") as client:
        with pytest.raises(MCPError, match="there are search, fetch, search_passages"):
            await client.call_tool("delete", {})
