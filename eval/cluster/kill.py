"""`python -m eval cluster-kill`: a database killed while it is written to; nothing acknowledged may be lost."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic, sleep
from typing import Annotated

import typer

from corpus.document import make_document
from corpus.errors import StoreUnavailable
from corpus.store.originals import Original
from corpus.store.truth import Reader
from eval.cluster.seekdb import Seekdb, seekdb
from eval.endurance.ledger import Ledger, Place, Version
from eval.endurance.outcome import report
from eval.endurance.texts import write
from index.cutting import Entry
from index.engine import Engine
from index.models.hashing import HashEncoder
from index.writer import Indexer

FIRST_S = 60.0  # in which the first write must be acknowledged
LATEST_S = 1.5  # after the first write, that the database is killed
COLLECTIONS = ("even", "odd")  # writers of one wait for each other, those of two do not
PARAGRAPHS = 6  # of a document at most; each is about a passage and a half
NEW, DELETED = 0.5, 0.2  # how often a write is of a new document, or a deletion; the others are new versions


@dataclass(slots=True)
class Kills:
    """What came of killing a database.

    Attributes:
        ledger: what was acknowledged.
        unsure: how many writes were under way when it was killed, and never acknowledged.
        held: of these, how many it had, whole.
        starts: seconds of each start, until everything was held against the ledger.
        faults: what was lost, half or wrong.
        rounds: how often it was killed.
    """

    ledger: Ledger = field(default_factory=Ledger)
    unsure: int = 0
    held: int = 0
    starts: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    rounds: int = 0

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        yield "kills", f"{self.rounds}"
        yield "acknowledged writes", f"{self.ledger.acknowledged:,}"
        yield "documents at the end", f"{sum(version is not None for version in self.ledger.known.values()):,}"
        yield "writes under way at a kill", f"{self.unsure:,}, {self.held:,} of them were there whole"
        yield "from a start of the database to the first answer, p50", f"{median(self.starts):.2f} s"
        yield "faults", f"{len(self.faults):,}"


def cluster_kill(
    rounds: Annotated[int, typer.Option(help="How often the database is killed.", min=1)] = 20,
    threads: Annotated[int, typer.Option(help="How many write at once.", min=1)] = 4,
    seed: Annotated[int, typer.Option(help="Of the random moments and writes.")] = 0,
    folder: Annotated[
        Path | None, typer.Option(help="An empty folder for the database; a temporary one if none.")
    ] = None,
) -> None:
    """Kill a database with SIGKILL while threads write to it, start it again, and look for what it had acknowledged."""
    with TemporaryDirectory() as temporary:
        found = kills(folder or Path(temporary), rounds, threads, seed)
    report(found.figures(), found.faults)


def kills(folder: Path, rounds: int, threads: int, seed: int = 0) -> Kills:
    """Kill a database so many times, and return what was found after each start.

    The pool of connections is the same all along: a server need not be started again with its database.
    """
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database
    from index.oceanbase.engine import engine_of

    found, moments = Kills(), random.Random(seed)
    with seekdb(folder) as server:
        database = Database(read_address(server.address("kills")))
        engine = engine_of(database)
        for found.rounds in range(1, rounds + 1):
            _write(server, engine, found, threads, moments.uniform(0, LATEST_S), f"{seed}-{found.rounds}")
            started = monotonic()
            server.start()
            database.check()
            found.starts.append(monotonic() - started)
            found.faults += [f"after kill {found.rounds}: {fault}" for fault in _faults(engine, found)]
            typer.echo(f"{found.rounds}: {found.ledger.acknowledged} writes, {len(found.faults)} faults", err=True)
        database.close()
    return found


def _write(server: Seekdb, engine: Engine, found: Kills, threads: int, moment: float, seed: str) -> None:
    """Write from threads, and kill the database in the middle."""
    acknowledged, killed = Event(), Event()
    with ThreadPoolExecutor(threads) as pool:
        running = []
        for number in range(threads):
            collection = COLLECTIONS[number % len(COLLECTIONS)]
            writer = _Writer(f"{seed}-{number}", collection, engine, found.ledger)
            running.append(pool.submit(writer.run, acknowledged, killed))
        if not acknowledged.wait(FIRST_S):
            found.faults.append(f"nothing is acknowledged within {FIRST_S:g} s after kill {found.rounds - 1}")
        sleep(moment)
        killed.set()
        server.kill()
        for each in running:
            each.result()


class _Writer:
    """Writes documents of its own, one after the other, until the database is killed."""

    def __init__(self, name: str, collection: str, engine: Engine, ledger: Ledger) -> None:
        self._name = name
        self._collection = collection
        self._engine = engine
        self._ledger = ledger
        self._random = random.Random(name)
        self._own: list[Place] = []
        self._number = 0

    def run(self, acknowledged: Event, killed: Event) -> None:
        """Write on, whatever the database refuses while it is there."""
        while not killed.is_set():
            with suppress(StoreUnavailable), self._engine.open_truth(Path(self._collection), True) as truth:
                indexer = Indexer(truth, HashEncoder())
                while not killed.is_set():
                    self._write(indexer)
                    acknowledged.set()

    def _write(self, indexer: Indexer) -> None:
        place, version = self._next()
        self._ledger.sending(place, version)
        if version is None:
            indexer.delete(place.document_id)
        else:
            indexer.put(entry_of(place, version))
        self._ledger.wrote(place, version)

    def _next(self) -> tuple[Place, Version | None]:
        self._number += 1
        chance = self._random.random()
        sure = [place for place in self._own if place not in self._ledger.perhaps]
        if not sure or chance < NEW:
            self._own.append(Place(self._collection, f"{self._name}-{self._number}"))
            return self._own[-1], self._version()
        place = self._random.choice(sure)
        if chance < NEW + DELETED:
            self._own.remove(place)
            return place, None
        return place, self._version()

    def _version(self) -> Version:
        written = write(f"{self._name} {self._number}", self._random.randint(1, PARAGRAPHS))
        return Version(written, f"title {self._number}")


def entry_of(place: Place, version: Version) -> Entry:
    """Return a version of a document as it is written, with the same bytes as its original."""
    text, source = version.written.text, f"{place.document_id}.md"
    document = make_document(text, source=source, document_id=place.document_id, title=version.title)
    return Entry(document, original=Original("text/plain", text.encode()))


def _faults(engine: Engine, found: Kills) -> Iterator[str]:
    """Yield what is not as it was acknowledged, or not whole; take down what became of what was under way."""
    from index.verify import verify  # knows FAISS, which the other commands need not wait for

    for collection in COLLECTIONS:
        with engine.open_truth(Path(collection), True) as truth:
            with truth.reading() as reader:
                held = {each: _held(reader, each) for each in reader.document_ids()}
            for place in found.ledger.places(collection):
                yield from settled(found, place, held.pop(place.document_id, None))
            yield from (f"{collection}: nobody wrote {document_id}" for document_id in held)
            yield from (each.message for each in verify(truth, Path(collection), engine))


def _held(reader: Reader, document_id: str) -> Entry:
    """Return a document with its original, as they are kept."""
    return Entry(reader.document(document_id), original=reader.originals.find(document_id))


def settled(found: Kills, place: Place, held: Entry | None) -> Iterator[str]:
    """Yield what is wrong with a document, and take down which version of it there is."""
    first, *perhaps = possible = found.ledger.possible(place)
    there = [version for version in possible if held == (version and entry_of(place, version))]
    if not there:
        told = [version and version.title for version in possible]
        yield f"{place}: {held and held.document.title} is there, and it should be one of {told}"
    found.unsure += bool(perhaps)
    found.held += bool(perhaps) and first not in there
    found.ledger.settle(place, there[0] if there else first)
