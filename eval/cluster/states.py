"""What several servers on one database answer while one writes: each answer is held against the state that it names."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter

from corpus.document import text_digest
from eval.endurance.asking import K, asked
from eval.endurance.client import Answer, Client
from eval.endurance.texts import write


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer said.

    Attributes:
        index_id: the state that it names.
        documents: how many documents that has, as it says.
        word: that was asked for; it stands in one text alone.
        digests: of the texts that it cites.
    """

    index_id: str
    documents: int
    word: str
    digests: frozenset[str]

    @classmethod
    def of(cls, word: str, answer: Answer) -> "Seen":
        """Return what an answer to a word said."""
        body = answer.json
        cited = [each for result in body["results"] for each in (result["citation"], *result["also_in"])]
        digests = frozenset(each["document_sha256"] for each in cited)
        return cls(body["index"]["id"], body["index"]["documents"], word, digests)


@dataclass(slots=True)
class States:
    """Every state that there was, by the id that answers name, and every word that was written.

    Attributes:
        held: the digests of the texts of each state.
        words: the digest of the text that each word stands in.
    """

    held: dict[str, frozenset[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def faults(self, seen: list[Seen]) -> Iterator[str]:
        """Yield which answers are of no state, or of more than one."""
        for each in seen:
            held = self.held.get(each.index_id)
            if held is None:
                yield f"an answer names the state {each.index_id}, which never was"
            elif each.documents != len(held) or not each.digests <= held:
                yield f"an answer of the state {each.index_id} cites or counts what it does not hold"
            elif (digest := self.words[each.word]) in held and digest not in each.digests:
                yield f"an answer of the state {each.index_id} does not find {each.word}, which it holds"


@dataclass(slots=True)
class Asker:
    """One who asks a server for one word after another.

    Attributes:
        seconds: of each answer.
        seen: what the answers said.
        faults: answers that may not be.
    """

    client: Client
    states: States
    random: random.Random
    seconds: list[float] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self, ended: Event) -> None:
        """Ask until it is over."""
        while not ended.is_set():
            self.ask()
        self.client.close()

    def ask(self) -> None:
        """Ask for a word of some text, old or new."""
        word = self.random.choice([*self.states.words])
        answer = asked(self.client, word, self.seconds, self.faults)
        if answer is not None:
            self.seen.append(Seen.of(word, answer))


@dataclass(slots=True)
class Writer:
    """One who writes by one server after the other, and looks by the other whether it is there.

    Attributes:
        clients: of the servers.
        documents: how many there are at most.
        seconds: of each write.
        seen: what the answers after each write said.
        faults: what may not be.
    """

    clients: list[Client]
    states: States
    documents: int
    held: dict[str, str] = field(default_factory=dict)
    number: int = 0
    seconds: list[float] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self, rate: float, ended: Event) -> None:
        """Write until it is over, so many documents a second at most."""
        first, started = self.number, perf_counter()
        while not ended.wait(max(0.0, started + (self.number - first) / rate - perf_counter())):
            self.write()

    def write(self) -> None:
        """Write the next document anew, or delete it; every fifth is deleted until its turn is next."""
        round_, place = divmod(self.number, self.documents)
        document_id, written = f"d{place}", write(f"{self.number}")
        deletes = document_id in self.held and (place + round_) % 5 == 0
        digest = text_digest(written.text)
        if not deletes:
            self.states.words[written.words[0]] = digest
        by, other = self.clients[self.number % 2], self.clients[(self.number + 1) % 2]
        started = perf_counter()
        answer = by.delete(document_id) if deletes else by.put(document_id, written.text)
        self.seconds.append(perf_counter() - started)
        self.number += 1
        if not answer.ok:
            self.faults.append(f"write {self.number} is answered with {answer.told}")
            return
        self.held.pop(document_id, None)
        if not deletes:
            self.held[document_id] = digest
        self._look(other, written.words[0] if not deletes else next(iter(self.states.words)), digest, deletes)

    def _look(self, client: Client, word: str, digest: str, deleted: bool) -> None:
        """See by the other server what was written, and note which state that is."""
        answer = client.search(word, K)
        if not answer.ok:
            self.faults.append(f"a look is answered with {answer.told}")
            return
        seen = Seen.of(word, answer)
        if not deleted and digest not in seen.digests:
            self.faults.append(f"write {self.number} is not found by the other server")
        self.states.held[seen.index_id] = frozenset(self.held.values())
        self.seen.append(seen)
