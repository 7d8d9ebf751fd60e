"""A bound on bytes that are held at a time, for all requests together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

from service.errors import Overloaded


class GivenWay(Exception):
    """Somebody held bytes for long, and others waited for them."""


class Room:
    """How many bytes may be held at a time.

    Attributes:
        held: how many are.
    """

    def __init__(self, size: int, told: str, fair: float = inf) -> None:
        """Begin with all of it free.

        Args:
            size: how many.
            told: what is told to whoever finds no room.
            fair: for how many seconds somebody may hold some while others wait.
        """
        self._size = size
        self._told = told
        self._fair = fair
        self.held = 0
        # Those who may hold theirs for as long as they like, from when.
        self._holders: dict[asyncio.Timeout, float] = {}
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def taken(self, size: int, patience: float = 0.0) -> AsyncIterator[None]:
        """A block that has so many bytes, at most all there are, once there are so many.

        Args:
            size: how many.
            patience: seconds to wait for them.

        Raises:
            Overloaded: if there are not within that time.
            GivenWay: if they were held for long, and others wait.
        """
        size = min(size, self._size)
        try:
            async with asyncio.timeout(patience), self._changed:
                if self.held + size > self._size:
                    self._limit_next()
                await self._changed.wait_for(lambda: self.held + size <= self._size)
                self.held += size
        except TimeoutError:
            raise Overloaded(self._told, reason="memory") from None
        holding = asyncio.timeout(None)
        try:
            async with holding:
                self._holders[holding] = asyncio.get_running_loop().time()
                yield
        except TimeoutError:
            if not holding.expired():
                raise
            raise GivenWay from None
        finally:
            self._holders.pop(holding, None)
            async with self._changed:
                self.held -= size
                self._changed.notify_all()

    def _limit_next(self) -> None:
        """Have whoever holds some for longest, and has no limit yet, hold it no longer than is fair."""
        if self._holders and self._fair < inf:
            holding = next(iter(self._holders))
            holding.reschedule(self._holders.pop(holding) + self._fair)
