"""Answers are sent in pieces, and large ones only where there is room to hold them."""

from contextlib import AsyncExitStack, suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.answers import Answers
from service.http.room import GivenWay

SENT = 32_768  # bytes of an answer that are sent at a time; the next are when the system has taken these
SMALL = 65_536  # bytes of an answer that takes no room


class InPieces:
    """Sends answers in pieces, each when the one before is taken, and refuses whole ones that there is no room for."""

    def __init__(self, app: ASGIApp, answers: Answers) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Whoever gives way has the connection closed before the end of the answer, as the client can tell.
        with suppress(GivenWay):
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as held:
            begun: list[Message] = []

            async def send_in_pieces(message: Message) -> None:
                if message["type"] == "http.response.start":
                    begun[:] = [message]  # until there is room for what follows
                    return
                body, more = message.get("body", b""), message.get("more_body", False)
                if begun and not more and len(body) > SMALL:
                    await held.enter_async_context(self._answers.room.taken(len(body)))
                if begun:
                    await send(begun.pop())
                for first in range(0, len(body) - SENT, SENT):
                    await send({**message, "body": body[first : first + SENT], "more_body": True})
                last = (len(body) - 1) // SENT * SENT if body else 0
                await send({**message, "body": body[last:], "more_body": more})

            await self._app(scope, receive, send_in_pieces)
