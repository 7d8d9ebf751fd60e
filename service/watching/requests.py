"""What is told of every request when it is over, and the access log, which is made of that."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import perf_counter, time
from types import MappingProxyType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
# Anyone can make up paths and methods; each would be kept forever, so all of them count as one.
OTHER = "other"
MILLISECONDS = 1000  # in a second
NOTES = "wherefrom.notes"

logger = logging.getLogger("service.access")

NO_REQUEST: Mapping[str, Any] = MappingProxyType({})
_current = ContextVar[Mapping[str, Any]]("request", default=NO_REQUEST)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was answered.

    Attributes:
        ended: when, in seconds since 1970.
        timings_ms: milliseconds by stage, in the order of the stages, and in total.
    """

    ended: float
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Notes:
    """What becomes known of a request while it is handled."""

    questions: list[str] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Handled:
    """A request that is over.

    Attributes:
        method: of HTTP's, else `other`.
        route: the template of its route, such as `/v1/documents/{document_id}`, else `other`.
        status: of its answer; `None` where the client went before there was one.
        started: when it came, in seconds since 1970.
        seconds: from its first line to the end of its answer.
        client: address of the peer; `None` where it has none that can be read.
        request_id: its own, or the one it was given.
        traceparent: the header of that name, as the client sent it.
        notes: what else became known of it.
    """

    method: str
    route: str
    status: int | None
    started: float
    seconds: float
    client: str | None
    request_id: str
    traceparent: str
    notes: Notes


Watcher = Callable[[Handled], None]


def current_request() -> Mapping[str, Any]:
    """Return the ASGI scope of the request that is handled here; an empty one outside of requests."""
    return _current.get()


def note_question(question: str) -> None:
    """Note that a question is asked in the current request, for those who watch it."""
    _current_notes().questions.append(question)


def note_answer(timings_ms: Mapping[str, float]) -> None:
    """Note that a question was answered just now in the current request, for those who watch it."""
    _current_notes().answers.append(Answered(time(), timings_ms))


def _current_notes() -> Notes:
    notes: Notes | None = current_request().get(NOTES)
    return notes or Notes()


class WatchedRequests:
    """Tells of every request, by the route that answered it."""

    def __init__(self, app: ASGIApp, watchers: Sequence[Watcher]) -> None:
        """Take whom to tell."""
        self._app = app
        self._watchers = watchers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        came, started, status = time(), perf_counter(), None
        scope[NOTES] = Notes()

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        before = _current.set(scope)
        try:
            await self._app(scope, receive, watched_send)
        finally:
            _current.reset(before)
            handled = _handled(scope, status, came, perf_counter() - started)
            for tell in self._watchers:
                tell(handled)


def _handled(scope: Scope, status: int | None, started: float, seconds: float) -> Handled:
    return Handled(
        scope["method"] if scope["method"] in METHODS else OTHER,
        # The template of the route, such as /v1/documents/{document_id}; files of the page have none.
        str(getattr(scope.get("route"), "path", OTHER)),
        status,
        started,
        seconds,
        _client(scope),
        scope.get("request_id", ""),
        next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), ""),
        scope[NOTES],
    )


def write_access(handled: Handled) -> None:
    """Write a request into the log, without anything that its client wrote but the id it gave."""
    _write(handled, {})


def write_access_with_questions(handled: Handled) -> None:
    """Write a request into the log with the questions that were asked in it, one a line where they are several."""
    _write(handled, {"question": "\n".join(handled.notes.questions)} if handled.notes.questions else {})


def _write(handled: Handled, more: Mapping[str, str]) -> None:
    fields = {
        "request_id": handled.request_id,
        "method": handled.method,
        "route": handled.route,
        "status": handled.status,
        "ms": round(handled.seconds * MILLISECONDS, 1),
        "client": handled.client,
        **more,
    }
    logger.info("%s %s %s", handled.method, handled.route, handled.status or "left by its client", extra=fields)


# By the setting of that name, what is told of every request.
ACCESS_LOGS: Mapping[str, Sequence[Watcher]] = {
    "off": (),
    "on": (write_access,),
    "questions": (write_access_with_questions,),
}


def _client(scope: Scope) -> str | None:
    """Return the address of a peer. Where a proxy of this machine names it, it may have named anything."""
    try:
        return ip_address(scope["client"][0].partition("%")[0]).compressed
    except (TypeError, ValueError, KeyError):
        return None
