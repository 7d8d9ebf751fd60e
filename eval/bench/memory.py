"""`python -m eval bench-memory`: what memory one serving process holds for each passage, and the disk (P11)."""

import json

from eval.bench.runner import MADE, OURS, Bench, one_by_one
from eval.bench.servers import running, wherefrom

LEAST = 1_000  # passages of the folder that others are compared with
FULL = 200  # questions before memory is read: caches are full then


def bench_memory(bench: Bench) -> None:
    """Read what memory a serving process holds, and what each passage adds to it."""
    held = memory_of(bench, bench.count or LEAST)
    for name, megabytes in held.items():
        bench.add("P11", f"resident memory, {name}", megabytes, "MB", note="")
    facts = json.loads((bench.data_dir() / MADE).read_text())
    bench.add("P11", "size on disk", facts["bytes"] / facts["passages"], "bytes/passage", note="")
    bench.plot("resident memory, MB", "all", held["in all"])
    bench.plot("resident memory, MB", "of its own", held["of its own"])
    bench.plot("seconds to write a folder, without embedding", OURS, facts["seconds"])
    if (more := (bench.count or 0) - LEAST) > 0:
        least = memory_of(bench, LEAST)
        added = {name: 1e6 * (megabytes - least[name]) / more for name, megabytes in held.items()}
        note = f"after {FULL} questions"
        bench.add("P11", "memory of its own for each passage", added["of its own"], "bytes", "<= 1,600 bytes", note)
        note += "; the system takes it back where it needs it"
        bench.add("P11", "memory of files for each passage", added["of files"], "bytes", note=note)


def memory_of(bench: Bench, count: int) -> dict[str, float]:
    """Return the megabytes that a server of some passages holds once it has answered questions."""
    with running(wherefrom(bench, count, WHEREFROM_WORKERS="1")) as server:
        one_by_one(server.ask)(bench.take(FULL))
        return server.memory()
