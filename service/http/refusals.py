"""Refusing early: who asks while no more may wait is told so before the request is read.

What is refused costs those who are answered next to nothing then, however much comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import WherefromError
from service.errors import error_response


@dataclass(frozen=True, slots=True)
class Asking:
    """A route that asks questions, and nothing else.

    Attributes:
        path: its template, as routers have it.
        methods: how it is called.
    """

    path: str
    methods: frozenset[str] = frozenset({"POST"})


SEARCH = Asking("/v1/search", frozenset({"GET", "POST"}))


class EarlyRefusals:
    """Refuses questions at the door; see above."""

    def __init__(self, app: ASGIApp, asking: Iterable[Asking]) -> None:
        """Take what is inside, and the routes by which questions are asked."""
        self._app = app
        self._asking = [(compile_path(each.path)[0], each) for each in asking]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        route = self._route_of(scope) if scope["type"] == "http" else None
        if route is not None:
            try:
                scope["app"].state.backend.check_room()
            except WherefromError as error:
                scope["route"] = route  # for those who count requests by it; no router has seen this one
                await error_response(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _route_of(self, scope: Scope) -> Asking | None:
        path, method = scope["path"], scope["method"]
        return next((each for pattern, each in self._asking if method in each.methods and pattern.match(path)), None)
