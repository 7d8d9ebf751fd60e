"""Traces of a real `wherefrom serve`, as a receiver of OpenTelemetry's protocol gets them."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from corpus.errors import InvalidInput
from tests.http_fixtures import Serving
from tests.server_fixtures import environment, serving, serving_command
from tests.service.watching.log_fixtures import MARK, ask_everywhere, everywhere
from tests.service.watching.test_log import FAULTY
from tests.service_fixtures import make_index, settings_of

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Receiver:
    """Takes traces, and keeps them as they came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies: list[bytes] = []

    def spans(self) -> list[Span]:
        told = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for each in told for resource in each.resource_spans for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]

    def resources(self) -> list[dict[str, str]]:
        told = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        found = [each.resource.attributes for request in told for each in request.resource_spans]
        return [{attribute.key: attribute.value.string_value for attribute in each} for each in found]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            assert self.headers["Content-Type"] == "application/x-protobuf"
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 # as its class has it
            """Tell nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taker) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


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


def test_nothing_that_a_client_wrote_is_in_a_trace(data_dir: Path) -> None:
    key = f"{MARK}-a-key-that-may-write"
    with receiving() as receiver:
        with serving(data_dir, WHEREFROM_WRITE_KEYS=key, **{ENDPOINT: receiver.url}) as server:
            sent = everywhere(server, key) + ask_everywhere(server, MARK, key)
            server.stop(signal.SIGTERM)
        requests = [span for span in receiver.spans() if span.kind == Span.SPAN_KIND_SERVER]
    assert len(requests) == len(sent) + 1  # and the list of routes
    assert not any(MARK.encode() in body for body in receiver.bodies)


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


def test_nothing_of_it_is_loaded_where_no_traces_are_sent(tmp_path: Path) -> None:
    script = "import sys, service.app as app; from service.settings import Settings; app.create_app(Settings(), print)"
    told = f"{script}; print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    command = [sys.executable, "-c", told]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
