"""What reading takes of the processor and of memory, here and in the readers started for it. On Linux only."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import process_time
from types import TracebackType
from typing import Self

from corpus.files.sandbox import WORKER
from eval.endurance.processes import forget_peak, resident, worked

EVERY = 0.005  # seconds between two looks at the processes: what one of them took last is seen to so much


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took.

    Attributes:
        seconds: of the processor, in this process and its readers.
        megabytes: that the largest of its readers held at a time, or that this one grew by, if that is more.
    """

    seconds: float
    megabytes: float


class Watch:
    """Looks at this process and the readers that it started, while it is entered."""

    def __init__(self) -> None:
        self.cost = Cost(0.0, 0.0)
        self._took: dict[int, float] = {}
        self._held: dict[int, float] = {}
        self._done = Event()
        self._thread = Thread(target=self._look_on)

    def __enter__(self) -> Self:
        for pid in _readers():
            self._took[pid] = -worked(pid)
        for pid in (os.getpid(), *self._took):
            with suppress(OSError):
                forget_peak(pid)
        self._before, self._ours = resident(os.getpid())["peak"], process_time()
        self._begun = dict(self._took)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self._look()
        seconds = process_time() - self._ours + sum(self._took.values())
        grown = resident(os.getpid())["peak"] - self._before
        self.cost = Cost(round(seconds, 3), round(max(grown, *self._held.values(), 0.0), 1))

    def _look_on(self) -> None:
        while not self._done.wait(EVERY):
            self._look()

    def _look(self) -> None:
        for pid in _readers():
            with suppress(OSError, IndexError):
                took = worked(pid) + self._begun.get(pid, 0.0)
                self._took[pid] = max(took, self._took.get(pid, 0.0))
                self._held[pid] = max(resident(pid)["peak"], self._held.get(pid, 0.0))


def _readers() -> list[int]:
    """Return the processes that the main thread of this one started to read files, which are more than a copy of it."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [pid for pid in map(int, children) if WORKER.encode() in _called(pid)]


def _called(pid: int) -> bytes:
    """Return how a process was called, nothing if it is over."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
