"""`python -m eval bench-growth`: one question among many passages, beside one among few (P10, P12)."""

from contextlib import ExitStack
from time import perf_counter

from eval.bench.http import asked_in_turns
from eval.bench.runner import Bench
from eval.bench.servers import Server, running, wherefrom
from eval.resampling import ratio_interval

FEW, MANY = 1_000, 1_000_000


def bench_growth(bench: Bench) -> None:
    """Time one client over HTTP among many passages, in turns with one among a thousand, and the start with many."""
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        for count in (FEW, bench.count or MANY):
            command = wherefrom(bench, count)
            started = perf_counter()
            servers[f"{count:,} passages"] = stack.enter_context(running(command))
            seconds = perf_counter() - started
        bench.add("P12", "from start to first answer, once", seconds, "s", "<= 6 s")
        few, many = asked_in_turns(bench, "P10", servers).values()
        bench.add("P10", f"p50 over HTTP, times that among {FEW:,}", ratio_interval(many, few), goal="<= 1.3")
