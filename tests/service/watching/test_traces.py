"""Traces of a real `wherefrom serve`, as a receiver of OpenTelemetry's protocol gets them."""

import ast
import signal
import sys
from pathlib import Path
from time import monotonic

import httpx2
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from corpus.errors import InvalidInput
from tests.conftest import ROOT
from tests.http_fixtures import Serving
from tests.server_fixtures import environment, serving, serving_command
from tests.service.watching.receiver import ENDPOINT, receiving
from tests.service.watching.test_log import FAULTY
from tests.service_fixtures import make_index, settings_of

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("traces"))


def facts(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_request_is_a_span_with_the_stages_of_its_questions_in_it(data_dir: Path) -> None:
    command = [sys.executable, "-c", FAULTY, "serve", "--model", "hash", "--json", "--data-dir", str(data_dir)]
    with receiving() as receiver:
        with serving_command(command, environment(**{ENDPOINT: receiver.url})) as server:
            parent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-ID": "mine-1"}
            answer = httpx2.post(f"{server.url}/v1/search", json={"query": "berths"}, headers=parent)
            httpx2.get(f"{server.url}/v1/documents/d_none")
            httpx2.get(f"{server.url}/v1/documents?limit=1")
            assert server.stop(signal.SIGTERM)[0] == 0
        spans, resources = receiver.spans(), receiver.resources()
    assert {each["service.name"] for each in resources} == {"wherefrom"}
    requests = {span.name: span for span in spans if span.kind == Span.SPAN_KIND_SERVER}
    assert set(requests) == {"POST /v1/search", "GET /v1/documents/{document_id}", "GET /v1/documents"}
    asked = requests["POST /v1/search"]
    assert (asked.trace_id.hex(), asked.parent_span_id.hex()) == (TRACE, PARENT)
    assert facts(asked) == {
        "http.request.method": "POST",
        "http.route": "/v1/search",
        "http.response.status_code": 200,
        "wherefrom.request_id": "mine-1",
    }
    timings = answer.json()["timings_ms"]
    stages = [span for span in spans if span.parent_span_id == asked.span_id]
    assert [span.name for span in stages] == [name for name in ("encode", "search", "rerank") if timings[name]]
    for span in stages:
        assert span.trace_id == asked.trace_id
        assert (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6 == pytest.approx(
            timings[span.name], abs=0.01
        )
        assert asked.start_time_unix_nano <= span.start_time_unix_nano
        assert span.end_time_unix_nano <= asked.end_time_unix_nano
    missing, failed = requests["GET /v1/documents/{document_id}"], requests["GET /v1/documents"]
    assert (missing.parent_span_id, missing.status.code) == (b"", Status.STATUS_CODE_UNSET)
    assert failed.status.code == Status.STATUS_CODE_ERROR


def test_a_receiver_that_is_not_there_holds_up_nobody(data_dir: Path) -> None:
    with serving(data_dir, **{ENDPOINT: "http://127.0.0.1:9"}) as server:
        assert httpx2.get(f"{server.url}/healthz").status_code == 200
        started = monotonic()
        assert server.stop(signal.SIGTERM)[0] == 0
        assert monotonic() - started < 8


def test_whoever_waits_for_traces_is_told_that_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    for name in ("service.watching.traces", "opentelemetry.sdk.resources"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(InvalidInput, match=rf"^{ENDPOINT} is set, but .*pip install 'wherefrom\[otel\]', or unset it$"):
        Serving(settings_of(tmp_path))


def test_nothing_of_it_is_loaded_where_no_traces_are_sent() -> None:
    """One module imports it, and that module is imported where a variable asks for it."""
    for file in (ROOT / "service").rglob("*.py"):
        nodes = ast.parse(file.read_text("utf-8")).body
        named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        assert "service.watching.traces" not in named
        assert file.name == "traces.py" or not any(name.startswith("opentelemetry") for name in named)
