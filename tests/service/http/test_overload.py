"""More questions than can be answered: what is refused, how early, in which words, and who is not kept waiting."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from prometheus_client.parser import text_string_to_metric_families
from starlette.routing import Route
from starlette.testclient import TestClient

from index.models.encoder import Encoded
from service.http.routes import asking
from service.http.rules import rule_of
from service.platforms.openai import unattached
from service.platforms.registry import PLATFORMS
from tests.http_fixtures import JSON, Serving, assert_error
from tests.service_fixtures import READ_KEY, GatedEncoder, make_index, settings_of

ASKING = [
    ("GET", "/v1/search?k=1000", "/v1/search"),
    ("POST", "/v1/search", "/v1/search"),
    ("POST", "/retrieval", "/retrieval"),
    ("POST", "/open-webui/search", "/open-webui/search"),
    ("POST", "/v1/vector_stores/wherefrom/search", "/v1/vector_stores/{vector_store_id}/search"),
]


class NotingEncoder(GatedEncoder):
    """Notes in which order it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        self.asked += texts
        return super().encode_queries_with_tokens(texts)

    def asked_in_order(self) -> list[str]:
        """Return the questions, without the words of passages that they are compared in as well."""
        return [text for text in self.asked if text.isascii()]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("overload"))


@pytest.fixture(autouse=True)
def unswept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done in the background takes no places meanwhile."""
    monkeypatch.setattr(unattached, "LOADED_SECONDS", 3600.0)


@contextmanager
def full(client: TestClient) -> Iterator[None]:
    """A block in which no place in the queue is free."""
    threads = client.app.state.backend._asking  # type: ignore[attr-defined]
    with threads.reserved([1] * (threads._most - threads.pending)):
        yield


@contextmanager
def busy(data_dir: Path, waiting: int) -> Iterator[tuple[TestClient, NotingEncoder, ThreadPoolExecutor]]:
    """A service whose one thread works on a question until the encoder's gate is open, and so many may wait."""
    encoder = NotingEncoder()
    serving = Serving(settings_of(data_dir, searches=1, waiting=waiting), lambda choice: encoder)
    with serving as client, ThreadPoolExecutor(8) as pool:
        assert encoder.entered.acquire(timeout=30)  # the question that warms up
        encoder.asked.clear()
        encoder.gate.clear()
        first = pool.submit(client.get, "/v1/search?q=first")
        try:
            assert encoder.entered.acquire(timeout=30)
            yield client, encoder, pool
        finally:
            encoder.gate.set()
        assert first.result(timeout=30).status_code == 200


def broken(client: TestClient, method: str, address: str) -> Response:
    """Send what is refused as soon as it is read."""
    return client.request(method, address, content=b"{", headers=JSON)


def together(client: TestClient, *queries: str) -> Response:
    return client.post("/v1/search", json={"queries": queries})


def until_pending(client: TestClient, places: int, work: "Future[Response]") -> None:
    """Wait until so many places are taken."""
    backend: Any = client.app.state.backend  # type: ignore[attr-defined]
    while backend.pending != places:
        assert not work.done(), work.result().text


def test_the_routes_that_ask_are_these() -> None:
    routes = [
        route for router in (asking, *(each for of in PLATFORMS for each in of.routers)) for route in router.routes
    ]
    known = [route for route in routes if isinstance(route, Route) and rule_of(route.endpoint).asks]
    assert {(method, each.path) for each in known for method in each.methods or ()} == {
        (method, path) for method, _, path in ASKING
    }


@pytest.mark.parametrize(("method", "address", "route"), ASKING)
def test_questions_are_refused_before_they_are_read(data_dir: Path, method: str, address: str, route: str) -> None:
    with Serving(settings_of(data_dir)) as client:
        with full(client):
            refused = broken(client, method, address)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["x-request-id"]
        assert "waiting already" in refused.text
        form = {"/retrieval": {"error_code", "error_msg"}, ASKING[-1][1]: {"error"}}
        assert set(refused.json()) == form.get(address, {"error", "error_type", "request_id"})
        assert broken(client, method, address).status_code in (400, 422)
        figures = client.get("/metrics").text
        counted = {
            (sample.labels["route"], sample.labels["status"])
            for family in text_string_to_metric_families(figures)
            for sample in family.samples
            if sample.name == "wherefrom_http_request_seconds_count"
        }
        assert (route, "503") in counted
        assert 'wherefrom_refused_total{reason="queue"} 1.0' in figures


