"""Threads that work beside the event loop, a few of them, with a bounded queue before them.

Encoding a question takes milliseconds of pure computation. Beside the loop, health checks go on being answered
meanwhile; what waits is counted by what it costs, and what cannot wait is refused at once.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from queue import Empty, SimpleQueue
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


def _pass() -> None:
    """Do nothing."""


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
        self._queue = SimpleQueue[_Begun | None]()
        arguments = self._queue, yielding
        names = [f"{name}_{number}" for number in range(workers)]
        self._threads = [threading.Thread(target=_work, name=name, args=arguments, daemon=True) for name in names]
        self._started = False
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

    def run(self, work: Callable[[], T], ended: Callable[[], None] = _pass) -> asyncio.Future[T]:
        """Begin a piece of work that takes one place until it is done, whether or not anybody waits for it.

        Args:
            work: what is done.
            ended: called when nothing of it is done any more.

        Raises:
            Overloaded: if there is no place.
        """
        self.check_room()
        self.pending += 1
        return self._begin(work, 1, ended)

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
        with suppress(Empty):
            while begun := self._queue.get_nowait():
                begun.future.cancel()
                begun.end(0.0)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads if self._started else ():
            thread.join()

    def _begin(self, work: Callable[[], T], places: int, ended: Callable[[], None]) -> asyncio.Future[T]:
        """Begin what has its places, and free them when it is done."""
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()

        def end(took: float) -> None:
            self.pending -= places
            if took and places:
                self._seconds += (took / places - self._seconds) * (NEWEST if self._seconds else 1)
            ended()

        loop = asyncio.get_running_loop()
        begun = _Begun(work, loop, loop.create_future(), end)
        self._queue.put(begun)
        return begun.future


@dataclass(frozen=True, slots=True)
class _Begun:
    """A piece of work. The event loop is told of its end in one step, of which there are four by way of an executor.

    Attributes:
        work: what is done.
        loop: who waits for it.
        future: what comes of it, unless nobody waits any more.
        end: called on the loop with the seconds that it took.
    """

    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    end: Callable[[float], None]

    def do(self) -> None:
        """Do it, in a thread."""
        started = perf_counter()
        result, error = _outcome(self.work)
        self.loop.call_soon_threadsafe(self._tell, perf_counter() - started, result, error)

    def _tell(self, took: float, result: Any, error: BaseException | None) -> None:
        self.end(took)
        if self.future.done():  # whoever waited has gone
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


def _outcome(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    """Return what comes of some work, and what it fails with; of the latter, no frame that goes on knows."""
    try:
        return work(), None
    except BaseException as error:
        return None, error


def _work(queue: "SimpleQueue[_Begun | None]", yielding: bool) -> None:
    """Do what comes, until nothing more does."""
    if yielding:
        _give_way()
    while begun := queue.get():
        begun.do()
        del begun  # or it would be kept until the next comes


class Reserved:
    """Places for pieces of work that follow each other; each has its share of them until it is done.

    Attributes:
        places: that are reserved for those to come.
    """

    def __init__(
        self,
        begin: Callable[[Callable[[], Any], int, Callable[[], None]], asyncio.Future[Any]],
        places: int,
        costs: Sequence[int],
    ):
        self._begin = begin
        self._costs = deque(costs)
        self.places = places

    def run(self, work: Callable[[], T], ended: Callable[[], None] = _pass) -> asyncio.Future[T]:
        """Begin the next piece of work; as `Threads.run`."""
        places = self.places * self._costs[0] // sum(self._costs)
        self._costs.popleft()
        self.places -= places
        return self._begin(work, places, ended)


def cost_of(question: str) -> int:
    """Return how many places a question takes: one, and more where it is long."""
    return min(1 + len(question.encode()) // BYTES_A_PLACE, MOST_PLACES)


def _give_way() -> None:
    """Let other threads go before this one; those that it starts are like it."""
    with suppress(AttributeError, OSError):  # Linux gives each thread a priority, others each process or none
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
