"""`python -m eval soak`: many ask and one writes for minutes; no error, every citation true, memory that stays."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter, sleep
from typing import Annotated

import typer

from eval.endurance.asking import Asker, Texts
from eval.endurance.client import Client
from eval.endurance.outcome import report
from eval.endurance.serving import Server, serving
from eval.endurance.texts import write
from eval.endurance.times import times_text

DOCUMENTS = 500  # that are there at a time: what grows with the corpus would hide what leaks
DELETED = 5  # one of so many writes deletes; the document comes back when its turn is next
WARM_UP = 0.5  # of the time, before memory counts: a thousand writes or two fill what is kept for the next ones
SAMPLED_S = 0.5
SLOPE = 1.0  # megabytes a minute that memory may grow


@dataclass(slots=True)
class Soaked:
    """What came of it.

    Attributes:
        answers: seconds of each answer.
        writes: seconds of each write.
        citations: how many were verified.
        resident: seconds since the start, and the megabytes that the server held then.
        faults: what may not be.
    """

    answers: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    citations: int = 0
    resident: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def slope(self) -> float:
        """Megabytes a minute that memory grew after the warm-up."""
        start = self.resident[-1][0] * WARM_UP
        counted = [(at, held) for at, held in self.resident if at >= start]
        return 60 * linear_regression(*zip(*counted, strict=True)).slope

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        yield "questions answered", f"{len(self.answers):,}"
        yield "seconds of a question", times_text(self.answers)
        yield "citations verified", f"{self.citations:,}"
        yield "documents written or deleted", f"{len(self.writes):,}"
        yield "seconds of a write", times_text(self.writes)
        yield "resident memory at the start and the end", f"{self.resident[0][1]:.0f} MB, {self.resident[-1][1]:.0f} MB"
        yield "its growth after the warm-up", f"{self.slope:.2f} MB/min"


def soak(
    seconds: Annotated[float, typer.Option(help="How long.", min=5)] = 300,
    askers: Annotated[int, typer.Option(help="How many ask at once.", min=1)] = 32,
    rate: Annotated[float, typer.Option(help="Documents written a second.", min=0.1)] = 10,
    model: Annotated[str, typer.Option(help="The embedding model.")] = "hash",
) -> None:
    """Ask with many and write with one, verify every citation, and watch memory."""
    with TemporaryDirectory() as temporary:
        found = soaked(Path(temporary), seconds, askers, rate, model)
    growing = [f"memory grows by {found.slope:.2f} MB a minute"] if found.slope >= SLOPE else []
    report(found.figures(), found.faults + growing)


def soaked(
    data_dir: Path, seconds: float, askers: int, rate: float, model: str = "hash", documents: int = DOCUMENTS
) -> Soaked:
    """Ask and write for some seconds, with so many documents there at a time, and return what came of it."""
    found, texts, ended = Soaked(), Texts(), Event()
    with serving(data_dir, model) as server, ThreadPoolExecutor(askers + 1) as pool:
        writing = _Writing(server.client(), texts, found, documents)
        for number in range(documents):
            writing.write(number)
        found.writes.clear()
        asking = [Asker(server.client(), texts, random.Random(number)) for number in range(askers)]
        try:
            running = [pool.submit(each.run, ended) for each in asking]
            running.append(pool.submit(writing.run, rate, ended))
            _watch(server, seconds, found)
        finally:
            ended.set()
        for each in running:
            each.result()
    for asker in asking:
        found.answers += asker.seconds
        found.citations += asker.citations
        found.faults += asker.faults
    return found


def _watch(server: Server, seconds: float, found: Soaked) -> None:
    started = perf_counter()
    while (passed := perf_counter() - started) < seconds:
        found.resident.append((passed, server.resident()["now"]))
        sleep(SAMPLED_S)


@dataclass(slots=True)
class _Writing:
    """One who writes the same documents over and over, each time with another text."""

    client: Client
    texts: Texts
    found: Soaked
    documents: int

    def run(self, rate: float, ended: Event) -> None:
        started, number = perf_counter(), self.documents
        while not ended.wait(max(0.0, started + (number - self.documents) / rate - perf_counter())):
            self.write(number)
            number += 1
        self.client.close()

    def write(self, number: int) -> None:
        """Write a document anew, or delete it."""
        document_id, round_ = f"soaked-{number % self.documents}", number // self.documents
        deletes = bool(round_) and (number + round_) % DELETED == 0
        written = write(f"soaked {number}")
        self.texts.add(written.text, () if deletes else written.words)
        started = perf_counter()
        answer = self.client.delete(document_id) if deletes else self.client.put(document_id, written.text)
        self.found.writes.append(perf_counter() - started)
        if not answer.ok:
            self.found.faults.append(f"write {number} is answered with {answer.told}")
