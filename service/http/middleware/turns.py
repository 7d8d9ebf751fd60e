"""Requests begin a few at a time, so that many that come at once do not keep the event loop from everything else."""

import asyncio

from starlette.types import Scope

GONE = "gone"  # in the state of a request, where its connection says whether its client has left
TOGETHER = 4  # requests that begin in two rounds of the event loop, of which each takes a few milliseconds
HEALTH = frozenset({"/healthz", "/health"})


class Turns:
    """Begins a few requests in each round of the event loop, in the order in which they came; health checks at once.

    Each takes a few milliseconds before it waits for something. A hundred that begin in the same round would take some
    tenths of a second, in which no connection is accepted and no health check answered. One whose client has left
    before its turn is not begun at all.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(TOGETHER)

    async def come(self, scope: Scope) -> bool:
        """Wait for the turn of a request, and return whether its client is still there."""
        if scope["path"] in HEALTH:
            return True
        async with self._turn:
            await asyncio.sleep(0)
        gone = scope.get("state", {}).get(GONE)
        return gone is None or not gone()
