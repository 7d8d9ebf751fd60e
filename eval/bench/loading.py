"""P4 and P5: how a server answers many who ask at once, asked by a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from statistics import median

import numpy as np

from eval.bench.servers import Server, ServerFailed, script

LIMIT_S = 0.100  # what 99 of 100 questions must be answered within
FINE = 1.15  # two rates this near to each other are told apart no further
LEAST, MOST = 1.0, 1_000.0  # questions a second
LEAST_ASKED = 150  # in a trial, for a 99th percentile to mean something,
LONGER = 3  # but a trial is no more than so many times as long for it


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking for some seconds.

    Attributes:
        asked: how many questions.
        seconds: each that was answered took, counted from when it was due.
    """

    asked: int
    seconds: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """Return the seconds that a share of all questions took at most; one that was not answered took forever."""
        times = np.full(max(self.asked, 1), inf)
        times[: len(self.seconds)] = sorted(self.seconds)
        return float(times[min(int(share * len(times)), len(times) - 1)])


def ask_at(server: Server, questions: list[str], rate: float, seconds: float) -> Trial:
    """Ask at a rate, at random times."""
    long = min(max(seconds, LEAST_ASKED / rate), LONGER * seconds)
    return _trial(server, questions, {"rate": rate, "seconds": long})


def ask_with(server: Server, questions: list[str], clients: int, seconds: float) -> Trial:
    """Ask with so many clients, each one question after another."""
    return _trial(server, questions, {"clients": clients, "seconds": seconds})


def _trial(server: Server, questions: list[str], how: dict[str, float]) -> Trial:
    task = {"port": server.port, "paths": [server.path(question) for question in questions], **how}
    command = [sys.executable, "-I", script("load")]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False)
    server.ask(questions[0])  # answered when those that nobody waits for any more are done
    if done.returncode:
        raise ServerFailed(f"{server.command.name} under load: {done.stderr.strip()[-500:]}")
    found = json.loads(done.stdout)
    return Trial(found["asked"], tuple(found["seconds"]))


def likely_rate(server: Server, questions: list[str]) -> float:
    """Return the rate at which one client, asking without a pause, is answered: where to begin to look."""
    return 1 / max(median([server.ask(question) for question in questions]), 1 / MOST)


def highest_rate(try_at: Callable[[float], bool], start: float) -> float:
    """Return the highest rate at which `try_at` holds, 0 if there is none: by doubling or halving, then by halves.

    Args:
        try_at: asks at a rate and says whether it was borne.
        start: where to begin.
    """
    low, high = 0.0, inf
    rate = start
    while not low or high is inf:
        if try_at(rate):
            low, rate = rate, 2 * rate
            if low >= MOST:
                return low
        else:
            high, rate = rate, rate / 2
            if high <= LEAST:
                return 0.0
    while high / low > FINE:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if try_at(middle) else (low, middle)
    return low
