"""An answer whatever happens."""

import logging
from asyncio import CancelledError

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import NotReady, error_response, internal_error, request_id_of

logger = logging.getLogger(__name__)


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
