"""Threads that work beside the event loop, a few of them, with a bounded queue before them.

Encoding a question takes milliseconds of pure computation. Beside the loop, health checks go on being answered
meanwhile; what waits is counted by what it costs, and what cannot wait is refused at once.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from math import ceil
from time import perf_counter
from typing import Any, TypeVar

from service.errors import Overloaded

T = TypeVar("T")

NEWEST = 0.1  # what the last piece of work counts in the measured time of a place; the last ten make two thirds of it
LONGEST_WAIT = 60  # seconds that somebody is told to stay away at most: who comes back too early is only told again
# Measured on questions of 30 to 2,048 characters in four scripts: one of 400 bytes in UTF-8 takes about twice the work
# of a short one, and the longest that the model reads to the end, seven times as much.
BYTES_A_PLACE = 400
MOST_PLACES = 7


class Threads:
    """A few threads and those who wait for them. All of it belongs to the event loop, but for the work itself.

    Attributes:
        pending: places that are taken by what is worked on and by what waits.
    """

    def __init__(self, name: str, workers: int, waiting: int, *, yielding: bool = False) -> None:
        """Start nothing yet.

        Args:
            name: of the threads, for whoever looks at the process.
            workers: how many there are.
            waiting: how many places there are for what waits; a usual piece of work takes one.
            yielding: whether other threads go before, where the system can give a thread a priority.
        """
        prepare = _give_way if yielding else None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name, initializer=prepare)
        self._workers = workers
        self._most = workers + waiting
        self._seconds = 0.0  # that one place is worked on, as measured
        self.pending = 0

    def check_room(self, places: int = 1) -> None:
        """Refuse what finds no places.

        Raises:
            Overloaded: saying when all that waits now will be done.
        """
        if self.pending + places > self._most:
            seconds = min(max(ceil(self.pending * self._seconds / self._workers), 1), LONGEST_WAIT)
            raise Overloaded(f"as much is waiting already as may wait; ask again in {seconds} s", seconds)

    def run(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Begin a piece of work that takes one place until it is done.

        Raises:
            Overloaded: if there is none.
        """
        self.check_room()
        self.pending += 1
        return self._begin(work, 1)

    @contextmanager
    def reserved(self, costs: Sequence[int]) -> Iterator["Reserved"]:
        """A block with places for several pieces of work that belong together: for all of them or for none.

        They take as many places as they cost. Yet beyond one for each, they take no more than half of all, and never
        more than there are: what belongs together can be large, and would find no room while anyone else asks.

        Raises:
            Overloaded: if there are not so many places.
        """
        places = min(sum(costs), max(len(costs), self._most // 2), self._most)
        self.check_room(places)
        self.pending += places
        reserved = Reserved(self._begin, places, costs)
        try:
            yield reserved
        finally:
            self.pending -= reserved.places

    def close(self) -> None:
        """Finish what runs; what waits is not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, work: Callable[[], T], places: int) -> asyncio.Future[T]:
        """Begin what has its places, and free them when it is done."""
        took = 0.0

        def timed() -> T:
            nonlocal took
            started = perf_counter()
            try:
                return work()
            finally:
                took = perf_counter() - started

        def done(begun: asyncio.Future[T]) -> None:
            self.pending -= places
            if took and places:
                self._seconds += (took / places - self._seconds) * (NEWEST if self._seconds else 1)

        begun = asyncio.get_running_loop().run_in_executor(self._pool, timed)
        begun.add_done_callback(done)
        return begun


class Reserved:
    """Places for pieces of work that follow each other; each has its share of them until it is done.

    Attributes:
        places: that are reserved for those to come.
    """

    def __init__(
        self, begin: Callable[[Callable[[], Any], int], asyncio.Future[Any]], places: int, costs: Sequence[int]
    ):
        self._begin = begin
        self._costs = deque(costs)
        self.places = places

    def run(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Begin the next piece of work."""
        places = self.places * self._costs[0] // sum(self._costs)
        self._costs.popleft()
        self.places -= places
        return self._begin(work, places)


def cost_of(question: str) -> int:
    """Return how many places a question takes: one, and more where it is long."""
    return min(1 + len(question.encode()) // BYTES_A_PLACE, MOST_PLACES)


def _give_way() -> None:
    """Let other threads go before this one; those that it starts are like it."""
    with suppress(AttributeError, OSError):  # Linux gives each thread a priority, others each process or none
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
