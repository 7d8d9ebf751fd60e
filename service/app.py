"""The HTTP application, made of settings; nothing is loaded before it starts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache
from importlib.metadata import version

from fastapi import FastAPI
from starlette.applications import Starlette

from corpus.errors import WherefromError
from index.answer import SearchResult
from index.home import Home
from index.opening import LoadEncoder
from service.backend.backend import Backend
from service.errors import add_error_handlers
from service.home import home_of
from service.http.access import make_access
from service.http.answers import ROOM, Answers
from service.http.collections import collections
from service.http.connections import Connections
from service.http.documents import writing
from service.http.jobs import jobs
from service.http.metrics import Metrics, telling
from service.http.metrics import router as metrics_router
from service.http.middleware.door import Door
from service.http.page import add_page
from service.http.routes import asking, health, v1
from service.http.table import Table
from service.http.uploads import uploads
from service.openapi import completed
from service.platforms.registry import PLATFORMS
from service.settings import Settings
from service.watching.requests import ACCESS_LOGS, note_answer
from service.watching.tracing import open_traces
from service.workers.worker import ALONE, Worker

logger = logging.getLogger(__name__)

ROUTERS = (health, metrics_router, asking, v1, writing, uploads, jobs, collections)
DESCRIPTION = """
Answers questions with passages and says of each where it is from. Every citation can be checked: `quote` is
`text[start:end]` of the document, in Unicode code points, and `document_sha256` is the digest of that text.
"""


def _log_failure(error: WherefromError | None) -> None:
    if error is not None:
        logger.error("the index cannot be loaded: %s", error)


def create_app(
    settings: Settings,
    load_encoder: LoadEncoder,
    on_loaded: Callable[[WherefromError | None], None] = _log_failure,
    home: Home | None = None,
    page_token: str | None = None,
    worker: Worker = ALONE,
) -> FastAPI:
    """Return the application.

    Args:
        settings: all that can be chosen.
        load_encoder: makes the encoder of a model.
        on_loaded: called when the index is loaded, or with the error why it cannot be; the app then goes on
            to answer 503 unless the caller stops it.
        home: where documents are kept, if not where the settings say.
        page_token: the key by which the page writes, if any.
        worker: which of the processes that serve together this one is; the settings hold its share.

    Raises:
        InvalidInput: if the settings would open the documents to others unguarded, or traces are to be sent by what is
            not installed.
    """
    access = make_access(settings, page_token)
    home = home or home_of(settings)
    metrics, traces = Metrics(worker), open_traces()
    watchers = (metrics.requested, *ACCESS_LOGS[settings.access_log], *([traces.requested] if traces else []))

    def answered(result: SearchResult) -> None:
        metrics.answered(result)
        note_answer(result.timings_ms)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        backend = app.state.backend = Backend(settings, home, load_encoder, answered, worker)

        async def load() -> None:
            await backend.load()
            on_loaded(backend.failure)

        loading = asyncio.create_task(load())
        if worker.waits:
            await asyncio.wait([loading])
        async with AsyncExitStack() as running:
            if worker.figures is not None:
                await running.enter_async_context(telling(app))
            for run in runs:
                await running.enter_async_context(run())
            yield
        await loading
        await backend.close()
        if traces is not None:
            await asyncio.to_thread(traces.close)

    app = _bare_app(lifespan)
    app.state.access = access
    app.state.answers = Answers(worker.share(ROOM))
    app.state.connections = Connections(settings.connections)
    app.state.watchers = set[object]()
    app.state.worker = worker
    app.state.settings = settings
    app.state.metrics = metrics
    routers = (*ROUTERS, *(router for each in PLATFORMS for router in each.routers))
    for router in routers:
        app.include_router(router)
    runs = [each.attach(app, settings) for each in PLATFORMS if each.attach]
    add_page(app)
    add_error_handlers(app, {each.paths: each.error_form for each in PLATFORMS if each.error_form})
    table = Table([*(route for each in routers for route in each.routes), *app.routes])
    app.add_middleware(Door, table, access, settings, worker, app.state.answers, watchers)
    return app


class Application(FastAPI):
    """FastAPI's, but for its traces: whether those are wanted, it would ask anew for every request."""

    __call__ = Starlette.__call__


def _bare_app(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """Return an application without any route, its documentation's among them."""
    app = Application(
        docs_url=None,  # it loads its scripts from elsewhere, and runs one of its own; the page has one that does not
        redoc_url=None,
        openapi_url=None,  # the page has it, too
        redirect_slashes=False,  # a redirect would name whatever host a client claims
        title="wherefrom",
        version=version("wherefrom"),
        description=DESCRIPTION,
        lifespan=lifespan,
    )
    generate = app.openapi
    app.openapi = cache(lambda: completed(generate()))  # type: ignore[method-assign] # as FastAPI advises
    return app
