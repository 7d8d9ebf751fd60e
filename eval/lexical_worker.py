"""A lexical engine in a process of its own, so that its memory can be told from that of the others."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time
from types import TracebackType
from typing import Any, Self

from eval.lexical_engines import Terms
from eval.lexical_libraries import ENGINES

MEMORY = Path("/proc/self/statm")
PAGE = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step cost.

    Attributes:
        wall: seconds that passed.
        cpu: seconds of work.
        memory: bytes that the process held after it.
    """

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class TermFile:
    """The passages of some lines of a file, each the terms of one with spaces between."""

    path: Path
    start: int
    end: int

    def __iter__(self) -> Iterator[Terms]:
        with self.path.open(encoding="utf-8") as lines:
            yield from (line.split() for line in islice(lines, self.start, self.end))


class Worker:
    """An engine in a process of its own; it does one step after another, and each is timed where it is done."""

    def __init__(self, name: str) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, name), daemon=True)
        self._process.start()
        self.memory = int(self._connection.recv())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.send(None)
        self._process.join()

    def do(self, step: str, *arguments: object) -> tuple[Any, Cost]:
        """Return what a method of the engine returns, and what it cost.

        Raises:
            Exception: whatever the method raised.
        """
        self._connection.send((step, arguments))
        returned, cost = self._connection.recv()
        if isinstance(returned, Exception):
            raise returned
        return returned, cost


def _work(connection: Connection, name: str) -> None:
    engine = ENGINES[name]()
    connection.send(_resident())
    while (message := connection.recv()) is not None:
        step, arguments = message
        gc.collect()
        wall, cpu = perf_counter(), process_time()
        try:
            returned = getattr(engine, step)(*arguments)
        except Exception as error:
            returned = error
        wall, cpu = perf_counter() - wall, process_time() - cpu
        connection.send((returned, Cost(wall, cpu, _resident())))


def _resident() -> int:
    """Return the bytes of memory this process holds; 0 where the system does not say."""
    return int(MEMORY.read_text().split()[1]) * PAGE if MEMORY.exists() else 0
