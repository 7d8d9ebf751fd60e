"""Where the log goes: to standard error, by a thread of its own, so that nothing waits for whoever reads it."""

import logging
import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Event

from service.watching.lines import FORMATS

WAITING = 1_000_000  # characters that may wait to be written; some 5,000 lines
GATHERED_SECONDS = 0.02  # in which lines come together: to wake a thread for each costs as much as the line itself
STOP_SECONDS = 1.0  # that what waits has to be written when all ends
OURS = ("corpus", "index", "service")  # of others' packages, only warnings are told: they know nothing of our rules
CLEAR_LINE = "\r\x1b[2K"  # for a line on a terminal where something else tells of its progress
DROPPED = "%d lines of the log were dropped: standard error does not take them, or not as fast as they come"


class WritingHandler(logging.Handler):
    """Has a thread write each line to a file; lines that it does not take, or not soon, are dropped and counted."""

    def __init__(self, descriptor: int) -> None:
        """Begin.

        Args:
            descriptor: of the file. It is written to directly: to a stream that a thread has locked, nobody else
                could write at the end of the process.
        """
        super().__init__()
        self._descriptor = descriptor
        self._before = CLEAR_LINE if os.isatty(descriptor) and os.environ.get("TERM", "dumb") != "dumb" else ""
        self._lines = SimpleQueue[str | None]()
        self._waiting = 0
        self._dropped = 0
        self._stopping = Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand over a line, or drop it."""
        try:
            line = self.format(record)
        except Exception:
            self.handleError(record)
            return
        if self._waiting + len(line) > WAITING:
            self._dropped += 1
            return
        self._waiting += len(line)
        self._lines.put(line)

    def stop(self) -> None:
        """Write what waits, unless that takes long."""
        self._stopping.set()
        self._lines.put(None)
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            dropped = self._count_taken(line)
            try:
                self._write(line)
                if dropped:
                    told = logging.LogRecord(__name__, logging.WARNING, "", 0, DROPPED, (dropped,), None)
                    self._write(self.format(told))
            except OSError:  # a disk that is full may have room for the next
                with self._counting():
                    self._dropped += dropped + 1
            if self._lines.empty():
                self._stopping.wait(GATHERED_SECONDS)

    def _count_taken(self, line: str) -> int:
        """Give a line's room back, and return how many lines found none since the last that did."""
        with self._counting():
            self._waiting -= len(line)
            dropped, self._dropped = self._dropped, 0
            return dropped

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """A block in which nobody else counts: whoever hands over a line holds the same lock."""
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def _write(self, line: str) -> None:
        data = f"{self._before}{line}\n".encode(errors="backslashreplace")
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # somebody who has the same file made it so
                select.select([], [self._descriptor], [])


class AtOnceHandler(logging.Handler):
    """Writes each line to a file itself, unless it would have to wait for that: in a process without threads."""

    def __init__(self, descriptor: int) -> None:
        """Begin; see `WritingHandler`."""
        super().__init__()
        self._descriptor = descriptor

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or drop it."""
        with suppress(OSError):
            if select.select([], [self._descriptor], [], 0)[1]:
                os.write(self._descriptor, f"{self.format(record)}\n".encode(errors="backslashreplace"))

    def stop(self) -> None:
        """Do nothing: all is written."""


@contextmanager
def written_log(form: str, level: str, kind: type[WritingHandler | AtOnceHandler] = WritingHandler) -> Iterator[None]:
    """A block in which all that is logged goes to standard error, in one form.

    Args:
        form: `text` or `json`.
        level: of what is told at least, as `info`.
        kind: what writes it.
    """
    try:
        handler = kind(sys.stderr.fileno())
    except (AttributeError, OSError):  # it was closed before the start, or is no file: then as it was
        handler = None
    if handler is None:
        yield
        return
    handler.setFormatter(FORMATS[form]())
    root, least = logging.getLogger(), logging.getLevelNamesMapping()[level.upper()]
    handlers, root.handlers = root.handlers, [handler]
    root.setLevel(max(least, logging.WARNING))
    for name in OURS:
        logging.getLogger(name).setLevel(least)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.handlers = handlers
        handler.stop()
