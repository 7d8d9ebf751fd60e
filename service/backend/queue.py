"""The order in which a server does jobs: its own, as they were accepted, or those that it shares with other servers."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import NamedTuple, Protocol

from corpus.errors import WherefromError
from index.home import Claims

LOOKED_SECONDS = 1.0  # between two looks for jobs that other servers accepted or left
RENEWED_SECONDS = 5.0  # between two renewals of a claim
LEFT_SECONDS = 60.0  # until a job is tried again that could not be done here; another server may do it


class Turn(NamedTuple):
    """A job whose turn it is."""

    collection: str
    job_id: str


class Queue(Protocol):
    """Jobs that wait for their turn; all of it belongs to the event loop."""

    def add(self, turns: Iterable[Turn]) -> None:
        """Have jobs wait that this server accepted, or found."""
        ...

    async def next(self) -> Turn:
        """Return the job whose turn it is, once there is one; it stays so until `leave` or `put_off`."""
        ...

    def doing(self, turn: Turn, stop: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """A block in which a job is done; `stop` is called if another server has taken it over."""
        ...

    async def leave(self, turn: Turn) -> None:
        """Go on without a job: it has ended, or cannot be done here."""
        ...

    async def put_off(self, turn: Turn, seconds: float) -> None:
        """Try a job again after some seconds; those of other collections go before."""
        ...

    async def counts(self) -> dict[str, int]:
        """Return how many jobs wait, and how many are done now, by that state."""
        ...


class OwnQueue:
    """The jobs of one server, in the order in which it accepted them; see `Queue`."""

    def __init__(self) -> None:
        self._turns = deque[Turn]()
        self._added = asyncio.Event()
        self._running = 0

    def add(self, turns: Iterable[Turn]) -> None:
        """Have jobs wait."""
        self._turns.extend(turns)
        self._added.set()

    async def next(self) -> Turn:
        """Return the job whose turn it is."""
        while not self._turns:
            self._added.clear()
            await self._added.wait()
        return self._turns[0]

    @asynccontextmanager
    async def doing(self, turn: Turn, stop: Callable[[], None]) -> AsyncIterator[None]:
        """A block in which a job is done."""
        self._running = 1
        try:
            yield
        finally:
            self._running = 0

    async def leave(self, turn: Turn) -> None:
        """Go on without a job."""
        self._turns.popleft()

    async def put_off(self, turn: Turn, seconds: float) -> None:
        """Let the jobs of other collections go before; those of this one stay in their order."""
        await asyncio.sleep(seconds)
        self._turns = deque(sorted(self._turns, key=lambda each: each.collection == turn.collection))

    async def counts(self) -> dict[str, int]:
        """Return how many wait, and whether one is done."""
        return {"queued": len(self._turns) - self._running, "running": self._running}


class SharedQueue:
    """The jobs of all servers, of which this one claims one at a time; see `Queue`."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._added = asyncio.Event()

    def add(self, turns: Iterable[Turn]) -> None:
        """Look for jobs at once."""
        self._added.set()

    async def next(self) -> Turn:
        """Claim a job, looking for one now and then."""
        while True:
            self._added.clear()
            with suppress(WherefromError):  # the store is away: the next look may find it
                if found := await asyncio.to_thread(self._claims.claim):
                    return Turn(*found)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._added.wait(), LOOKED_SECONDS)

    @asynccontextmanager
    async def doing(self, turn: Turn, stop: Callable[[], None]) -> AsyncIterator[None]:
        """A block in which the claim of a job is renewed."""
        renewing = asyncio.create_task(self._renew(turn, stop))
        try:
            yield
        finally:
            renewing.cancel()

    async def leave(self, turn: Turn) -> None:
        """Let another server try a job that has not ended."""
        await self.put_off(turn, LEFT_SECONDS)

    async def put_off(self, turn: Turn, seconds: float) -> None:
        """Give a job back for later, where the store can be told so; else the claim runs out."""
        try:
            await asyncio.to_thread(self._claims.put_off, *turn, seconds)
        except WherefromError:
            await asyncio.sleep(LOOKED_SECONDS)

    async def counts(self) -> dict[str, int]:
        """Return how many wait, and how many are done by whichever server."""
        queued, running = await asyncio.to_thread(self._claims.counts)
        return {"queued": queued, "running": running}

    async def _renew(self, turn: Turn, stop: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(RENEWED_SECONDS)
            with suppress(WherefromError):  # it may be back before the claim has run out
                if not await asyncio.to_thread(self._claims.renew, *turn):
                    stop()
                    return
