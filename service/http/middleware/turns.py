"""Requests begin a few at a time, so that many that come at once do not keep the event loop from everything else."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

TOGETHER = 16  # requests that begin in two rounds; as many as there are connections accepted in them
HEALTH = frozenset({"/healthz", "/health"})


class Turns:
    """Begins a few requests in each round of the event loop, in the order in which they came; health checks at once.

    Each takes a few milliseconds before it waits for something. A hundred that begin in the same round would take some
    tenths of a second, in which no connection is accepted and no health check answered.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turn = asyncio.Semaphore(TOGETHER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] == "http" and scope["path"] not in HEALTH:
            async with self._turn:
                await asyncio.sleep(0)
        await self._app(scope, receive, send)
