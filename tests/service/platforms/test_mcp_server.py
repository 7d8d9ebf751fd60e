"""How the Model Context Protocol is carried: over HTTP, over standard input and output, and to whom."""

import logging
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult
from starlette.testclient import TestClient

from service.errors import INTERNAL
from service.http.middleware.bodies import BODY_LIMIT
from tests.http_fixtures import Serving
from tests.server_fixtures import WHEREFROM, Server, environment
from tests.service.platforms.mcp_fixtures import QUESTION, answer_of, problem_of
from tests.service_fixtures import READ_KEY, FailingEncoder, settings_of, unservable

LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
JSON_ONLY = {"Accept": "application/json"}


def stdio(data_dir: Path) -> StdioServerParameters:
    arguments = [*WHEREFROM[1:], "mcp", "--model", "hash", "--data-dir", str(data_dir)]
    return StdioServerParameters(command=WHEREFROM[0], args=arguments, env=environment())


async def test_clients_that_begin_with_a_handshake(server: Server) -> None:
    async with streamable_http_client(f"{server.url}/mcp") as (read, write), ClientSession(read, write) as session:
        welcome = await session.initialize()
        assert welcome.server_info.name == "wherefrom"
        assert len((await session.list_tools()).tools) == 3
        assert answer_of(await session.call_tool("search", {"query": QUESTION}))["results"]


async def found(session: ClientSession, query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = answer_of(await session.call_tool("search_passages", {"query": query}))["results"]
    return results


async def test_over_standard_input_and_output(served_dir: Path) -> None:
    async with stdio_client(stdio(served_dir)) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        best = answer_of(await session.call_tool("search", {"query": QUESTION}))["results"][0]
        assert "泊位36个" in best["text"]
        assert best["url"] == ""  # nobody serves a page of it
        around = answer_of(await session.call_tool("fetch", {"id": best["id"]}))
        assert around["url"] == ""
        assert around["title"] == best["title"] != ""
        assert {each["url"] for each in await found(session, "library")} == {"", "https://example.org/library"}
        assert "empty" in problem_of(await session.call_tool("search", {"query": ""}))


async def test_links_lead_to_a_service_that_is_known(served_dir: Path) -> None:
    server = stdio(served_dir)
    server.env = {**(server.env or {}), "WHEREFROM_PUBLIC_URL": "https://documents.example.org/"}
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        best, *_ = await found(session, QUESTION)
        assert best["url"].startswith("https://documents.example.org/source?document=d_")


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


@pytest.mark.parametrize(("header", "status"), [("Host", 421), ("Origin", 403)])
def test_a_web_page_cannot_lead_a_browser_here(server: Server, keyed: Server, header: str, status: int) -> None:
    headers = {**JSON_ONLY, header: "https://rebound.example" if header == "Origin" else "rebound.example"}
    assert httpx2.post(f"{server.url}/mcp", json=LIST_TOOLS, headers=headers).status_code == status
    headers |= {"Authorization": f"Bearer {READ_KEY}"}  # which no web page knows
    assert httpx2.post(f"{keyed.url}/mcp", json=LIST_TOOLS, headers=headers).status_code == 200


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


def call_in_process(client: TestClient, query: str) -> CallToolResult:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    parameters = {"name": "search", "arguments": {"query": query}}
    response = client.post(
        "/mcp", json={**request, "params": parameters}, headers={**JSON_ONLY, "X-Request-ID": "job-9"}
    )
    assert response.headers["x-request-id"] == "job-9"
    return CallToolResult.model_validate(response.json()["result"])


def test_before_the_index_is_loaded_a_tool_says_so(tmp_path: Path) -> None:
    with Serving(settings_of(unservable(tmp_path))) as client:
        problem = problem_of(call_in_process(client, QUESTION))
    assert problem == "the index cannot be loaded; the operator of this service was told why"


def test_what_nobody_foresaw_is_logged_and_not_told(served_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Serving(settings_of(served_dir), lambda name: FailingEncoder()) as client:
        assert problem_of(call_in_process(client, FailingEncoder.FATAL)) == INTERNAL
        assert not call_in_process(client, QUESTION).is_error
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "job-9" in record.getMessage()
    assert record.exc_info is not None
    assert FailingEncoder.SECRET in str(record.exc_info[1])


def test_without_an_index_the_command_says_so(tmp_path: Path) -> None:
    command = [*WHEREFROM, "mcp", "--model", "hash", "--data-dir", str(tmp_path / "none")]
    done = subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no index here; run: wherefrom index" in done.stderr
