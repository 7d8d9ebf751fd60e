"""What is told of every request when it is over, and the access log, which is made of that."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from time import perf_counter, time
from types import MappingProxyType
from typing import Any

from starlette.types import Scope

METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
# Anyone can make up paths and methods; each would be kept forever, so all of them count as one.
OTHER = "other"
MILLISECONDS = 1000  # in a second
NOTES = "wherefrom.notes"
NO_PEER = ("",)
PEERS = 64  # whose addresses are not read again

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


class Watched:
    """A request while it is handled."""

    def __init__(self, scope: Scope) -> None:
        """Begin to watch it."""
        self._scope = scope
        self._came, self._started = time(), perf_counter()
        scope[NOTES] = Notes()
        self._before = _current.set(scope)

    def end(self, watchers: Sequence[Watcher], status: int | None) -> None:
        """Tell of it, by the route that answered it, with the status of its answer."""
        _current.reset(self._before)
        handled = _handled(self._scope, status, self._came, perf_counter() - self._started)
        for tell in watchers:
            tell(handled)


def _handled(scope: Scope, status: int | None, started: float, seconds: float) -> Handled:
    return Handled(
        scope["method"] if scope["method"] in METHODS else OTHER,
        # The template of the route, such as /v1/documents/{document_id}; files of the page have none.
        str(getattr(scope.get("route"), "path", OTHER)),
        status,
        started,
        seconds,
        _client((scope.get("client") or NO_PEER)[0]),
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


@lru_cache(PEERS)
def _client(peer: str) -> str | None:
    """Return the address of a peer. Where a proxy of this machine names it, it may have named anything."""
    try:
        return ip_address(peer.partition("%")[0]).compressed
    except ValueError:
        return None
