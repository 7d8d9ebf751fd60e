"""What surrounds every request: its id, the limit on what is read of its body, and an answer whatever happens."""

import asyncio
import logging
import re
from asyncio import CancelledError
from collections.abc import Iterable
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import NotReady, TooLarge, TooSlow, error_response, internal_error, request_id_of

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
BODY_LIMIT = 65_536  # bytes; the longest question in the widest encoding needs an eighth of it
BODY_SECONDS = 10.0  # a body at the limit takes that long over a line of 52 kbit/s


class RequestIds:
    """Gives every request an id, its own if it brings one, and sends it back in `X-Request-ID`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        brought = _header(scope["headers"], b"x-request-id")
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
            if begun:
                raise
            await error_response(request, NotReady("the service stops; ask again in a moment"))(scope, receive, send)
        except Exception:
            if begun:
                raise
            logger.exception("request %s failed", request_id_of(request))
            await internal_error(request)(scope, receive, send)


class BodyLimit:
    """Reads bodies before anything else does, and refuses those that are too large or too slow."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._read(scope, receive)
        except TimeoutError:
            error = TooSlow(f"the body did not arrive within {self._seconds:g} seconds; send it at once")
            await error_response(Request(scope), error)(scope, receive, send)
            return
        except TooLarge as error:
            await error_response(Request(scope), error)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        declared = _header(scope["headers"], b"content-length")
        if declared.isdigit() and int(declared) > self._limit:
            raise self._too_large()
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                raise self._too_large()
        return bytes(body)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"the body is larger than {self._limit} bytes; send less")


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key == name), "")
