"""The bodies of requests: how large, how slow and how many at a time."""

import asyncio
from contextlib import AsyncExitStack

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from service.errors import TooLarge, TooSlow
from service.http.middleware.headers import header
from service.http.room import Room
from service.http.rules import rule_in

BODY_LIMIT = 262_144  # bytes; a platform may send a whole conversation as a question, which is cut then
BODY_SECONDS = 10.0  # a body at the limit takes that long over a line of 210 kbit/s
DOCUMENT_SECONDS = 120.0  # for one of the 20 MB that a document may have: a line of 1.3 Mbit/s
TOGETHER = 4  # documents of the largest size whose bodies are held at a time
PATIENCE_SECONDS = 30.0  # that a body waits, unread, for others to be done with
BODY = frozenset({b"content-length", b"transfer-encoding", b"expect"})  # headers of requests that have one
CROWDED = "too many documents are being received; send this again in a moment"


class Bodies:
    """Reads bodies before anything else does, and refuses those that are too large or too slow."""

    def __init__(self, documents: int, together: int) -> None:
        """Take how many bytes a document may have, and how many of these are held at a time."""
        self._documents = documents
        self._room = Room(together * documents, CROWDED)

    async def read(self, scope: Scope, receive: Receive, held: AsyncExitStack) -> Receive:
        """Read the body of a request, and return what gives it to whoever asks.

        Args:
            scope: of the request; what does not say that it has a body has none.
            receive: gives it as it comes.
            held: keeps the room for the body of a document.

        Raises:
            TooLarge, TooSlow: if it is.
            Overloaded: if there is no room for it.
            ClientDisconnect: if it ends before its end.
        """
        if BODY.isdisjoint(name for name, _ in scope["headers"]):
            return receive
        limit, seconds = BODY_LIMIT, BODY_SECONDS
        if rule_in(scope).takes_documents:
            limit, seconds = self._documents, DOCUMENT_SECONDS
            await held.enter_async_context(self._room.taken(_declared(scope, limit), PATIENCE_SECONDS))
        try:
            async with asyncio.timeout(seconds):
                waiting = await _read(scope, receive, limit)
        except TimeoutError:
            raise TooSlow(f"the body did not arrive within {seconds:g} seconds; send it at once") from None

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        return replay


async def _read(scope: Scope, receive: Receive, limit: int) -> list[Message]:
    _declared(scope, limit)
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise _too_large(limit)
    return [{"type": "http.request", "body": bytes(body), "more_body": False}]


def _declared(scope: Scope, limit: int) -> int:
    """Return how many bytes a body is said to have, `limit` where that is not said."""
    declared = header(scope["headers"], b"content-length")
    if not declared.isdigit():
        return limit
    if int(declared) > limit:
        raise _too_large(limit)
    return int(declared)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body is larger than {limit} bytes; send less")
