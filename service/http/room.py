"""A bound on bytes that are held at a time, for all requests together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.errors import Overloaded


class Room:
    """How many bytes may be held at a time.

    Attributes:
        held: how many are.
    """

    def __init__(self, size: int, told: str) -> None:
        """Take how many they are, and what is told to whoever finds no room."""
        self._size = size
        self._told = told
        self.held = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def taken(self, size: int, patience: float = 0.0) -> AsyncIterator[None]:
        """A block that has so many bytes, at most all there are, once there are so many.

        Args:
            size: how many.
            patience: seconds to wait for them.

        Raises:
            Overloaded: if there are not within that time.
        """
        size = min(size, self._size)
        try:
            async with asyncio.timeout(patience), self._changed:
                await self._changed.wait_for(lambda: self.held + size <= self._size)
                self.held += size
        except TimeoutError:
            raise Overloaded(self._told, reason="memory") from None
        try:
            yield
        finally:
            async with self._changed:
                self.held -= size
                self._changed.notify_all()
