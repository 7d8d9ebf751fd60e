"""Workers that are processes of this machine, each on one core; one that is lost is replaced, its file done again."""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Self

from corpus.errors import ModelUnavailable
from index.bulk.packing import packed, unpacked
from index.bulk.work import Answer, Failed, Plan, Task
from index.bulk.worker import receive, send

WORKER = "index.bulk.worker"
TRIES = 2  # at a file that its worker does not survive
# What is done or under way while a file before it takes longer: so many tasks, and so many bytes of what was made.
MOST_AHEAD = 1_000
MOST_HELD = 256_000_000
LOST = "its worker was lost while it worked on it, twice; there is too little memory, or the file is made to do so"


class Processes:
    """Works on files in processes that are started when there is something to do. Use it as a context, or close it."""

    def __init__(self, plan: Plan, number: int) -> None:
        """Start nothing yet.

        Args:
            plan: what all files are worked on by.
            number: how many processes there may be.
        """
        self._plan = packed(plan)
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="worker")  # each waits for one process
        self._workers = set[_Worker]()
        self._idle: list[_Worker] = []
        self._changing = Lock()  # of the three above and of what follows
        self._held = 0
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """The processes that there are now."""
        with self._changing:
            return [worker.pid for worker in self._workers]

    def close(self) -> None:
        """End the processes, whatever they do."""
        with self._changing:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
        """Yield tasks in their order with what became of them; see `index.bulk.work.Workers`.

        Raises:
            ModelUnavailable: if a worker cannot start.
        """
        ahead: deque[tuple[Task, Future[bytes]]] = deque()
        for task in tasks:
            ahead.append((task, self._threads.submit(self._answer, packed(task))))
            while ahead and (ahead[0][1].done() or len(ahead) >= MOST_AHEAD or self._held > MOST_HELD):
                yield self._next(ahead)
        while ahead:
            yield self._next(ahead)

    def _next(self, ahead: deque[tuple[Task, Future[bytes]]]) -> tuple[Task, Answer]:
        task, future = ahead.popleft()
        answer = future.result()
        with self._changing:
            self._held -= len(answer)
        return task, unpacked(answer)

    def _answer(self, request: bytes) -> bytes:
        """Return what a worker answers, in a thread that waits for it."""
        answer = packed(Failed(LOST))
        for _ in range(TRIES):
            worker = self._taken()
            try:
                answer = worker.ask(request)
            except (EOFError, OSError):
                self._lose(worker)
                continue
            with self._changing:
                self._idle.append(worker)
            break
        with self._changing:
            self._held += len(answer)
        return answer

    def _taken(self) -> "_Worker":
        """Return a worker that is alive and has nothing to do."""
        while True:
            with self._changing:
                if self._closed:
                    raise CancelledError
                worker = self._idle.pop() if self._idle else None
                if worker is None:
                    self._workers.add(worker := _Worker(self._plan))
            if worker.is_ready():
                return worker
            self._lose(worker)

    def _lose(self, worker: "_Worker") -> None:
        worker.end()
        with self._changing:
            self._workers.discard(worker)


class _Worker:
    """A process that works."""

    def __init__(self, plan: bytes) -> None:
        self._plan: bytes | None = plan
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},  # the very packages of this process
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a signal from the terminal is for this process, which ends its workers
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_ready(self) -> bool:
        """Return whether it is alive, once it has started.

        Raises:
            ModelUnavailable: if it does not start.
        """
        if self._plan is None:
            return self._process.poll() is None
        try:
            self.ask(self._plan)
        except (EOFError, OSError):
            self.end()
            raise ModelUnavailable(
                f"a worker ended while it started, with {self._process.returncode}; "
                "there may be too little memory for so many"
            ) from None
        self._plan = None
        return True

    def ask(self, request: bytes) -> bytes:
        """Return what it answers.

        Raises:
            EOFError: if it ended meanwhile.
            OSError: if it had ended before.
        """
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 they are pipes
        send(self._process.stdin, request)
        return receive(self._process.stdout)

    def kill(self) -> None:
        """Have it end, and whoever waits for its answer be told."""
        self._process.kill()

    def end(self) -> None:
        """End it, and let go of it."""
        self._process.kill()
        self._process.wait()
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):  # what was not sent any more
                pipe.close()
