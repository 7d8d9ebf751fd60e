"""How a process that others depend on learns that it is to end, or that one of them has ended."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGTERM, signal.SIGINT)
# That a process has to end in order; a server gives its requests a third of it.
STOP_SECONDS = 15.0


@contextmanager
def woken() -> Iterator[int]:
    """A block in which signals are written to a pipe, as their numbers, and do nothing else."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    before = {number: signal.signal(number, lambda number, frame: None) for number in (*STOPPING, signal.SIGCHLD)}
    signal.set_wakeup_fd(write)
    try:
        yield read
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(read)
        os.close(write)


def end_with_parent(alive: int) -> None:
    """End this process at once when the one that forked it off is gone, as if both were one.

    Whoever starts them again finds the address free, and all that was left to be taken up.

    Args:
        alive: the end of a pipe whose other end only that one holds.
    """
    os.read(alive, 1)
    os._exit(1)
