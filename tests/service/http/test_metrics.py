"""The figures for monitoring, read as Prometheus reads them."""

import platform
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import httpx2
import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from tests.http_fixtures import QUESTION, Serving, ask, assert_error
from tests.server_fixtures import PATIENCE, serving
from tests.service_fixtures import READ_KEY, GatedEncoder, make_index, put_text, settings_of, unservable

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
REQUESTS = "wherefrom_http_request_seconds"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("metrics"))


@pytest.fixture
def client(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir)) as client:
        yield client


def read(client: TestClient) -> Figures:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return figures_in(response.text)


def figures_in(text: str) -> Figures:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(figures: Figures, name: str, **labels: str) -> float | None:
    return figures.get((name, frozenset(labels.items())))


def routes(figures: Figures) -> set[tuple[str, str, str]]:
    """Return method, route and status of the requests that were counted."""
    counted = [dict(labels) for name, labels in figures if name == f"{REQUESTS}_count"]
    return {(each["method"], each["route"], each["status"]) for each in counted}


def test_a_question_is_counted_and_timed(client: TestClient) -> None:
    before = read(client)
    assert figure(before, "wherefrom_questions_total", answerable="true") == 0
    answer = ask(client)
    unanswerable = client.get("/v1/search", params={"q": QUESTION, "language": "fr"}).json()
    assert (answer["answerable"], unanswerable["answerable"]) == (True, False)
    after = read(client)
    assert figure(after, "wherefrom_questions_total", answerable="true") == 1
    assert figure(after, "wherefrom_questions_total", answerable="false") == 1
    for stage in ("encode", "search", "rerank", "total"):
        spent = sum(each["timings_ms"][stage] for each in (answer, unanswerable)) / 1000
        assert figure(after, "wherefrom_search_seconds_sum", stage=stage) == pytest.approx(spent)
        assert figure(after, "wherefrom_search_seconds_count", stage=stage) == 2
    assert figure(after, f"{REQUESTS}_count", method="POST", route="/v1/search", status="200") == 1
    seconds = figure(after, f"{REQUESTS}_sum", method="POST", route="/v1/search", status="200")
    assert seconds is not None
    assert answer["timings_ms"]["total"] / 1000 < seconds < 30


def test_what_is_indexed_is_told_and_kept_up_to_date(data_dir: Path, client: TestClient) -> None:
    answer = ask(client)["index"]
    assert figure(read(client), "wherefrom_documents") == answer["documents"]
    assert figure(read(client), "wherefrom_passages") == answer["passages"]
    put_text(data_dir, "A buoy was laid out in the bay.", "buoy.txt")
    assert figure(read(client), "wherefrom_documents") == answer["documents"] + 1
    assert figure(read(client), "wherefrom_ready") == 1


def test_the_process_and_what_it_is_are_told(client: TestClient) -> None:
    ask(client)
    figures = read(client)
    (labels,) = (dict(labels) for name, labels in figures if name == "wherefrom_build_info")
    assert labels == {"version": version("wherefrom"), "python": platform.python_version(), "format": labels["format"]}
    assert labels["format"].isdigit()
    assert any(name == "python_info" for name, _ in figures)
    assert figure(figures, "wherefrom_collections") == 1
    assert figure(figures, "wherefrom_jobs", state="queued") == figure(figures, "wherefrom_jobs", state="running") == 0
    assert (figure(figures, "wherefrom_disk_free_bytes") or 0) > 0
    if sys.platform == "linux":
        resident, descriptors = (
            figures[f"process_{name}", frozenset()] for name in ("resident_memory_bytes", "open_fds")
        )
        assert resident > 10_000_000
        assert 3 < descriptors < (figure(figures, "process_max_fds") or 0)


