"""`python -m eval cluster-serve`: two API servers on one database while one writes, and while the database is away."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter, sleep
from typing import Annotated

import typer

from eval.cluster.seekdb import Seekdb, seekdb
from eval.cluster.states import Asker, States, Writer
from eval.endurance.client import LOST, Answer, Client
from eval.endurance.outcome import report
from eval.endurance.serving import Server, serving
from eval.endurance.times import times_text

SERVERS = 2
DATABASE = "served"
DOCUMENTS = 50  # there are at a time at most
ASKED_SECONDS = 0.2  # between two looks at a server whose database is away, or was
PATIENCE_SECONDS = 60.0  # from when the database answers again until the servers must


@dataclass(slots=True)
class Served:
    """What came of it.

    Attributes:
        ready: seconds of each server from its start to its first answer.
        answers: seconds of each answer of each server.
        writes: seconds of each write.
        looked: how often a write was looked for by the other server.
        states: how many states there were.
        checked: how many answers were held against theirs.
        refused: seconds of each three refusals while the database was away.
        recovered: seconds from when the database answered again until both servers did.
        faults: what may not be.
    """

    ready: list[float] = field(default_factory=list)
    answers: list[list[float]] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    looked: int = 0
    states: int = 0
    checked: int = 0
    refused: list[float] = field(default_factory=list)
    recovered: float = 0.0
    faults: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        yield "seconds from the start of a server to its first answer", ", ".join(f"{each:.1f}" for each in self.ready)
        for number, seconds in enumerate(self.answers, 1):
            yield f"seconds of an answer of server {number}", times_text(seconds)
        yield "seconds of a write", times_text(self.writes)
        yield "writes looked for by the other server", f"{self.looked:,}"
        yield "states, and answers held against theirs", f"{self.states:,}, {self.checked:,}"
        yield "seconds of three refusals while the database was away", times_text(self.refused)
        yield "seconds until both servers answered again", f"{self.recovered:.1f}"


def cluster_serve(
    seconds: Annotated[float, typer.Option(help="How long two servers are asked and written.", min=1)] = 180,
    away: Annotated[float, typer.Option(help="How long the database is away then.", min=1)] = 60,
    askers: Annotated[int, typer.Option(help="How many ask each server at once.", min=1)] = 2,
    rate: Annotated[float, typer.Option(help="Documents written a second at most.", min=0.1)] = 5,
    model: Annotated[str, typer.Option(help="The embedding model.")] = "hash",
) -> None:
    """Ask and write two servers on one database, hold each answer against its state, and take the database away."""
    with TemporaryDirectory(prefix="wherefrom-serve-") as temporary:
        found = served(Path(temporary), seconds, away, askers, rate, model)
    report(found.figures(), found.faults)


def served(folder: Path, seconds: float, away: float, askers: int = 2, rate: float = 5, model: str = "hash") -> Served:
    """Do that in a folder, and return what came of it."""
    found, data_dir = Served(), folder / "never"
    variables = {"WHEREFROM_DATA_DIR": str(data_dir)}
    with ExitStack() as running:
        database = running.enter_context(seekdb(folder / "seekdb"))
        address = database.address(DATABASE)
        servers = [running.enter_context(serving(address, model, variables)) for _ in range(SERVERS)]
        found.ready = [each.ready for each in servers]
        clients = [running.enter_context(closing(each.client())) for each in servers]
        writer = Writer(clients, States(), DOCUMENTS)
        for _ in range(DOCUMENTS):
            writer.write()
        writer.seconds.clear()
        _ask_and_write(servers, writer, seconds, askers, rate, found)
        found.refused = _take_away(database, servers, away, found.faults)
        database.start()
        found.recovered = _recovered(clients, found.faults)
        _ask_and_write(servers, writer, min(seconds, 5.0), askers, rate, found)
        found.faults += writer.faults + _lost(clients[0], writer)
        found.faults += [f"a server has ended: {each.told()}" for each in servers if each.process.poll() is not None]
    found.looked, found.states = len(writer.seen), len(writer.states.held)
    found.writes, found.checked = writer.seconds, found.checked + len(writer.seen)
    if data_dir.exists():
        found.faults.append(f"a server has written into its data folder: {[*data_dir.rglob('*')]}")
    return found


def _ask_and_write(
    servers: list[Server], writer: Writer, seconds: float, askers: int, rate: float, found: Served
) -> None:
    """Ask all servers and write by them, and hold all answers against their states."""
    ended = Event()
    asking = [
        [Asker(each.client(), writer.states, random.Random(f"{number} {place}")) for place in range(askers)]
        for number, each in enumerate(servers)
    ]
    with ThreadPoolExecutor(askers * SERVERS + 1) as pool:
        running = [pool.submit(each.run, ended) for group in asking for each in group]
        running.append(pool.submit(writer.run, rate, ended))
        sleep(seconds)
        ended.set()
        for each in running:
            each.result()
    found.answers = found.answers or [[] for _ in servers]
    seen = [*writer.seen]
    for times, group in zip(found.answers, asking, strict=True):
        for asker in group:
            times += asker.seconds
            found.faults += asker.faults
            seen += asker.seen
            found.checked += len(asker.seen)
    found.faults += writer.states.faults(seen)


def _take_away(database: Seekdb, servers: list[Server], seconds: float, faults: list[str]) -> list[float]:
    """Kill the database, and return the seconds of all refusals until so many have passed."""
    database.kill()
    until = perf_counter() + seconds
    with ThreadPoolExecutor(SERVERS) as pool:
        return [each for times in pool.map(lambda server: _refused(server, until, faults), servers) for each in times]


def _refused(server: Server, until: float, faults: list[str]) -> list[float]:
    """Ask a server whose database is away, and return the seconds of its refusals."""
    seconds = []
    with closing(server.client()) as client:
        while perf_counter() < until:
            began = perf_counter()
            faults += _not_refused(client)
            seconds.append(perf_counter() - began)
            sleep(ASKED_SECONDS)
        if not client.send("GET", "/healthz").ok:
            faults.append("a server whose database is away says that it is not alive")
    return seconds


def _recovered(clients: list[Client], faults: list[str]) -> float:
    """Return the seconds until all servers are ready and answer."""
    started = perf_counter()
    for client in clients:
        while not (client.send("GET", "/readyz").ok and client.search("harbour").ok):
            if perf_counter() - started > PATIENCE_SECONDS:
                faults.append(f"a server does not answer {PATIENCE_SECONDS:g} s after the database does")
                break
            sleep(ASKED_SECONDS)
    return perf_counter() - started


def _not_refused(client: Client) -> Iterator[str]:
    """Ask, write and look whether a server is ready, and yield which of that is not refused as it must be."""
    tried: dict[str, Callable[[], Answer]] = {
        "a question": lambda: client.search("harbour"),
        "a write": lambda: client.put("away", "Nothing is written while the database is away."),
        "whether it is ready": lambda: client.send("GET", "/readyz"),
    }
    for what, send in tried.items():
        try:
            answer = send()
        except LOST as error:
            yield f"{what}, while the database is away: no answer: {error!r}"
        else:
            if answer.status != 503 or "retry-after" not in answer.headers:
                yield f"{what}, while the database is away, is answered with {answer.told}"


def _lost(client: Client, writer: Writer) -> list[str]:
    """Return which of the documents that were acknowledged are not there, or not as they were written."""
    there = {each["document_id"]: each["sha256"] for each in client.documents()}
    return [] if there == writer.held else [f"the documents are not those that were written: {there} {writer.held}"]
