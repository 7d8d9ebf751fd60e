"""Questions of platforms that are longer than is searched for: their end is asked, and the answer says so."""

import json

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from index.query import MAX_QUESTION
from service.platforms.questions import LONGEST_WORD, fitting
from tests.server_fixtures import Server
from tests.service.platforms.mcp_fixtures import answer_of, call
from tests.service.platforms.openai_fixtures import client_of

TOLD = "wherefrom-query-cut"
# A conversation as workflows put it before what was just said: what was said of one thing, then a question on another.
SAID = "user: What did the ferry cost, and when does it sail? assistant: Nobody here knows what it costs today. "
LONG = f"{SAID * 40}\nuser: 泊位有多少个"
LONGEST = f"{'海湾渔港的船都回来了，' * 3_500}泊位有多少个"  # 39,000 characters: 230,000 bytes as Dify sends them


def end_of(question: str) -> str:
    return fitting(question, None)


@pytest.mark.parametrize("question", [LONG, LONGEST], ids=["a conversation", "a document"])
def test_dify(server: Server, question: str) -> None:
    def retrieve(query: str) -> httpx2.Response:
        body = {"retrieval_setting": {"top_k": 4, "score_threshold": 0.0}, "query": query, "knowledge_id": "wherefrom"}
        return httpx2.post(f"{server.url}/retrieval", json=json.loads(json.dumps(body)))

    long, short = retrieve(question), retrieve(end_of(question))
    assert (long.status_code, long.headers[TOLD], TOLD in short.headers) == (200, "1", False)
    assert long.json() == short.json()
    assert long.json()["records"]


def test_open_webui(server: Server) -> None:
    def search(query: str) -> httpx2.Response:
        return httpx2.post(f"{server.url}/open-webui/search", json={"query": query, "count": 3})

    long, short = search(LONG), search(end_of(LONG))
    assert (long.status_code, long.headers[TOLD], TOLD in short.headers) == (200, "1", False)
    assert long.json() == short.json() != []


def test_the_client_of_openai(server: Server) -> None:
    with client_of(server) as client:
        raw = client.vector_stores.with_raw_response.search("wherefrom", query=["泊位有多少个", LONG])
        assert raw.http_response.headers[TOLD] == "1"
        assert raw.parse().data
        assert raw.http_response.json()["search_query"] == ["泊位有多少个", end_of(LONG)]
        raw = client.vector_stores.with_raw_response.search("wherefrom", query=end_of(LONG))
        assert TOLD not in raw.http_response.headers


@pytest.mark.parametrize("tool", ["search", "search_passages"])
async def test_the_client_of_mcp(server: Server, tool: str) -> None:
    long, short = await call(server, tool, query=LONG), await call(server, tool, query=end_of(LONG))
    assert answer_of(long) == answer_of(short)
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {"query": LONG}}}
    raw = httpx2.post(f"{server.url}/mcp", json=body, headers={"Accept": "application/json"})
    assert (raw.status_code, raw.headers[TOLD]) == (200, "1")


def test_our_own_interface_refuses_them(server: Server) -> None:
    for response in (
        httpx2.post(f"{server.url}/v1/search", json={"query": LONG}),
        httpx2.get(f"{server.url}/v1/search", params={"q": LONG}),
    ):
        assert response.status_code == 422
        assert TOLD not in response.headers
        assert f"ask in at most {MAX_QUESTION}" in response.json()["error"]


TEXTS = st.lists(
    st.sampled_from(["harbour", "renovado", "船", "，", " ", "\n", "a" * 90, "é", "e\u0301", "🚢", "हिन्दी"])
)


@given(TEXTS, st.integers(1, 400))
def test_what_is_kept_is_the_end_from_a_word_on(pieces: list[str], times: int) -> None:
    question = "".join(pieces) * times
    kept = fitting(question, None)
    assert question.endswith(kept) and len(kept) <= MAX_QUESTION
    assert (kept == question) == (len(question) <= MAX_QUESTION)
    if len(question) > MAX_QUESTION:
        assert len(kept) >= MAX_QUESTION - LONGEST_WORD
        before, around = question[-len(kept) - 1], question[-MAX_QUESTION : -MAX_QUESTION + LONGEST_WORD]
        assert before.isspace() or before == "，" or not any(each.isspace() or each == "，" for each in around)


def test_the_request_is_told_of_a_cut_alone() -> None:
    request = Request({"type": "http"})
    fitting("short", request)
    untold = dict(request.scope)
    fitting("long " * 1_000, request)
    assert set(request.scope) - set(untold) == {"wherefrom_query_cut"}