@pytest.mark.parametrize(("method", "address", "route"), ASKING)
def test_who_may_not_ask_learns_nothing_of_the_queue(data_dir: Path, method: str, address: str, route: str) -> None:
    with Serving(settings_of(data_dir, read_keys=READ_KEY)) as client:
        keys = (None, "a-key-that-opens-nothing")
        headers: list[dict[str, str]] = [{"Authorization": f"Bearer {key}"} if key else {} for key in keys]
        free = [client.request(method, address, headers=each) for each in headers]
        with full(client):
            taken = [client.request(method, address, headers=each) for each in headers]
            opened = client.request(method, address, headers={"Authorization": f"Bearer {READ_KEY}"})
        assert [each.status_code for each in free] == [each.status_code for each in taken]
        assert {each.status_code for each in taken} <= {401, 403}
        assert opened.status_code == 503


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/openapi.json", "/"])
def test_what_asks_nothing_is_answered_all_the_same(data_dir: Path, path: str) -> None:
    with Serving(settings_of(data_dir)) as client, full(client):
        assert client.get(path).status_code == 200
        assert client.delete("/v1/search").status_code == 405
        assert client.get("/retrieval").status_code == 405


def test_several_questions_take_as_many_places_or_none(data_dir: Path) -> None:
    with busy(data_dir, waiting=3) as (client, encoder, pool):
        assert_error(together(client, "a", "b", "c", "d"), 503, "Overloaded")
        batch = pool.submit(together, client, "a", "b", "c")
        until_pending(client, 4, batch)
        assert_error(client.get("/v1/search?q=single"), 503, "Overloaded")
        encoder.gate.set()
        assert len(batch.result(timeout=30).json()["responses"]) == 3
        assert client.get("/v1/search?q=single").status_code == 200
    assert encoder.asked_in_order() == ["first", "a", "b", "c", "single"]


def test_openai_s_questions_take_as_many_places_or_none(data_dir: Path) -> None:
    store = "/v1/vector_stores/wherefrom/search"
    with busy(data_dir, waiting=3) as (client, encoder, pool):
        assert client.post(store, json={"query": ["a", "b", "c", "d"]}).status_code == 503
        batch = pool.submit(client.post, store, json={"query": ["a", "b", "c"]})
        until_pending(client, 4, batch)
        encoder.gate.set()
        assert batch.result(timeout=30).status_code == 200


def test_a_question_does_not_wait_for_all_of_several(data_dir: Path) -> None:
    with busy(data_dir, waiting=9) as (client, encoder, pool):
        batch = pool.submit(together, client, *"abcde")
        until_pending(client, 6, batch)
        single = pool.submit(client.get, "/v1/search?q=single")
        until_pending(client, 7, single)
        encoder.gate.set()
        assert single.result(timeout=30).status_code == batch.result(timeout=30).status_code == 200
    assert encoder.asked_in_order().index("single") == 2


def test_long_questions_take_more_places(data_dir: Path) -> None:
    long = [f"{number} " + "how many boats " * 130 for number in range(3)]
    with busy(data_dir, waiting=19) as (client, _, pool):
        batch = pool.submit(together, client, *long)
        until_pending(client, 1 + 10, batch)  # half of all, though they cost more
        assert_error(together(client, *long), 503, "Overloaded")
        single = pool.submit(client.get, "/v1/search?q=single")
        until_pending(client, 1 + 10 + 1, single)


def test_one_of_several_that_is_no_question_takes_no_place(data_dir: Path) -> None:
    with Serving(settings_of(data_dir, searches=1, waiting=0)) as client:
        assert_error(together(client, "a", " "), 422, "InvalidInput")
        assert client.app.state.backend.pending == 0  # type: ignore[attr-defined]
        assert len(together(client, *"abc").json()["responses"]) == 3, "whoever is alone is answered"


def test_a_tool_tells_its_model_when_to_ask_again(data_dir: Path) -> None:
    asked = {"name": "search", "arguments": {"query": "how many boats"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}
    with Serving(settings_of(data_dir)) as client, full(client):
        result = client.post("/mcp", json=message, headers={"Accept": "application/json"}).json()["result"]
        assert result["isError"]
        assert "waiting already" in result["content"][0]["text"]
        assert 'wherefrom_refused_total{reason="queue"} 1.0' in client.get("/metrics").text
