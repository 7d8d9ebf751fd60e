"""What monitoring reads at `GET /metrics`, in Prometheus' form: how long requests and questions take, and how many.

Beside them stand what the process takes of its machine, and what it is. Where several processes serve together, each
keeps its figures in a file, as prometheus_client has it, and whichever is asked adds all of them up.
"""

import asyncio
import platform
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib.metadata import version
from math import nan

from fastapi import APIRouter, FastAPI, Request
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
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.responses import Response

from corpus.errors import WherefromError
from corpus.store.collections import DEFAULT
from corpus.store.schema import FORMAT_VERSION
from index.answer import IndexState, SearchResult
from service.backend.backend import Backend
from service.http.processes import WorkersCollector, keep_in
from service.http.routes import BackendOf
from service.watching.requests import Handled
from service.workers.worker import ALONE, Worker

# Seconds; a question with the model inside takes milliseconds, with a large one on a slow machine seconds.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MILLISECONDS = 1000  # in a second
TOLD_SECONDS = 1.0  # between two times that a worker tells how busy it is to those that are asked for it
# What there may not be enough of: places in the queue, bytes, connections, places for jobs and for who watches them.
REASONS = ("queue", "memory", "connections", "jobs", "watchers")


class Metrics:
    """The figures of one application. They are its own: two in a process do not mix, unless they are workers."""

    def __init__(self, worker: Worker = ALONE) -> None:
        """Begin to count; a worker goes on from where the one before it was."""
        self.registry = CollectorRegistry()
        # What is kept in files is read from there, this worker's own figures, too.
        own = self.registry if worker.figures is None else None
        if worker.figures is not None:
            keep_in(worker.figures, worker.number)
            MultiProcessCollector(self.registry, str(worker.figures))  # type: ignore[no-untyped-call] # it has none
        self._told = 0  # connections that were refused, of those that are counted
        self._requests = Histogram(
            "wherefrom_http_request_seconds",
            "From a request's first line to the end of its answer.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=own,
        )
        self._stages = Histogram(
            "wherefrom_search_seconds",
            "What questions spend where, as timings_ms has it; total is the sum of the other stages.",
            ("stage",),
            buckets=BUCKETS,
            registry=own,
        )
        self._questions = Counter(
            "wherefrom_questions",
            "Questions answered, and whether they are answerable.",
            ("answerable",),
            registry=own,
        )
        self._refused = Counter(
            "wherefrom_refused",
            "Requests refused, and connections closed for others, because there was not enough of something.",
            ("reason",),
            registry=own,
        )
        # A figure of a name and labels is looked up once: that takes longer than to count. There are few of each.
        self._observe_stage = cache(lambda stage: self._stages.labels(stage).observe)
        self._observe_request = cache(lambda *labels: self._requests.labels(*labels).observe)
        self._documents = _gauge(own, "documents", "Documents indexed.")
        self._passages = _gauge(own, "passages", "Passages indexed.")
        self._collections = _gauge(own, "collections", "Collections there are.")
        about = "Places in the queue that are taken by what waits or is worked on."
        self._pending = _gauge(own, "pending", about, adds=True)
        about = "Uploaded files that wait to be read, and that are being read."
        self._jobs = _gauge(own, "jobs", about, "state", adds=True)
        self._ready = _gauge(own, "ready", "1 when questions can be answered, as /readyz says.")
        self._workers = _gauge(own, "workers", "Processes that answer at the address.")
        self._connections = _gauge(own, "connections", "Connections that are open.", adds=True)
        about = "Bytes of large answers that are held for their clients."
        self._answers = _gauge(own, "answers_bytes", about, adds=True)
        self._disk_free = _gauge(own, "disk_free_bytes", "Room on the disk of the data folder.")
        built = {"version": version("wherefrom"), "python": platform.python_version(), "format": str(FORMAT_VERSION)}
        Info("wherefrom_build", "What runs, and the format of its indexes.", registry=self.registry).info(built)
        if worker.figures is None:
            ProcessCollector(registry=self.registry)
        else:
            self.registry.register(WorkersCollector(worker.figures))
        PlatformCollector(registry=self.registry)
        for answerable in ("true", "false"):
            self._questions.labels(answerable)  # a rate needs the zero before the first
        for reason in REASONS:
            self._refused.labels(reason)

    def answered(self, result: SearchResult) -> None:
        """Count an answer."""
        for stage, milliseconds in result.timings_ms.items():
            self._observe_stage(stage)(milliseconds / MILLISECONDS)
        self._questions.labels("true" if result.answerable else "false").inc()

    def requested(self, handled: Handled) -> None:
        """Count a request, unless its client went before it was answered."""
        if handled.status is not None:
            self._observe_request(handled.method, handled.route, handled.status)(handled.seconds)

    def refused(self, reason: str) -> None:
        """Count a request that was refused for want of something."""
        self._refused.labels(reason).inc()

    def indexed(self, state: IndexState) -> None:
        """Tell how much is indexed."""
        self._documents.set(state.documents)
        self._passages.set(state.passages)

    def working(self, pending: int, workers: int) -> None:
        """Tell how busy the service is, and how many processes there are to be so."""
        self._pending.set(pending)
        self._workers.set(workers)

    def answering(self, ready: bool) -> None:
        """Tell whether questions can be answered."""
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


def _gauge(registry: CollectorRegistry | None, name: str, about: str, *labels: str, adds: bool = False) -> Gauge:
    """Return a gauge; where there are several workers, what they tell adds up, or holds for all of them."""
    return Gauge(
        f"wherefrom_{name}",
        about,
        labels,
        registry=registry,
        multiprocess_mode="sum" if adds else "mostrecent",
    )


router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request, backend: BackendOf) -> Response:
    """Return all figures; it does so under load and before the index is loaded, too."""
    figures: Metrics = request.app.state.metrics
    await _tell(request.app)
    figures.answering(await _is_ready(backend))
    home = backend.home
    with suppress(WherefromError, OSError):  # what was last known stays: a scrape must not fail of what it is to show
        await run_in_threadpool(lambda: figures.stored(len(home.names()), home.room()))
        collection = await backend.collections.get(DEFAULT)
        figures.indexed(await collection.run(lambda index: index.searcher.state()))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(figures.registry), media_type=content_type)


@asynccontextmanager
async def telling(app: FastAPI) -> AsyncIterator[None]:
    """A block in which a worker tells how busy it is, for whichever worker is asked."""

    async def tell() -> None:
        while True:
            await _tell(app)
            await asyncio.sleep(TOLD_SECONDS)

    task = asyncio.create_task(tell())
    try:
        yield
    finally:
        task.cancel()


async def _tell(app: FastAPI) -> None:
    """Tell how busy this process is."""
    figures: Metrics = app.state.metrics
    backend: Backend = app.state.backend
    worker: Worker = app.state.worker
    figures.working(backend.pending, 1 if worker.counts is None else worker.counts.there())
    connections = app.state.connections
    figures.connected(len(connections), connections.refused, app.state.answers.room.held)
    with suppress(WherefromError):  # as above
        figures.waiting(await backend.jobs.counts())


async def _is_ready(backend: Backend) -> bool:
    """Return what `/readyz` says."""
    try:
        await backend.check()
    except WherefromError:
        return False
    return True
