"""`python -m eval bench-load`: how many questions a server answers and bears (P4), and many clients at once (P5)."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite
from statistics import median

from eval.bench import clients
from eval.bench.runner import OURS, TUTORIAL, Bench, in_turns, milliseconds, one_by_one
from eval.bench.servers import Server, ServerFailed, running, tutorial, wherefrom
from eval.resampling import Interval, quantile_interval

SECONDS = 5.0  # that a trial takes at least
LIMIT_S = 0.100  # what 99 of 100 questions must be answered within
FINE = 1.15  # two rates this near to each other are told apart no further
LEAST, MOST = 1.0, 1_000.0  # questions a second
LEAST_ASKED = 150  # in a trial, for a 99th percentile to mean something,
LONGER = 3  # but a trial is no more than so many times as long for it
CLIENTS = 64
BUSY_CLIENTS = 32  # as many as keep all cores of a small machine at work
PROBES = 20  # questions to see where to begin
RATES = (2.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0)  # questions a second at which latency is drawn
TAKEN = 3_000  # questions that a trial goes through before it begins anew


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking for some seconds: how many questions, and the seconds of those that were answered."""

    asked: int
    seconds: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """Return the seconds that a share of all questions took at most; one that was not answered took forever."""
        times = sorted([*self.seconds, *[inf] * (max(self.asked, 1) - len(self.seconds))])
        return times[min(int(share * len(times)), len(times) - 1)]


def bench_load(bench: Bench) -> None:
    """Find the highest rate that is answered within 100 ms, and how even the answers to 64 clients are."""
    with ExitStack() as stack:
        servers = {each.name: stack.enter_context(running(each)) for each in (wherefrom(bench), tutorial(bench))}
        ask = {name: partial(trial, bench, server) for name, server in servers.items()}
        throughput(bench, ask)
        rates(bench, servers, ask)
        crowds(bench, ask)
        latencies(bench, ask)


def throughput(bench: Bench, ask: Mapping[str, Callable[..., Trial]]) -> None:
    """Add the figures of P4 for clients of which each asks when it has its last answer."""

    def answered(name: str, turn: int) -> list[float]:
        return [len(ask[name](clients=BUSY_CLIENTS).seconds) / SECONDS]

    found = in_turns({name: partial(answered, name) for name in ask}, range(bench.rounds), -1)
    for name, values in found.items():
        bench.add("P4", f"answers a second to {BUSY_CLIENTS} clients, {name}", spread_of(values))
    ours, theirs = median(found[OURS]), median(found[TUTORIAL])
    what = f"answers a second to {BUSY_CLIENTS} clients, times the tutorial's"
    bench.add("P4", what, ours / theirs if theirs else inf, "", ">= 6")


def rates(bench: Bench, servers: Mapping[str, Server], ask: Mapping[str, Callable[..., Trial]]) -> None:
    """Add the figures of P4."""

    def borne(name: str, rate: float) -> bool:
        long = min(max(SECONDS, LEAST_ASKED / rate), LONGER * SECONDS)
        return ask[name](seconds=long, rate=rate).quantile(0.99) <= LIMIT_S

    def search(name: str, turn: int) -> list[float]:
        # One client, asking without a pause, tells where to begin.
        alone = median(one_by_one(servers[name].ask)(bench.take(PROBES)))
        return [highest_rate(partial(borne, name), 1 / max(alone, 1 / MOST))]

    found = in_turns({name: partial(search, name) for name in servers}, range(bench.rounds))
    for name, values in found.items():
        bench.add("P4", f"questions a second with p99 <= 100 ms, {name}", spread_of(values))
    ours, theirs = median(found[OURS]), median(found[TUTORIAL])
    note = "" if theirs else f"the tutorial stack does not bear {LEAST:g} a second, which is taken instead"
    what = "questions a second with p99 <= 100 ms, times the tutorial's"
    bench.add("P4", what, ours / (theirs or LEAST), "", ">= 5", note)


def crowds(bench: Bench, ask: Mapping[str, Callable[..., Trial]]) -> None:
    """Add the figures of P5."""

    def crowd(name: str, turn: int) -> list[Trial]:
        return [ask[name](clients=CLIENTS)]

    for name, trials in in_turns({name: partial(crowd, name) for name in ask}, range(bench.rounds)).items():
        times = [value for each in trials for value in each.seconds]
        failed = sum(each.asked for each in trials) - len(times)
        note = f"{len(times) / (bench.rounds * SECONDS):.0f} answers a second, {failed} not answered with 200"
        p50 = quantile_interval(milliseconds(times))
        bench.add("P5", f"p50 of {CLIENTS} clients, {name}", p50, "ms", note=note)
        spread = spread_of([each.quantile(0.99) / each.quantile(0.5) for each in trials])
        bench.add("P5", f"p99/p50 of {CLIENTS} clients, {name}", spread, "", "<= 4" if name == OURS else "")


def latencies(bench: Bench, ask: Mapping[str, Callable[..., Trial]]) -> None:
    """Draw the milliseconds that half of all questions take at most, and 99 of 100, at each rate that is borne."""

    def at(name: str, rate: float) -> list[tuple[float, Trial]]:
        return [(rate, ask[name](rate=rate))]

    for name, trials in in_turns({name: partial(at, name) for name in ask}, RATES).items():
        for told, share in {"p50": 0.5, "p99": 0.99}.items():
            for rate, found in trials:
                if isfinite(took := 1000 * found.quantile(share)):
                    bench.plot("latency under load, ms", f"{name}, {told}", took, rate, "questions a second")


def trial(bench: Bench, server: Server, *, seconds: float = 0.0, **how: float) -> Trial:
    """Ask for some seconds from a process of its own: at a `rate`, or with so many `clients`; see `clients`."""
    questions = bench.take(TAKEN)
    task = {"port": server.port, "paths": list(map(server.path, questions)), "seconds": seconds or SECONDS, **how}
    command = [sys.executable, "-I", clients.__file__]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False)
    server.ask(questions[0])  # answered when those that nobody waits for any more are done
    if done.returncode:
        raise ServerFailed(f"{server.command.name} under load: {done.stderr.strip()[-500:]}")
    found = json.loads(done.stdout)
    return Trial(found["asked"], tuple(found["seconds"]))


def spread_of(values: list[float]) -> Interval:
    """Return the median of a few values between the lowest and the highest of them."""
    return Interval(min(values), median(values), max(values))


def highest_rate(try_at: Callable[[float], bool], start: float) -> float:
    """Return the highest rate at which `try_at` holds, 0 if there is none: by doubling or halving, then by halves.

    Args:
        try_at: asks at a rate and says whether it was borne.
        start: where to begin.
    """
    rate, holds = start, try_at(start)
    while (rate < MOST if holds else rate > LEAST) and try_at(2 * rate if holds else rate / 2) is holds:
        rate = 2 * rate if holds else rate / 2
    if rate >= MOST if holds else rate <= LEAST:
        return rate if holds else 0.0
    low, high = (rate, 2 * rate) if holds else (rate / 2, rate)
    while high / low > FINE:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if try_at(middle) else (low, middle)
    return low
