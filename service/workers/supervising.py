"""Starting several processes that do the same work, and starting again those that die, until all are to end.

A process is forked off after what all of them need is loaded, so that it is in memory once. The one that forks them
does nothing else: it has no thread of its own that could hold a lock which a new process would wait for forever.
"""

import json
import logging
import os
import selectors
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from corpus.errors import InvalidInput, WherefromError
from service.workers.signals import STOP_SECONDS, STOPPING, end_with_parent, woken

logger = logging.getLogger(__name__)

# What dies again soon is started again later each time: after so many seconds, twice as many, and so on up to the most.
SOON_SECONDS = 60.0
AGAIN_SECONDS = 0.5
LATEST_SECONDS = 30.0
TOLD_BYTES = 65_536

Tell = Callable[[], None]
Work = Callable[[int, bool, Tell], None]


@dataclass(slots=True, eq=False)
class _Process:
    """A process that works."""

    number: int
    pid: int
    started: float
    told: int
    failure: str = ""


class Supervisor:
    """Keeps several processes at work. Used once, by the main thread of a process that has no other."""

    def __init__(self, size: int, work: Work, on_ready: Tell, on_end: Callable[[int], None]) -> None:
        """Start nothing yet.

        Args:
            size: how many processes.
            work: what each does, until a signal ends it: with its number, whether it takes the place of another or
                comes to others that work, and what it calls once it is at work.
            on_ready: called when the first is at work.
            on_end: called with the number of one that has ended.
        """
        self._size, self._work, self._on_ready, self._on_end = size, work, on_ready, on_end
        self._processes: dict[int, _Process] = {}
        self._due: dict[int, float] = {0: 0.0}  # when the process of a number is to be started
        self._pauses = dict.fromkeys(range(size), AGAIN_SECONDS)
        self._ready = self._stopping = False
        self._deadline = float("inf")
        self._selector = selectors.DefaultSelector()
        self._alive, self._living = os.pipe()  # closed, by the system if need be, when this process ends

    def run(self) -> None:
        """Work until a signal tells to stop, and all have ended.

        The first process begins alone: what is made anew or mended at a start is so once, and where it cannot work,
        neither can the others.

        Raises:
            WherefromError: if the first cannot work, for the reason that it has.
        """
        try:
            with woken() as signals:
                self._signals = signals
                self._selector.register(signals, selectors.EVENT_READ)
                while self._processes or (self._due and not self._stopping):
                    self._start_due()
                    self._wait()
        finally:
            self._end()

    # Starting

    def _start_due(self) -> None:
        now = time.monotonic()
        for number in [number for number, due in self._due.items() if due <= now and not self._stopping]:
            del self._due[number]
            self._start(number)

    def _start(self, number: int) -> None:
        told, tell = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until the process has put its own handlers in place
        try:
            pid = os.fork()
            if not pid:
                self._be_worker(number, tell)
        finally:
            os.close(tell)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        process = self._processes[number] = _Process(number, pid, time.monotonic(), told)
        self._selector.register(told, selectors.EVENT_READ, process)

    def _be_worker(self, number: int, tell: int) -> NoReturn:
        """Do the work, in the process that was forked off, and end it without what the other has yet to do."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for each in STOPPING:
                signal.signal(each, signal.SIG_DFL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the other process hears it, too, and says what is to be done
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
            os.close(self._living)
            self._selector.close()
            for other in self._processes.values():
                os.close(other.told)
            threading.Thread(target=end_with_parent, args=[self._alive], name="parent", daemon=True).start()
            self._work(number, self._ready, lambda: _write(tell, {}))
            code = 0
        except WherefromError as error:
            _write(tell, {"failed": str(error), "input": isinstance(error, InvalidInput)})
        except BaseException:
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    # Watching

    def _wait(self) -> None:
        now = time.monotonic()
        next_due = min((due for due in self._due.values() if not self._stopping), default=float("inf"))
        until = min(next_due, self._deadline)
        for key, _ in self._selector.select(None if until == float("inf") else max(until - now, 0.0)):
            if key.data is None:
                self._take_signals(os.read(key.fd, 64))
            elif key.data in self._processes.values():  # else it was seen to have ended just now
                self._hear(key.data)
        if time.monotonic() >= self._deadline:
            self._signal_all(signal.SIGKILL)
            self._deadline = float("inf")

    def _take_signals(self, numbers: bytes) -> None:
        for number in sorted(set(numbers) & set(STOPPING)):
            self._stop(number)
        self._reap()

    def _stop(self, number: int) -> None:
        if not self._stopping:
            self._stopping, self._deadline = True, time.monotonic() + STOP_SECONDS
        self._signal_all(number)

    def _signal_all(self, number: int) -> None:
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)

    def _hear(self, process: _Process) -> None:
        """Take what a process tells: that it is at work, or why it cannot be."""
        said = os.read(process.told, TOLD_BYTES)
        if not said:  # it ends, which is seen when it has
            self._selector.unregister(process.told)
            return
        told = json.loads(said.splitlines()[-1])
        if "failed" in told:
            process.failure = told["failed"]
            if not self._ready:
                raise InvalidInput(told["failed"]) if told["input"] else WherefromError(told["failed"])
        elif not self._ready:
            self._ready = True
            self._due |= dict.fromkeys(range(1, self._size), 0.0)
            self._on_ready()

    def _reap(self) -> None:
        """Look which processes have ended, and have others begin in their places unless all is to end."""
        for process in list(self._processes.values()):
            pid, status = os.waitpid(process.pid, os.WNOHANG)
            if pid:
                del self._processes[process.number]
                with suppress(KeyError):
                    self._selector.get_key(process.told)
                    self._hear(process)
                    self._selector.unregister(process.told)
                os.close(process.told)
                self._on_end(process.number)
                if not self._stopping:
                    self._begin_again(process, process.failure or _ended_by(status))

    def _begin_again(self, process: _Process, why: str) -> None:
        lived = time.monotonic() - process.started
        pause = AGAIN_SECONDS if lived > SOON_SECONDS else self._pauses[process.number]
        self._pauses[process.number] = min(2 * pause, LATEST_SECONDS)
        if not self._ready and pause > LATEST_SECONDS / 2:
            raise WherefromError(f"the service cannot begin: its process has ended again and again: {why}")
        self._due[process.number] = time.monotonic() + pause
        logger.error(
            "worker %d (process %d) has ended: %s; another one begins in %g s", process.number, process.pid, why, pause
        )

    # Ending

    def _end(self) -> None:
        """End what is still there, in order, and at last at once."""
        self._stop(signal.SIGTERM)
        while self._processes and time.monotonic() < self._deadline:
            self._reap()
            time.sleep(0.02)
        self._signal_all(signal.SIGKILL)
        for process in self._processes.values():
            os.waitpid(process.pid, 0)
            os.close(process.told)
        self._selector.close()
        os.close(self._alive)
        os.close(self._living)


def _ended_by(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {-code} ({signal.strsignal(-code)})"


def _write(pipe: int, told: dict[str, object]) -> None:
    with suppress(OSError):  # whoever listened is gone, and this process ends, too
        os.write(pipe, json.dumps(told).encode() + b"\n")
