"""The HTTP application, made of settings; nothing is loaded before it starts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from corpus.errors import WherefromError
from index.opening import LoadEncoder
from service.access import make_access
from service.backend import Backend
from service.errors import add_error_handlers
from service.examples import ANSWER
from service.middleware import BodyLimit, LastResort, RequestIds
from service.page import add_page
from service.routes import health, v1
from service.settings import Settings

logger = logging.getLogger(__name__)

DESCRIPTION = """
Answers questions with passages and says of each where it is from. Every citation can be checked: `quote` is
`text[start:end]` of the document, in Unicode code points, and `document_sha256` is the digest of that text.
"""


def _openapi(generate: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    schema = generate()
    # FastAPI would leave out of the example what is null, and so what can be null.
    schema["components"]["schemas"]["SearchResponse"]["examples"] = [ANSWER]
    return schema


def _log_failure(error: WherefromError | None) -> None:
    if error is not None:
        logger.error("the index cannot be loaded: %s", error)


def create_app(
    settings: Settings,
    load_encoder: LoadEncoder,
    on_loaded: Callable[[WherefromError | None], None] = _log_failure,
) -> FastAPI:
    """Return the application.

    Args:
        settings: all that can be chosen.
        load_encoder: makes the encoder of a model's name.
        on_loaded: called when the index is loaded, or with the error why it cannot be; the app then goes on
            to answer 503 unless the caller stops it.

    Raises:
        InvalidInput: if the settings would open the documents to others unguarded.
    """
    access = make_access(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        backend = app.state.backend = Backend(settings, load_encoder)

        async def load() -> None:
            await backend.load()
            on_loaded(backend.failure)

        loading = asyncio.create_task(load())
        yield
        await loading
        backend.close()

    # FastAPI's own documentation page loads its scripts from elsewhere; this one brings them.
    app = FastAPIOffline(
        redoc_url=None,
        redirect_slashes=False,  # a redirect would name whatever host a client claims
        static_url="/docs/assets",
        title="wherefrom",
        version=version("wherefrom"),
        description=DESCRIPTION,
        lifespan=lifespan,
    )
    app.openapi = partial(_openapi, app.openapi)  # type: ignore[method-assign] # as FastAPI advises
    app.state.access = access
    app.include_router(health)
    app.include_router(v1)
    add_page(app)
    add_error_handlers(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(LastResort)
    app.add_middleware(RequestIds)
    return app
