"""`python -m eval bench-growth`: one question among many passages, beside one among few (P10, P12)."""

from contextlib import ExitStack
from time import perf_counter

from corpus.errors import InvalidInput
from eval.bench.http import asked_in_turns
from eval.bench.runner import Bench
from eval.bench.servers import running, wherefrom
from eval.resampling import ratio_interval

FEW, MANY = 1_000, 1_000_000


def bench_growth(bench: Bench) -> None:
    """Time one client over HTTP among many passages, in turns with one among a thousand, and the start with many."""
    many = bench.count or MANY
    if many == FEW:
        raise InvalidInput(f"--passages {FEW}: name more, which are compared with so many")
    with ExitStack() as stack:
        few = stack.enter_context(running(wherefrom(bench, FEW)))
        command = wherefrom(bench, many)
        started = perf_counter()
        servers = {f"{FEW:,} passages": few, f"{many:,} passages": stack.enter_context(running(command))}
        bench.add("P12", "from start to first answer, once", perf_counter() - started, "s", "<= 6 s")
        among_few, among_many = asked_in_turns(bench, "P10", servers).values()
        ratio = ratio_interval(among_many, among_few)
        bench.add("P10", f"p50 over HTTP, times that among {FEW:,}", ratio, goal="<= 1.3")
