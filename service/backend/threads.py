"""Threads that work beside the event loop, a few of them, with a bounded queue before them.

Encoding a question takes milliseconds of pure computation. Beside the loop, health checks go on being answered
meanwhile; what waits is counted, and what cannot wait is refused at once.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from service.errors import Overloaded

T = TypeVar("T")


class Threads:
    """A few threads and those who wait for them."""

    def __init__(self, name: str, workers: int, waiting: int, *, yielding: bool = False) -> None:
        """Start nothing yet.

        Args:
            name: of the threads, for whoever looks at the process.
            workers: how many there are.
            waiting: how many pieces of work may wait.
            yielding: whether other threads go before, where the system can give a thread a priority.
        """
        prepare = _give_way if yielding else None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name, initializer=prepare)
        self._most = workers + waiting
        self.pending = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do a piece of work.

        Raises:
            Overloaded: if too many wait already.
        """
        if self.pending >= self._most:
            raise Overloaded(f"{self.pending} requests are waiting already; ask again in a moment")
        self.pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self.pending -= 1

    def close(self) -> None:
        """Finish what runs; what waits is not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _give_way() -> None:
    """Let other threads go before this one; those that it starts are like it."""
    with suppress(AttributeError, OSError):  # Linux gives each thread a priority, others each process or none
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