def test_connections_and_large_answers_are_told(data_dir: Path) -> None:
    with serving(data_dir, WHEREFROM_CONNECTIONS="8") as server, ExitStack() as opened:
        for _ in range(12):
            opened.enter_context(socket.create_connection(server.address, timeout=PATIENCE))
        with httpx2.Client(base_url=server.url) as client:
            figures = figures_in(client.get("/metrics").text)
    assert figure(figures, "wherefrom_connections") == 8
    assert figure(figures, "wherefrom_answers_bytes") == 0
    assert figure(figures, "wherefrom_refused_total", reason="connections") == 13 - 8
    assert figure(figures, "wherefrom_refused_total", reason="queue") == 0


def test_both_forms_say_the_same(client: TestClient) -> None:
    ask(client)
    response = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    families = openmetrics.text_string_to_metric_families(response.text)  # type: ignore[no-untyped-call] # it has none
    open_metrics = {
        sample.name for family in families for sample in family.samples if not sample.name.endswith("_created")
    }
    text = {name for name, _ in read(client) if not name.endswith("_created")}
    assert open_metrics == text


def test_other_platforms_questions_count_too(client: TestClient) -> None:
    assert client.post("/open-webui/search", json={"query": QUESTION}).status_code == 200
    condition = {"type": "eq", "key": "language", "value": "zh"}
    store = client.post("/v1/vector_stores/wherefrom/search", json={"query": QUESTION, "filters": condition})
    assert store.status_code == 200
    counted = read(client)
    assert figure(counted, "wherefrom_questions_total", answerable="true") == 2
    assert ("POST", "/open-webui/search", "200") in routes(counted)


def test_nobody_can_make_up_labels(client: TestClient) -> None:
    paths = ("/none", "/none/2", "/v1/documents/d_none", "/v1/documents/x", "/v1/passages/y", "/assets/z.js", "/?a=b")
    for path in paths:
        client.get(path)
    for method in ("BREW", "SPIN"):
        client.request(method, "/healthz")
    client.post("/v1/search", content=b"x" * 300_000)
    client.get("/docs/assets/none.js")
    client.get("/docs")
    assert routes(read(client)) == {
        ("GET", "other", "404"),
        ("GET", "/v1/documents/{document_id}", "404"),
        ("GET", "/v1/passages/{passage_id}", "404"),
        ("GET", "/", "200"),
        ("GET", "/docs", "200"),
        ("other", "/healthz", "405"),
        ("POST", "/v1/search", "413"),
    }


def test_keys_guard_it_as_they_guard_other_reads(data_dir: Path) -> None:
    with Serving(settings_of(data_dir, read_keys=READ_KEY)) as client:
        assert_error(client.get("/metrics"), 401, "Unauthorized", READ_KEY)
        wrong = client.get("/metrics", headers={"Authorization": "Bearer a-key-that-opens-nothing"})
        assert_error(wrong, 403, "Forbidden", READ_KEY)
        assert client.get("/metrics", headers={"Authorization": f"Bearer {READ_KEY}"}).status_code == 200


def test_it_answers_before_the_index_is_loaded(tmp_path: Path) -> None:
    with Serving(settings_of(unservable(tmp_path))) as client:
        assert client.get("/readyz").status_code == 503
        counted = read(client)
    assert figure(counted, "wherefrom_ready") == 0
    assert figure(counted, "wherefrom_documents") == 0
    assert ("GET", "/readyz", "503") in routes(counted)


def test_it_answers_under_overload(data_dir: Path) -> None:
    encoder = GatedEncoder()
    with Serving(settings_of(data_dir, searches=1, waiting=0), lambda name: encoder) as client:
        assert encoder.entered.acquire(timeout=30)  # the question that warms up
        encoder.gate.clear()
        with ThreadPoolExecutor(1) as threads:
            question = threads.submit(ask, client)
            assert encoder.entered.acquire(timeout=30)
            counted = read(client)
            encoder.gate.set()
            question.result()
    assert figure(counted, "wherefrom_pending") == 1


def test_two_apps_in_a_process_do_not_mix(data_dir: Path, client: TestClient) -> None:
    with Serving(settings_of(data_dir)) as other:
        ask(other)
        assert figure(read(client), "wherefrom_questions_total", answerable="true") == 0
