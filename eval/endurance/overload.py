"""`python -m eval overload`: more questions than can be answered; what can be is, and the rest is told so at once.

The questions come whether others are answered or not, from a process that has a core of its own where the system
gives one, and none of them comes twice. What a server bears is found first; the rates are multiples of that.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from eval.bench import clients
from eval.endurance.client import Client, expected
from eval.endurance.outcome import hold_to, report
from eval.endurance.processes import a_core_of_its_own
from eval.endurance.serving import TELL, Server, ServerFailed, serving
from eval.endurance.texts import word_of, write
from eval.endurance.times import p50, p99, times_text
from eval.reporting.terminal import print_json

QUESTIONS = (
    "Where does the ferry {} leave?",
    "茶厂{}这一年卖出多少吨新茶？",
    "Wie viele Säcke Korn fasst der Speicher {}?",
    "Когда открыли мост {} через реку?",
    "¿Cuántos libros presta la biblioteca {}?",
    "متى وصلت سفن {} الثلاث؟",
)
MOST = 1_000.0  # questions a second that a crowd asks at most
LOADS = (0.5, 1.0, 2.0, 5.0)  # times what is borne
DOCUMENTS = 50
CROWD = 4  # ask without a pause to find what is borne: enough to keep the server busy, too few to be refused
WARM_UP_S = 10.0  # what is remembered of questions fills in that time
IDLE_ASKED = 30  # questions asked alone, to know how long one takes
SLOWER = 2.0  # times as long as the slowest of those is normal again
SAMPLED_S = 0.25
QUICK = {1.0: 0.050, 2.0: 0.050}  # within which 99 of 100 refusals are told, by load
STILL_QUICK = 0.100  # at higher loads, and for /healthz always
GOODPUT = 0.9  # of that at 1x, at least, at every load beyond
GROWN = 1.1  # times as much memory as before, at most
RECOVERED_S = 2.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What came of one load; all times in seconds.

    Attributes:
        load: times what is borne.
        seconds: how long it lasted.
        asked: how many questions came.
        answers: times of those that were answered with 200.
        refusals: times of those that were refused with 503 and `Retry-After`.
        waits: what those were told to wait.
        health: times of `/healthz`.
        good: how many were answered within the deadline.
        resident: megabytes the server held before, and at most meanwhile.
        normal_after: from the end of the load until a question took as long as on an idle server.
        generator: share of a core that asking took.
        server: share of a core that the server took.
    """

    load: float
    seconds: float
    asked: int
    answers: list[float]
    refusals: list[float]
    waits: list[int]
    health: list[float]
    good: int
    resident: tuple[float, float]
    normal_after: float
    generator: float
    server: float

    @property
    def goodput(self) -> float:
        """Questions a second that were answered within the deadline."""
        return self.good / self.seconds

    @property
    def lost(self) -> int:
        """Questions that were neither answered nor told when to come again."""
        return self.asked - len(self.answers) - len(self.refusals)

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        name = f"{self.load:g}x"
        yield f"{name}: asked, answered in time", f"{self.asked / self.seconds:.1f}/s, {self.goodput:.1f}/s"
        yield f"{name}: answers", times_text(self.answers)
        yield f"{name}: refusals", times_text(self.refusals)
        if self.waits:
            yield f"{name}: told to wait", f"{min(self.waits)} to {max(self.waits)} s"
        yield f"{name}: /healthz", times_text(self.health)
        yield f"{name}: memory before, at most", "{:.0f} MB, {:.0f} MB".format(*self.resident)
        yield f"{name}: normal after", f"{self.normal_after:.2f} s"
        yield f"{name}: cores taken by server, by asking", f"{self.server:.2f}, {self.generator:.2f}"


