"""Being stopped: a signal ends a command in order, as an error would, and it tells what it kept."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import typer

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KILLED = 128  # and the signal's number: the exit code of a process that a signal ended, by the custom of shells


class Stopped(SystemExit):
    """A signal asks the process to end; nothing handles this but what cleans up."""

    code: int


@contextmanager
def stoppable() -> Iterator[None]:
    """A block that signals end by raising `Stopped`, once; those that were ignored, as by `nohup`, stay so."""
    if threading.current_thread() is not threading.main_thread():  # which signals never reach
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    mine = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for each in mine:
            signal.signal(each, signal.SIG_IGN)  # impatience must not end the cleaning up
        raise Stopped(KILLED + number)

    for number in mine:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])


@contextmanager
def telling(kept: Callable[[], str]) -> Iterator[None]:
    """A block that tells what was kept, if a signal ends it."""
    try:
        yield
    except Stopped:
        typer.echo(f"stopped: {kept()}", err=True)
        raise
