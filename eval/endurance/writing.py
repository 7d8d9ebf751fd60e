"""Threads that write all that can be written, at random, until the server is gone; what was acknowledged is noted."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.document import document_id_of
from eval.endurance.client import LOST, Answer, Client
from eval.endurance.ledger import DEFAULT, Ledger, Place, Version
from eval.endurance.serving import Server
from eval.endurance.texts import write

BUSY = {429, 503}  # a server that cannot take a write now says so
TOGETHER = 4  # documents of a batch
PARAGRAPHS = 3  # at most


@dataclass(slots=True)
class Writer:
    """One thread that writes, in `default` and in collections of its own.

    Attributes:
        owner: what the names of all that it writes begin with; nobody else writes at the same time what does.
        name: what those of its new documents and collections begin with.
        ledger: where it notes what was acknowledged.
        random: decides what it does.
        touched: places it wrote to.
        statuses: how often each kind of write got each status.
        faults: answers that may not be.
    """

    owner: str
    name: str
    ledger: Ledger
    random: random.Random
    client: Client
    touched: list[Place] = field(default_factory=list)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    written: int = 0

    def run(self) -> None:
        """Write until no answer comes any more."""
        kinds: dict[Callable[[], None], int] = {
            self.add: 6,
            self.replace: 3,
            self.patch: 3,
            self.delete: 3,
            self.upload: 2,
            self.batch: 2,
            self.make_collection: 1,
            self.drop_collection: 1,
        }
        try:
            while True:
                self.random.choices(list(kinds), list(kinds.values()))[0]()
        except LOST:
            pass
        finally:
            self.client.close()

    def add(self) -> None:
        """Write a new document."""
        self._put(Place(self._collection(), f"{self.name}-{self._number()}"))

    def replace(self) -> None:
        """Write a document anew."""
        if place := self._some():
            self._put(place)

    def patch(self) -> None:
        """Give a document another title."""
        if (place := self._some()) and (before := self.ledger.known[place]):
            version = Version(before.written, f"title {self._number()}")
            self._write("patch", place, version, lambda: self.client.patch(place.document_id, title=version.title))

    def delete(self) -> None:
        """Delete a document."""
        if place := self._some():
            self._write("delete", place, None, lambda: self.client.delete(place.document_id))

    def upload(self) -> None:
        """Upload a file, which becomes a job."""
        name = f"{self.name}-{self._number()}.txt"
        place, version = Place(self._collection(), document_id_of(name)), self._version()
        self._send_from(place)
        self.ledger.sending(place, version)
        answer = self.client.upload({name: version.written.text.encode()}, title=version.title)
        self._note("upload", answer)
        if answer.ok:
            self.ledger.took(answer.json["jobs"][0]["id"], place, version)

    def batch(self) -> None:
        """Write several documents at once, and delete one."""
        collection = self._collection()
        writes: dict[str, tuple[Place, Version | None]] = {}
        for _ in range(TOGETHER):
            place = Place(collection, f"{self.name}-{self._number()}")
            writes[place.document_id] = place, self._version()
        if gone := self._some(collection):
            writes[gone.document_id] = gone, None
        for place, version in writes.values():
            self._send_from(place)
            self.ledger.sending(place, version)
        status, lines = self.client.batch(map(_line, *zip(*writes.values(), strict=True)))
        self._note("batch", Answer(status, {}, b""))
        for line in lines:
            if line["status"] // 100 == 2:
                self.ledger.wrote(*writes[line["document_id"]])
            elif line["status"] not in BUSY:
                self.faults.append(f"a line of a batch is answered with {line}")

    def make_collection(self) -> None:
        """Make a collection."""
        name = f"{self.name}-{self._number()}"
        self.ledger.collections[name] = {True, False}
        answer = self.client.make_collection(name)
        self._note("make collection", answer)
        if answer.ok:
            self.ledger.collections[name] = {True}
            self.ledger.acknowledged += 1

    def drop_collection(self) -> None:
        """Delete a collection with what is in it, once nothing is on its way there."""
        busy = {place.collection for place, _ in list(self.ledger.jobs.values())}
        if not (idle := [name for name in self._collections() if name not in busy]):
            return
        name = self.random.choice(idle)
        self.ledger.collections[name] = {True, False}
        answer = self.client.drop_collection(name)
        self._note("drop collection", answer)
        if answer.ok:
            self.ledger.settle_collection(name, False)
            self.ledger.acknowledged += 1

    def _put(self, place: Place) -> None:
        version = self._version()
        self._write(
            "put",
            place,
            version,
            lambda: self.client.put(place.document_id, version.written.text, title=version.title),
        )

    def _write(self, kind: str, place: Place, version: Version | None, send: Callable[[], Answer]) -> None:
        self._send_from(place)
        self.ledger.sending(place, version)
        answer = send()
        self._note(kind, answer)
        if answer.ok:
            self.ledger.wrote(place, version)

    def _send_from(self, place: Place) -> None:
        self.touched.append(place)
        self.client.collection = place.collection

    def _note(self, kind: str, answer: Answer) -> None:
        self.statuses[kind, answer.status] += 1
        if not answer.ok and answer.status not in BUSY:
            self.faults.append(f"{kind} is answered with {answer.told}")

    def _collection(self) -> str:
        return self.random.choice([DEFAULT, DEFAULT, DEFAULT, *self._collections()])

    def _collections(self) -> list[str]:
        held = list(self.ledger.collections.items())  # at once, while other threads write
        return [name for name, there in held if there == {True} and self._own(name)]

    def _some(self, collection: str | None = None) -> Place | None:
        """Return a document of its own that is there beyond doubt."""
        name = collection or self._collection()
        own = [place for place in self.ledger.certain(name) if self._own(place.document_id)]
        return self.random.choice(own) if own else None

    def _own(self, name: str) -> bool:
        return name.startswith(self.owner)

    def _version(self) -> Version:
        number = self._number()
        written = write(f"{self.name} {number}", self.random.randint(1, PARAGRAPHS))
        return Version(written, f"title {number}")

    def _number(self) -> int:
        self.written += 1
        return self.written


def _line(place: Place, version: Version | None) -> dict[str, object]:
    if version is None:
        return {"document_id": place.document_id, "delete": True}
    return {"document_id": place.document_id, "text": version.written.text, "title": version.title}


def writers(server: Server, ledger: Ledger, count: int, seed: str) -> list[Writer]:
    """Return so many writers, none of whom writes what another one does; each goes on with what it wrote before.

    Args:
        server: where to.
        ledger: what they and those before them were acknowledged.
        count: how many.
        seed: decides what they do, and is part of the names of what they make.
    """
    owners = {f"w{number}-": f"w{number}-{seed}" for number in range(count)}
    return [Writer(owner, name, ledger, random.Random(name), server.client()) for owner, name in owners.items()]
