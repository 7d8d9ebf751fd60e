"""What monitoring reads at `GET /metrics`, in Prometheus' form: how long requests and questions take, and how many.

Beside them stand what the process takes of its machine, and what it is.
"""

import platform
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from math import nan

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder
from starlette.responses import Response

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT
from corpus.store.schema import FORMAT_VERSION
from index.answer import IndexState, SearchResult
from service.backend.backend import Backend
from service.http.routes import BackendOf
from service.watching.requests import Handled

# Seconds; a question with the model inside takes milliseconds, with a large one on a slow machine seconds.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MILLISECONDS = 1000  # in a second
# What there may not be enough of: places in the queue, bytes, connections, places for jobs and for who watches them.
REASONS = ("queue", "memory", "connections", "jobs", "watchers")


class Metrics:
    """The figures of one application. They are its own: two in a process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._told = 0  # connections that were refused, of those that are counted
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
            "Requests refused, and connections closed for others, because there was not enough of something.",
            ("reason",),
            registry=self.registry,
        )
        self._documents = self._gauge("documents", "Documents indexed.")
        self._passages = self._gauge("passages", "Passages indexed.")
        self._collections = self._gauge("collections", "Collections there are.")
        self._pending = self._gauge("pending", "Places in the queue that are taken by what waits or is worked on.")
        self._jobs = self._gauge("jobs", "Uploaded files that wait to be read, and that are being read.", "state")
        self._ready = self._gauge("ready", "1 when questions can be answered, as /readyz says.")
        self._connections = self._gauge("connections", "Connections that are open.")
        self._answers = self._gauge("answers_bytes", "Bytes of large answers that are held for their clients.")
        self._disk_free = self._gauge("disk_free_bytes", "Room on the disk of the data folder.")
        about = {"version": version("wherefrom"), "python": platform.python_version(), "format": str(FORMAT_VERSION)}
        Info("wherefrom_build", "What runs, and the format of its indexes.", registry=self.registry).info(about)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        for answerable in ("true", "false"):
            self._questions.labels(answerable)  # a rate needs the zero before the first
        for reason in REASONS:
            self._refused.labels(reason)

    def answered(self, result: SearchResult) -> None:
        """Count an answer."""
        for stage, milliseconds in result.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / MILLISECONDS)
        self._questions.labels("true" if result.answerable else "false").inc()

    def requested(self, handled: Handled) -> None:
        """Count a request, unless its client went before it was answered."""
        if handled.status is not None:
            self._requests.labels(handled.method, handled.route, handled.status).observe(handled.seconds)

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

    def waiting(self, jobs: Mapping[str, int]) -> None:
        """Tell how many jobs there are, by their states."""
        for state, number in jobs.items():
            self._jobs.labels(state).set(number)

    def connected(self, connections: int, refused: int, answers: int) -> None:
        """Tell how many connections are open and were ever refused, and how many bytes of large answers are held."""
        self._connections.set(connections)
        self._answers.set(answers)
        told = self._refused.labels("connections")
        told.inc(refused - self._told)
        self._told = refused

    def stored(self, collections: int, room: int | None) -> None:
        """Tell how many collections there are, and how much room the disk has, where they are on one of ours."""
        self._collections.set(collections)
        self._disk_free.set(nan if room is None else room)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"wherefrom_{name}", about, labels, registry=self.registry)


router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request, backend: BackendOf) -> Response:
    """Return all figures; it does so under load and before the index is loaded, too."""
    figures: Metrics = request.app.state.metrics
    figures.working(pending=backend.pending, ready=await _is_ready(backend))
    connections, answers = request.app.state.connections, request.app.state.answers
    figures.connected(len(connections), connections.refused, answers.room.held)
    home = backend.home
    with suppress(WherefromError, OSError):  # what was last known stays: a scrape must not fail of what it is to show
        figures.waiting(await backend.jobs.counts())
        await run_in_threadpool(lambda: figures.stored(len(home.names()), home.room()))
        collection = await backend.collections.get(DEFAULT)
        figures.indexed(await collection.run(lambda index: index.searcher.state()))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(figures.registry), media_type=content_type)


async def _is_ready(backend: Backend) -> bool:
    """Return what `/readyz` says."""
    try:
        await backend.check()
    except WherefromError:
        return False
    return True
