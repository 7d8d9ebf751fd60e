"""Traces of requests, sent by OpenTelemetry: a span for each, and one for each stage of a question in it.

Spans are made when a request is over, of what was measured. Nothing that a client wrote is in them but the ids.
"""

from collections.abc import Mapping
from importlib.metadata import version
from itertools import accumulate
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.watching.requests import Answered, Handled

NAME = "wherefrom"
NANOSECONDS = 1_000_000_000  # in a second, of which the time of spans is counted
A_MILLISECOND = 1_000_000
FAILED = 500  # from this status on, the fault is ours
TOTAL = "total"
STOP_SECONDS = 2.0  # OpenTelemetry itself would wait for half a minute


class Traces:
    """Sends traces to where the standard variables say; others' spans are not sent, for they may tell anything."""

    def __init__(self) -> None:
        about = {"service.name": NAME, "service.version": version(NAME)}
        self._provider = TracerProvider(
            shutdown_on_exit=False, resource=Resource(about).merge(OTELResourceDetector().detect())
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer(NAME, version(NAME))

    def requested(self, handled: Handled) -> None:
        """Take the trace of a request, as a part of its client's if that has one."""
        # Not tracestate, in which a client may write what it likes.
        context = TraceContextTextMapPropagator().extract({"traceparent": handled.traceparent})
        began = int(handled.started * NANOSECONDS)
        name = f"{handled.method} {handled.route}"
        span = self._tracer.start_span(name, context, SpanKind.SERVER, _facts(handled), start_time=began)
        for answered in handled.notes.answers:
            self._answered(set_span_in_context(span, context), answered)
        if handled.status is not None and handled.status >= FAILED:
            span.set_status(StatusCode.ERROR)
        span.end(began + int(handled.seconds * NANOSECONDS))

    def _answered(self, inside: Context, answered: Answered) -> None:
        """Take the stages of an answer, which follow each other up to its end."""
        stages = {name: int(spent * A_MILLISECOND) for name, spent in answered.timings_ms.items() if name != TOTAL}
        began = int(answered.ended * NANOSECONDS) - sum(stages.values())
        ends = accumulate(stages.values(), initial=began)
        for (name, spent), start in zip(stages.items(), ends, strict=False):
            if spent:  # without a reranker there is no such stage
                self._tracer.start_span(name, inside, start_time=start).end(start + spent)

    def close(self) -> None:
        """Send what is left, unless that takes long."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(STOP_SECONDS)


def _facts(handled: Handled) -> Mapping[str, str | int]:
    facts: dict[str, str | int] = {
        "http.request.method": handled.method,
        "http.route": handled.route,
        "wherefrom.request_id": handled.request_id,
    }
    return facts if handled.status is None else {**facts, "http.response.status_code": handled.status}
