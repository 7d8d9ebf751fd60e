"""What a file may cost while it is read, by what is known of it: little at first, more once its parts are counted.

A large file takes a minute and a gigabyte, rightly; one of a few kilobytes that asks for as much is made to do so. So
a reader begins with enough to look a file over, counts what is in it, and is granted what so much of it costs when it
is honest, several times over. Whatever nobody thought of ends there. The bounds of the process remain above all.

The time is that of the processor, so that a busy machine refuses nothing. Where the system has no such bounds, those
of the process are the only ones.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 1.2  # of the processor, to look over a file of any kind; a small one is read in a tenth of it
MEMORY = 60_000_000  # bytes beyond those that the process holds already
PAGES_IN_USE = Path("/proc/self/statm")  # of memory, on Linux
UNBOUNDED = not (hasattr(signal, "setitimer") and PAGES_IN_USE.exists())


@contextmanager
def metered() -> Iterator[None]:
    """Bound what is done meanwhile: beyond its time the process is ended, beyond its memory there is a MemoryError."""
    if UNBOUNDED:
        yield
        return
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_AS)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (_least(memory_in_use() + MEMORY, most), most))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def memory_in_use() -> int:
    """Return how many bytes this process has asked for; 0 where the system does not tell."""
    if UNBOUNDED:
        return 0
    import resource

    return int(PAGES_IN_USE.read_text().split()[0]) * resource.getpagesize()


def grant(seconds: float, memory: float) -> None:
    """Let the file that is read cost so many seconds and bytes more; where nothing is metered, nothing changes."""
    left = 0.0 if UNBOUNDED else signal.getitimer(signal.ITIMER_PROF)[0]
    if not left:
        return
    import resource

    signal.setitimer(signal.ITIMER_PROF, left + seconds)
    now, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_least(now + int(memory), most), most))


def _least(wanted: int, most: int) -> int:
    return wanted if most < 0 else min(wanted, most)  # -1 is no bound
