"""Which methods an address takes: HEAD wherever GET is, and a refusal names all that there are."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.table import Table

NOT_ALLOWED = 405


class Methods:
    """Answers HEAD as GET without the body (RFC 9110, 9.3.2), and names in a 405 the methods of all routes there.

    FastAPI has a route for each method, none of HEAD, and names those of the first.
    """

    def __init__(self, app: ASGIApp, table: Table) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, path = scope["method"], scope["path"]

        async def send_so(message: Message) -> None:
            starts = message["type"] == "http.response.start"
            if starts and message["status"] == NOT_ALLOWED:
                MutableHeaders(scope=message)["Allow"] = ", ".join(self._table.allowed(path))
            if asked != "HEAD":
                await send(message)
            elif starts:  # the end comes at once: a stream may have none
                scope["method"] = asked
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        scope["method"] = "GET" if asked == "HEAD" else asked  # in place: whoever counts requests finds the route here
        try:
            await self._app(scope, receive, send_so)
        finally:
            scope["method"] = asked
