"""How an answer goes out: to the method that was asked, with the headers of every answer, and in pieces.

HEAD is answered as GET without the body (RFC 9110, 9.3.2), and a 405 names the methods of all routes there: FastAPI has
a route for each method, none of HEAD, and names those of the first.
"""

from contextlib import AsyncExitStack

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from service.http.middleware.headers import completed
from service.http.room import Room
from service.http.table import Table

SENT = 32_768  # bytes of an answer that are sent at a time; the next are when the system has taken these
SMALL = 65_536  # bytes of an answer that takes no room
NOT_ALLOWED = 405


class Sending:
    """Sends the answer to a request in pieces, each when the one before is taken; large ones only where there is room.

    Attributes:
        asked: the method that was asked. What is inside finds GET in the place of HEAD.
        held: what is held until the answer is taken.
        status: of the answer, once it has begun.
    """

    def __init__(self, scope: Scope, send: Send, table: Table, room: Room) -> None:
        """Begin nothing yet."""
        self.asked: str = scope["method"]
        self.held = AsyncExitStack()
        self.status: int | None = None
        self._scope = scope
        self._send = send
        self._table = table
        self._room = room
        self._start: Message | None = None  # until there is room for what follows
        if self.asked == "HEAD":
            scope["method"] = "GET"  # in place: whoever counts requests finds the route here

    @property
    def begun(self) -> bool:
        """Whether anything of the answer went out."""
        return self.status is not None

    async def __call__(self, message: Message) -> None:
        """Send what an application says."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            if not more and len(body) > SMALL:
                await self.held.enter_async_context(self._room.taken(len(body)))
            await self._begin(self._start)
        if self.asked == "HEAD":
            return
        for first in range(0, len(body) - SENT, SENT):
            await self._send({**message, "body": body[first : first + SENT], "more_body": True})
        last = (len(body) - 1) // SENT * SENT if body else 0
        await self._send({**message, "body": body[last:], "more_body": more})

    async def _begin(self, start: Message) -> None:
        self._start, self.status = None, start["status"]
        headers = list(start["headers"])
        if self.status == NOT_ALLOWED:
            MutableHeaders(raw=headers)["Allow"] = ", ".join(self._table.allowed(self._scope["path"]))
        self._scope["method"] = self.asked
        await self._send({**start, "headers": completed(headers, self._scope)})
        if self.asked == "HEAD":  # the end comes at once: a stream may have none
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
