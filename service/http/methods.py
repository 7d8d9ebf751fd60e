"""Which methods an address takes: HEAD wherever GET is, and a refusal names all that there are."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOT_ALLOWED = 405


class Methods:
    """Answers HEAD as GET without the body (RFC 9110, 9.3.2), and names in a 405 the methods of all routes there.

    FastAPI has a route for each method, none of HEAD, and names those of the first.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, as_asked = scope["method"], dict(scope)

        async def send_so(message: Message) -> None:
            starts = message["type"] == "http.response.start"
            if starts and message["status"] == NOT_ALLOWED:
                MutableHeaders(scope=message)["Allow"] = ", ".join(allowed(as_asked))
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


def allowed(scope: Scope) -> list[str]:
    """Return the methods that the address of a request takes, whichever of its routes takes them."""
    return [method for method in METHODS if any(_takes(route, scope, method) for route in _routes(scope))]


def route_of(scope: Scope) -> BaseRoute | None:
    """Return the route that a request would come to, `None` if there is none."""
    return next((route for route in _routes(scope) if _takes(route, scope, scope["method"])), None)


def _routes(scope: Scope) -> Sequence[BaseRoute]:
    routes: Sequence[BaseRoute] = scope["app"].state.routes
    return routes


def _takes(route: BaseRoute, scope: Scope, method: str) -> bool:
    got = "GET" if method == "HEAD" else method
    matched = route.matches({**scope, "method": got})[0] is Match.FULL
    return matched and (got == "GET" or not isinstance(route, Mount))  # what is mounted here are files
