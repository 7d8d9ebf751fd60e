"""`python -m eval bench-http`: one client over HTTP, beside the tutorial (P2), a neighbour (P6), and again (P8)."""

import subprocess
import sys
from contextlib import ExitStack
from functools import partial

from eval.bench.runner import OURS, TUTORIAL, WARM_UP, Bench, in_turns, milliseconds, one_by_one
from eval.bench.servers import Server, running, tutorial, wherefrom
from eval.resampling import quantile_interval, ratio_interval

REPEATED = 20  # questions that are asked again and again


def bench_http(bench: Bench) -> None:
    """Time one client over HTTP: beside the tutorial stack, a busy neighbour, and questions asked before."""
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(running(each(bench))) for each in (wherefrom, tutorial))
        beside_tutorial(bench, {OURS: ours, TUTORIAL: theirs})
        beside_neighbour(bench, ours)
        again = bench.take(REPEATED)
        found = in_turns({OURS: one_by_one(ours.ask)}, [again] * bench.rounds, again)[OURS]
        bench.add("P8", "a question asked before, p50", quantile_interval(milliseconds(found)), "ms", "<= 1.5 ms", "")


def beside_tutorial(bench: Bench, servers: dict[str, Server]) -> None:
    """Add the figures of P2."""
    found = asked_in_turns(bench, "P2", servers)
    for name, seconds in found.items():
        bench.plot("one question over HTTP, p50, ms", name, quantile_interval(milliseconds(seconds)).value)
    ratio = ratio_interval(found[OURS], found[TUTORIAL])
    bench.add("P2", "p50 over HTTP as a share of the tutorial's", ratio, goal="<= 0.286")
    least = min(found[OURS]) / min(found[TUTORIAL])
    bench.add("P2", "minimum over HTTP as a share of the tutorial's", least)


def asked_in_turns(bench: Bench, mark: str, servers: dict[str, Server]) -> dict[str, list[float]]:
    """Ask servers the same, no question twice, add how long and how much work that was, and return the seconds.

    What else a machine does adds to the time of a question, least of all to the shortest, and little to its work.
    """
    variants = {name: one_by_one(partial(_time_and_work, server)) for name, server in servers.items()}
    in_turns(variants, [bench.take(WARM_UP)])
    found = in_turns(variants, bench.turns())
    seconds = {name: [took for took, _ in pairs] for name, pairs in found.items()}
    for name, pairs in found.items():
        for quantile, share in {"p50": 0.5, "p99": 0.99}.items():
            value = quantile_interval(milliseconds(seconds[name]), share)
            bench.add(mark, f"one question over HTTP, {quantile}, {name}", value, "ms")
        bench.add(mark, f"one question over HTTP, minimum, {name}", 1000 * min(seconds[name]), "ms")
        work = quantile_interval(milliseconds(worked for _, worked in pairs))
        bench.add(mark, f"work of the server, {name}", work, "ms")
    return seconds


def _time_and_work(server: Server, question: str) -> tuple[float, float]:
    """Return how many seconds a question takes, and how many the server works meanwhile."""
    before = server.cpu()
    return server.ask(question), server.cpu() - before


def beside_neighbour(bench: Bench, ours: Server) -> None:
    """Add the figure of P6; each turn has questions of its own, because the server remembers its answers."""

    def quiet(number: int) -> list[float]:
        return one_by_one(ours.ask)(bench.take(number))

    def busy(number: int) -> list[float]:
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
            try:
                return quiet(number)
            finally:
                neighbour.kill()

    found = in_turns({"quiet": quiet, "busy": busy}, [bench.questions] * bench.rounds, WARM_UP)
    ratio = ratio_interval(found["busy"], found["quiet"])
    bench.add("P6", "p50 with one core kept busy, times the quiet one", ratio, goal="<= 1.3", note="")
