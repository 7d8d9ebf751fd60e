"""What monitoring reads at `GET /metrics`, in Prometheus' form: how long requests and questions take, and how many."""

from collections.abc import Collection
from contextlib import suppress
from time import perf_counter

from fastapi import APIRouter, Depends, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT
from index.answer import IndexState, SearchResult
from service.http.routes import BackendOf, may_read

# Seconds; a question with the model inside takes milliseconds, with a large one on a slow machine seconds.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
# Anyone can make up paths and methods; each would be kept forever, so all of them count as one.
OTHER = "other"
MILLISECONDS = 1000  # in a second


class Metrics:
    """The figures of one application. They are its own: two in a process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "wherefrom_http_request_seconds",
            "From a request's first line to the end of its answer.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "wherefrom_search_seconds",
            "What questions spend where, as timings_ms has it; total is the sum of the other stages.",
            ("stage",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._questions = Counter(
            "wherefrom_questions",
            "Questions answered, and whether they are answerable.",
            ("answerable",),
            registry=self.registry,
        )
        self._refused = Counter(
            "wherefrom_refused",
            "Requests refused with 503 because there was not enough of something: queue is places in the queue.",
            ("reason",),
            registry=self.registry,
        )
        self._documents = Gauge("wherefrom_documents", "Documents indexed.", registry=self.registry)
        self._passages = Gauge("wherefrom_passages", "Passages indexed.", registry=self.registry)
        self._pending = Gauge(
            "wherefrom_pending",
            "Places in the queue that are taken by what waits for the index or uses it.",
            registry=self.registry,
        )
        self._ready = Gauge(
            "wherefrom_ready", "1 when questions can be answered, as /readyz says.", registry=self.registry
        )
        for answerable in ("true", "false"):
            self._questions.labels(answerable)  # a rate needs the zero before the first
        self._refused.labels("queue")

    def answered(self, result: SearchResult) -> None:
        """Count an answer."""
        for stage, milliseconds in result.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / MILLISECONDS)
        self._questions.labels("true" if result.answerable else "false").inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(method, route, status).observe(seconds)

    def refused(self, reason: str) -> None:
        """Count a request that was refused for want of something."""
        self._refused.labels(reason).inc()

    def indexed(self, state: IndexState) -> None:
        """Tell how much is indexed."""
        self._documents.set(state.documents)
        self._passages.set(state.passages)

    def working(self, *, pending: int, ready: bool) -> None:
        """Tell how busy the service is."""
        self._pending.set(pending)
        self._ready.set(ready)


class MeasuredRequests:
    """Measures every request, by the route that answered it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, plain_paths: Collection[str] = ()) -> None:
        """Take what to tell, and the paths that stand for themselves, of which FastAPI says no route."""
        self._app = app
        self._metrics = metrics
        self._plain_paths = frozenset(plain_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, path = perf_counter(), 0, scope["path"]

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        finally:
            if status:  # a client that went before it was answered was not
                method = scope["method"] if scope["method"] in METHODS else OTHER
                # The template of the route, such as /v1/documents/{document_id}; files of the page have none.
                route = str(getattr(scope.get("route"), "path", path if path in self._plain_paths else OTHER))
                self._metrics.requested(method, route, status, perf_counter() - started)


router = APIRouter(include_in_schema=False, dependencies=[Depends(may_read)])


@router.get("/metrics")
async def metrics(request: Request, backend: BackendOf) -> Response:
    """Return all figures; it does so under load and before the index is loaded, too."""
    figures: Metrics = request.app.state.metrics
    figures.working(pending=backend.pending, ready=backend.ready)
    with suppress(WherefromError):  # what was last known stays: a scrape must not fail of what it is to show
        collection = await backend.collections.get(DEFAULT)
        figures.indexed(await collection.run(lambda index: index.searcher.state()))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(figures.registry), media_type=content_type)
