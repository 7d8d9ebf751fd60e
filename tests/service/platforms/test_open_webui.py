"""Open WebUI's external web search: a request as it sends it, to a served index."""

from typing import Any

import httpx2
import pytest

from tests.server_fixtures import Server, linked_quote
from tests.service_fixtures import READ_KEY, without_space

QUESTION = "泊位有多少个"
AGENT = "Open WebUI (https://github.com/open-webui/open-webui) RAG Bot"


def open_webui(server: Server, body: object, key: str = READ_KEY) -> httpx2.Response:
    headers = {"User-Agent": AGENT, "Authorization": f"Bearer {key}"}
    return httpx2.post(f"{server.url}/open-webui/search", json=body, headers=headers)


def test_results_are_a_bare_list(server: Server) -> None:
    response = open_webui(server, {"query": QUESTION, "count": 3})
    assert response.status_code == 200
    results: list[dict[str, Any]] = response.json()
    assert len(results) == 3
    for result in results:
        assert list(result) == ["link", "title", "snippet"]
        assert result["link"].startswith("http")
        assert result["title"]
        assert result["snippet"]
    assert "泊位36个" in results[0]["snippet"]


def test_links_lead_to_what_was_quoted(server: Server) -> None:
    results = {each["title"]: each for each in open_webui(server, {"query": QUESTION, "count": 9}).json()}
    assert results["The travelling library"]["link"] == "https://example.org/library"
    best = results["海湾渔港改造通报"]
    assert without_space(linked_quote(best["link"])) == without_space(best["snippet"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 422),
        ({}, 422),
        ({"query": "", "count": 3}, 422),
        ({"query": "x", "count": 0}, 422),
        ({"query": "x"}, 200),
    ],
)
def test_what_is_wrong_is_refused(server: Server, body: object, status: int) -> None:
    response = open_webui(server, body)
    assert response.status_code == status
    assert status == 200 or response.json()["error_type"] == "InvalidInput"


def test_keys(keyed: Server) -> None:
    assert open_webui(keyed, {"query": QUESTION, "count": 3}).status_code == 200
    assert open_webui(keyed, {"query": QUESTION, "count": 3}, "a-key-that-opens-nothing").status_code == 403
