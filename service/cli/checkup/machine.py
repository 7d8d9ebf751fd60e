"""The machine: its memory, and how many files a process may open."""

import resource
from contextlib import suppress
from pathlib import Path

from rich.filesize import decimal

from service.cli.checkup.check import Check, failed, ok, warning
from service.settings import Settings

MEMINFO = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")  # of this process, in a container
PROCESS_BYTES = 700_000_000  # of a service with the model that comes inside, before its index
COPIES = 3  # of an index: as it is read, as it is searched, and as it is written anew
FEWEST_FILES = 256  # below which the service's own files, and a few questions at a time, may use all there are


def check_memory(index: int) -> Check:
    """Look whether there is as much memory as the model and an index of so many bytes take."""
    needed = PROCESS_BYTES + COPIES * index
    available = _available()
    if available is None:
        return ok("memory", f"{decimal(needed)} are needed; how much there is cannot be told here")
    told = f"{decimal(available)} available, about {decimal(needed)} needed"
    if available < needed:
        return warning("memory", told, "give it more memory, or end other processes")
    return ok("memory", told)


def _available() -> int | None:
    """Return how many bytes this process may still take; `None` where the system does not tell."""
    found = []
    with suppress(OSError, ValueError):
        found += [int((GROUP / "memory.max").read_text()) - int((GROUP / "memory.current").read_text())]
    with suppress(OSError, ValueError, StopIteration):
        line = next(each for each in MEMINFO.read_text().splitlines() if each.startswith("MemAvailable:"))
        found += [int(line.split()[1]) * 1024]
    return min(found, default=None)


def check_descriptors(settings: Settings) -> Check:
    """Look whether a process may open as many files as the connections need that are set."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return ok("descriptors", f"any number of files may be open; {settings.connections:,} connections are kept")
    told = f"{hard:,} files may be open ({soft:,} before they are asked for)"
    way_out = "raise the limit: LimitNOFILE= of systemd, --ulimit nofile= of Docker, ulimit -Hn of a shell"
    if hard < FEWEST_FILES:
        return failed("descriptors", f"{told}, too few to serve", way_out)
    if hard < 2 * settings.connections:
        kept = f"{hard // 2:,} connections are kept, not the {settings.connections:,} that are set"
        return warning("descriptors", f"{told}: {kept}", way_out)
    return ok("descriptors", f"{told}, {settings.connections:,} connections are kept")
