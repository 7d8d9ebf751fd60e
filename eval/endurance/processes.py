"""What a process takes of its machine, as Linux tells it in /proc."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def worked(pid: int) -> float:
    """Return the seconds of work that a process has done, in all its threads."""
    fields = _of(pid, "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> dict[str, float]:
    """Return the megabytes that a process holds `now`, and those it held at its `peak`; none of one that has ended."""
    lines = _of(pid, "status").read_text().splitlines()
    sizes = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.split()}
    return {name: int(sizes.get(size, "0")) * 1024 / 1e6 for name, size in (("now", "VmRSS"), ("peak", "VmHWM"))}


def forget_peak(pid: int) -> None:
    """Make the `peak` of a process count from now."""
    _of(pid, "clear_refs").write_text("5")


def descriptors(pid: int) -> int:
    """Return how many files and connections a process has open, but for the store, which each thread opens once."""
    names: list[str] = []
    for each in _of(pid, "fd").iterdir():
        with suppress(OSError):  # it was just closed
            names.append(each.readlink().name)
    return sum(".sqlite3" not in name for name in names)


@contextmanager
def a_core_of_its_own() -> Iterator[int | None]:
    """A block in which processes start on all cores but one, which is given; none is where there is but one."""
    if not hasattr(os, "sched_setaffinity"):
        yield None
        return
    cores = os.sched_getaffinity(0)
    last = max(cores) if len(cores) > 1 else None
    os.sched_setaffinity(0, cores - {last} or cores)
    try:
        yield last
    finally:
        os.sched_setaffinity(0, cores)


def _of(pid: int, what: str) -> Path:
    return Path("/proc", str(pid), what)
