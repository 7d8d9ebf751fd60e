"""A receiver of OpenTelemetry's protocol over HTTP, for the tests of traces."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

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
