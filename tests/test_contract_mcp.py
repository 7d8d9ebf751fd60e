"""The Model Context Protocol: the real client against a served index, over HTTP and over standard input and output."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, TextContent

from service.middleware import BODY_LIMIT
from tests.server_fixtures import WHEREFROM, Server, environment
from tests.service_fixtures import READ_KEY, without_space

QUESTION = "泊位有多少个"
LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
JSON_ONLY = {"Accept": "application/json"}


def stdio(data_dir: Path) -> StdioServerParameters:
    arguments = [*WHEREFROM[1:], "mcp", "--model", "hash", "--data-dir", str(data_dir)]
    return StdioServerParameters(command=WHEREFROM[0], args=arguments, env=environment())


async def call(server: Server, tool: str, **arguments: object) -> CallToolResult:
    async with Client(f"{server.url}/mcp") as client:
        return await client.call_tool(tool, arguments)


def answer_of(result: CallToolResult) -> dict[str, Any]:
    """Return what a tool answered: exactly one text, whose JSON is the structured content."""
    assert not result.is_error, result
    (content,) = result.content
    assert isinstance(content, TextContent)
    answer: dict[str, Any] = json.loads(content.text)
    assert answer == result.structured_content
    return answer


def problem_of(result: CallToolResult) -> str:
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


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


async def test_the_link_leads_to_the_document(server: Server) -> None:
    results = answer_of(await call(server, "search", query=QUESTION))["results"]
    urls = {result["title"]: result["url"] for result in results}
    assert urls["The travelling library"] == "https://example.org/library"
    assert urls["海湾渔港改造通报"].startswith(f"{server.url}/v1/documents/d_")
    assert httpx2.get(urls["海湾渔港改造通报"]).json()["title"] == "海湾渔港改造通报"


async def test_what_is_fetched_can_be_checked(server: Server) -> None:
    best = answer_of(await call(server, "search", query=QUESTION))["results"][0]
    around = answer_of(await call(server, "fetch", id=best["id"]))
    whole = answer_of(await call(server, "fetch", id=around["metadata"]["document_id"]))
    document = httpx2.get(best["url"]).json()
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
        ("search", {"query": "x" * 3000}, "the question has 3000 characters"),
        ("search", {"query": "x", "k": 3}, "k is not known here"),
        ("fetch", {"id": "p_none"}, "no passage p_none"),
        ("fetch", {"id": ""}, "no passage"),
        ("search_passages", {"query": "x", "k": 51}, "k is 51; give 1 to 50"),
        ("search_passages", {"query": "x", "published_after": "soon"}, "published_after is 'soon'"),
        ("search_passages", {"query": "x", "max_chars": 0}, "max_chars is 0"),
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


async def test_clients_that_begin_with_a_handshake(server: Server) -> None:
    async with streamable_http_client(f"{server.url}/mcp") as (read, write), ClientSession(read, write) as session:
        welcome = await session.initialize()
        assert welcome.server_info.name == "wherefrom"
        assert len((await session.list_tools()).tools) == 3
        assert answer_of(await session.call_tool("search", {"query": QUESTION}))["results"]


async def test_over_standard_input_and_output(served_dir: Path) -> None:
    async with stdio_client(stdio(served_dir)) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        best = answer_of(await session.call_tool("search", {"query": QUESTION}))["results"][0]
        assert "泊位36个" in best["text"]
        assert best["url"].startswith("http://127.0.0.1:")
        assert "empty" in problem_of(await session.call_tool("search", {"query": ""}))


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("a-key-that-opens-nothing", 403), (READ_KEY, 200)])
def test_keys(keyed: Server, key: str | None, status: int) -> None:
    headers = JSON_ONLY if key is None else {**JSON_ONLY, "Authorization": f"Bearer {key}"}
    response = httpx2.post(f"{keyed.url}/mcp", json=LIST_TOOLS, headers=headers)
    assert response.status_code == status
    assert ("www-authenticate" in response.headers) == (status == 401)


async def test_a_client_with_a_key(keyed: Server) -> None:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {READ_KEY}"}) as http,
        streamable_http_client(f"{keyed.url}/mcp", http_client=http) as (read, write),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        assert answer_of(await session.call_tool("search", {"query": QUESTION}))["results"]


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Host", "rebound.example", 421),
        ("Host", "127.0.0.1", 200),
        ("Host", "localhost:8000", 200),
        ("Host", "documents.example.org", 200),
        ("Origin", "https://rebound.example", 403),
        ("Origin", "http://localhost:3000", 200),
        ("Origin", "https://documents.example.org", 200),
    ],
)
def test_a_web_page_cannot_lead_a_browser_here(keyed: Server, header: str, value: str, status: int) -> None:
    headers = {**JSON_ONLY, "Authorization": f"Bearer {READ_KEY}", header: value}
    response = httpx2.post(f"{keyed.url}/mcp", json=LIST_TOOLS, headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_streams_or_sessions_to_open(server: Server, method: str) -> None:
    response = httpx2.request(method, f"{server.url}/mcp", headers={"Accept": "text/event-stream"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_a_large_body_is_refused(server: Server) -> None:
    assert httpx2.post(f"{server.url}/mcp", content=b"x" * (BODY_LIMIT + 1)).status_code == 413


def test_what_is_no_json_is_told(server: Server) -> None:
    headers = {**JSON_ONLY, "Content-Type": "application/json"}
    response = httpx2.post(f"{server.url}/mcp", content=b"{", headers=headers)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == -32700
