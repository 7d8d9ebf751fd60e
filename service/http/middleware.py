"""What surrounds every request: its id, and an answer whatever happens."""

import logging
import re
from asyncio import CancelledError
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import NotReady, error_response, internal_error, request_id_of
from service.http.bodies import header

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Gives every request an id, its own if it brings one, and sends it back in `X-Request-ID`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        brought = header(scope["headers"], b"x-request-id")
        request_id = brought if REQUEST_ID.fullmatch(brought) else uuid4().hex
        scope["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)


class LastResort:
    """Answers where nothing else does.

    Where something fails that nobody foresaw, the client gets a constant text and the log the rest; where the
    server stops before the request was answered, the client is told to ask again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, request = False, Request(scope)

        async def watched_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except CancelledError:  # the last that happens to a request, so nobody waits for it to go on
            if not begun:
                told = error_response(request, NotReady("the service stops; ask again in a moment"))
                await told(scope, receive, send)
        except Exception:
            if begun:
                raise
            logger.exception("request %s failed", request_id_of(request))
            await internal_error(request)(scope, receive, send)
