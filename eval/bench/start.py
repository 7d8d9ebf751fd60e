"""`python -m eval bench-start`: from the start of a process to its first answer (P12)."""

from collections.abc import Callable
from time import perf_counter

from eval.bench.runner import OURS, Bench, in_turns
from eval.bench.servers import Command, running, tutorial, wherefrom
from eval.resampling import quantile_interval


def bench_start(bench: Bench) -> None:
    """Time from the start of a process to its first answer; files are in the system's cache."""

    def start(command: Command) -> Callable[[int], list[float]]:
        def seconds(turn: int) -> list[float]:
            started = perf_counter()
            with running(command):
                return [perf_counter() - started]

        return seconds

    commands = [wherefrom(bench), tutorial(bench)]
    # The first start reads all files once.
    found = in_turns({command.name: start(command) for command in commands}, range(bench.rounds), -1)
    for name, seconds in found.items():
        goal = "<= 5 s" if name == OURS else ""
        bench.add("P12", f"from start to first answer, {name}", quantile_interval(seconds), "s", goal)