def overload(
    seconds: Annotated[float, typer.Option(help="How long each load lasts.", min=1)] = 60,
    deadline: Annotated[float, typer.Option(help="Seconds within which an answer is of use.", min=0.1)] = 2.0,
    model: Annotated[str | None, typer.Option(help="The embedding model, if not the one that is shipped.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Ask 0.5, 1, 2 and 5 times as much as can be answered; what cannot be must be refused soon."""
    with TemporaryDirectory() as temporary:
        borne, stages = overloaded(Path(temporary), seconds, deadline, model)
    faults = list(broken(stages))
    if not as_json:
        report([("questions a second that are borne", f"{borne:.1f}"), *figures_of(stages)], faults)
        return
    print_json({"borne": borne, "stages": [_summary(each) for each in stages], "faults": faults})
    hold_to(faults)


def overloaded(
    data_dir: Path,
    seconds: float,
    deadline: float,
    model: str | None = None,
    loads: Sequence[float] = LOADS,
    warm_up: float = WARM_UP_S,
) -> tuple[float, list[Stage]]:
    """Return how many questions a second are borne, and what came of each load."""
    with a_core_of_its_own() as core, serving(data_dir, model) as server:
        client = server.client()
        for number in range(DOCUMENTS):
            expected(client.put(f"overload-{number}", write(f"overload {number}").text), (200, 201))
        asking = Asking(server.port, core)
        asking.run(seconds=warm_up, clients=CROWD)
        found = asking.run(seconds=warm_up, clients=CROWD)
        borne = len(found["seconds"]) / warm_up
        idle = [_timed(client, path) for path in asking.paths(IDLE_ASKED)]
        client.close()
        stages = [_stage(server, asking, load, load * borne, seconds, deadline, max(idle)) for load in loads]
    return borne, stages


def broken(stages: Sequence[Stage]) -> Iterator[str]:
    """Yield the promises that were not kept."""
    base = next((each.goodput for each in stages if each.load == 1), 0.0)
    for each in stages:
        name, quick = f"at {each.load:g}x", QUICK.get(each.load, STILL_QUICK)
        if each.lost:
            yield f"{name}, {each.lost} questions were neither answered nor told when to come again"
        if each.load > 1 and each.goodput < GOODPUT * base:
            yield f"{name}, {each.goodput:.1f} a second are answered in time; at 1x, {base:.1f}"
        for what, times, bound in (("refusals", each.refusals, quick), ("/healthz", each.health, STILL_QUICK)):
            if p99(times) > bound:
                yield f"{name}, p99 of {what} is {1000 * p99(times):.0f} ms, more than {1000 * bound:.0f}"
        if each.resident[1] > GROWN * stages[0].resident[0]:
            yield f"{name}, memory grows from {stages[0].resident[0]:.0f} MB to {each.resident[1]:.0f} MB"
        if each.normal_after > RECOVERED_S:
            yield f"{name}, all is normal again only after {each.normal_after:.1f} s"


def figures_of(stages: Sequence[Stage]) -> Iterator[tuple[str, str]]:
    """Yield what was found at each load, as names and values."""
    for each in stages:
        yield from each.figures()


class Asking:
    """Questions without end, none of them twice, asked by a process of its own."""

    def __init__(self, port: int, core: int | None) -> None:
        self._task: dict[str, Any] = {"port": port, "beside": "/healthz"} | ({} if core is None else {"core": core})
        self._numbers = count()

    def paths(self, number: int) -> list[str]:
        """Return the paths of the next questions, in several languages."""
        return [
            "/v1/search?" + urlencode({"q": QUESTIONS[each % len(QUESTIONS)].format(word_of(f"asked {each}"))})
            for each in islice(self._numbers, number)
        ]

    def run(self, seconds: float, **how: float) -> dict[str, Any]:
        """Ask for some seconds at a `rate` or with so many `clients`; see `eval.bench.clients`."""
        number = int(2 * seconds * how.get("rate", MOST)) + IDLE_ASKED
        task = self._task | {"seconds": seconds, "paths": self.paths(number), **how}
        command = [sys.executable, "-I", clients.__file__]
        done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerFailed(f"asking failed: {done.stderr.strip()[-TELL:]}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def _stage(
    server: Server, asking: Asking, load: float, rate: float, seconds: float, deadline: float, idle: float
) -> Stage:
    worked, held = server.worked(), [server.resident()["now"]]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asking.run, seconds, rate=rate, normal=SLOWER * idle)
        while not running.done():
            sleep(SAMPLED_S)
            held.append(server.resident()["now"])
    found = running.result()
    return Stage(
        load,
        seconds,
        found["asked"],
        found["seconds"],
        found["refused"],
        found["waits"],
        found["beside"],
        sum(each <= deadline for each in found["seconds"]),
        (held[0], max(held)),
        found["normal_after"],
        found["worked"] / seconds,
        (server.worked() - worked) / seconds,
    )


def _timed(client: Client, path: str) -> float:
    started = perf_counter()
    expected(client.send("GET", path))
    return perf_counter() - started


def _summary(stage: Stage) -> dict[str, Any]:
    """Return a stage with the quantiles of its times in their place."""
    times = {"answers": stage.answers, "refusals": stage.refusals, "health": stage.health}
    told = {name: {"count": len(each), "p50": p50(each), "p99": p99(each)} for name, each in times.items()}
    return asdict(stage) | told | {"waits": sorted(set(stage.waits)), "goodput": stage.goodput, "lost": stage.lost}
