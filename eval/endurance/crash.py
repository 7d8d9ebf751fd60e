"""`python -m eval crash`: a server killed while it is written to, again and again; nothing acknowledged may be lost."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import sleep
from typing import Annotated

import typer

from eval.endurance.checking import check
from eval.endurance.client import Unexpected
from eval.endurance.ledger import DEFAULT, Ledger, Place, Version
from eval.endurance.outcome import report
from eval.endurance.serving import Server, serving
from eval.endurance.texts import write
from eval.endurance.writing import writers

LATEST_S = 0.5  # after the first write, that a server is killed
READY_S = 3.0  # from the start of a process to the first answer, at 10,000 passages
KEPT = 10  # collections of rounds before
TOGETHER = 50  # documents put in with one request, to begin with
PARAGRAPHS = 5  # of each of them; each is about a passage and a half


@dataclass(slots=True)
class Crashes:
    """What came of killing a server.

    Attributes:
        ledger: what was acknowledged.
        ready: seconds of each start.
        work: seconds of work of each start.
        statuses: how often each kind of write got each status.
        faults: what was lost, half or wrong.
        rounds: how often it was killed.
    """

    ledger: Ledger = field(default_factory=Ledger)
    ready: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    rounds: int = 0

    def started(self, server: Server) -> None:
        """Note how long a start took."""
        self.ready.append(server.ready)
        self.work.append(server.work)

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        held = sum(version is not None for version in self.ledger.known.values())
        yield "kills", f"{self.rounds}"
        yield "acknowledged writes", f"{self.ledger.acknowledged:,}"
        yield "documents at the end", f"{held:,}"
        for (kind, status), count in sorted(self.statuses.items()):
            yield f"{kind}, answered {status}", f"{count:,}"
        p95 = quantiles(self.ready, n=20)[-1] if len(self.ready) > 1 else self.ready[0]
        told = f"p50 {median(self.ready):.2f} s, p95 {p95:.2f} s, longest {max(self.ready):.2f} s"
        late = sum(seconds > READY_S for seconds in self.ready)
        yield "work until the first answer, p50", f"{median(self.work):.2f} s"
        yield "from start to first answer", f"{told}; {late} of {len(self.ready)} over {READY_S:g} s"


def crash(
    rounds: Annotated[int, typer.Option(help="How often the server is killed.", min=1)] = 200,
    passages: Annotated[int, typer.Option(help="About how many are there to begin with.", min=0)] = 10_000,
    threads: Annotated[int, typer.Option(help="How many write at once.", min=1)] = 4,
    seed: Annotated[int, typer.Option(help="Of the random moments and writes.")] = 0,
    model: Annotated[str, typer.Option(help="The embedding model.")] = "hash",
    folder: Annotated[Path | None, typer.Option(help="An empty folder for the data; a temporary one if none.")] = None,
) -> None:
    """Kill a server with SIGKILL while threads write to it, start it again, and look for what it had acknowledged."""
    with TemporaryDirectory() as temporary:
        found = crashes(folder or Path(temporary), rounds, passages, threads, seed, model)
    report(found.figures(), found.faults)


def crashes(data_dir: Path, rounds: int, passages: int, threads: int, seed: int = 0, model: str = "hash") -> Crashes:
    """Kill a server of a data folder so many times, and return what was found after each start and at the end."""
    found, moments = Crashes(), random.Random(seed)
    _fill(data_dir, found.ledger, passages, model)
    touched: list[Place] = []
    for found.rounds in range(1, rounds + 1):
        touched = _round(
            data_dir, found, touched, threads, moments.uniform(0, LATEST_S), f"{seed}-{found.rounds}", model
        )
        typer.echo(f"{found.rounds}: ready in {found.ready[-1]:.2f} s, {len(found.faults)} faults", err=True)
    with serving(data_dir, model) as server:
        found.started(server)
        found.faults += check(server, found.ledger, touched)
    found.faults += verified(data_dir, found.ledger, model)
    return found


def _round(
    data_dir: Path, found: Crashes, before: list[Place], threads: int, moment: float, seed: str, model: str
) -> list[Place]:
    """Start the server, hold it against the ledger, write and kill it; return the places that were written to."""
    with serving(data_dir, model) as server:
        found.started(server)
        found.faults += [f"before kill {seed}: {fault}" for fault in check(server, found.ledger, before)]
        found.faults += _tidied(server, found.ledger)
        writing = writers(server, found.ledger, threads, seed)
        with ThreadPoolExecutor(threads) as pool:
            running = [pool.submit(each.run) for each in writing]
            sleep(moment)
            server.kill()
            for each in running:
                each.result()
    for writer in writing:
        found.statuses.update(writer.statuses)
        found.faults += writer.faults
    return list(dict.fromkeys(place for writer in writing for place in writer.touched))


def _tidied(server: Server, ledger: Ledger) -> Iterator[str]:
    """Delete the collections of writers that are gone, but for a few: there is a limit to how many there may be."""
    client = server.client()
    own = [name for name, there in ledger.collections.items() if name != DEFAULT and there == {True}]
    for name in own[:-KEPT]:
        answer = client.drop_collection(name)
        if not answer.ok:
            yield f"the deletion of {name} is answered with {answer.told}"
        ledger.settle_collection(name, False)
    client.close()


def _fill(data_dir: Path, ledger: Ledger, passages: int, model: str) -> None:
    """Write about so many passages to begin with, a third of which are looked at one by one."""
    with serving(data_dir, model) as server:
        client, count = server.client(), 0
        while count < passages:
            texts = {
                f"first-{count}-{number}": write(f"first {count} {number}", PARAGRAPHS) for number in range(TOGETHER)
            }
            lines = [{"document_id": name, "text": text.text, "title": name} for name, text in texts.items()]
            status, answered = client.batch(lines)
            for line in answered:
                if line["status"] != 201:
                    raise Unexpected(f"{line}")
                name = line["document_id"]
                ledger.wrote(Place(DEFAULT, name), Version(texts[name], name))
                count += line["passages"]
            if len(answered) < TOGETHER:
                raise Unexpected(f"{status} and {len(answered)} lines to a batch of {TOGETHER}")
        client.close()


def verified(data_dir: Path, ledger: Ledger, model: str) -> Iterator[str]:
    """Yield what `wherefrom verify` says is wrong with each collection of a server that does not run."""
    for name in [name for name, there in ledger.collections.items() if there == {True}]:
        command = [sys.executable, "-m", "service.cli.main", "verify", "--data-dir", str(data_dir)]
        command += ["--collection", name] if name != DEFAULT else []
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"wherefrom verify of {name}: {done.stdout[-1000:]} {done.stderr[-1000:]}"
