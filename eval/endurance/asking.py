"""Those who ask while others write, and verify every citation they get against the very text it is of."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from typing import Any

from corpus.document import text_digest
from eval.endurance.client import LOST, Answer, Client

LOOKED_UP = 20  # one of so many answers is held against the document as it is served, too
K = 5


@dataclass(slots=True)
class Texts:
    """Every text that was ever sent, by its digest, and what may be asked for."""

    by_digest: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def add(self, text: str, words: Sequence[str]) -> None:
        """Note a text before it is sent."""
        self.by_digest[text_digest(text)] = text
        self.words.extend(words)


def asked(client: Client, word: str, seconds: list[float], faults: list[str]) -> Answer | None:
    """Return what a server answers to a word, and note how long that took, or why there is no answer to look at."""
    started = perf_counter()
    try:
        answer = client.search(word, K)
    except LOST as error:
        faults.append(f"no answer: {error!r}")
        return None
    seconds.append(perf_counter() - started)
    if not answer.ok:
        faults.append(f"a question is answered with {answer.told}")
        return None
    return answer


@dataclass(slots=True)
class Asker:
    """One who asks for one word after another, and whose every complaint is noted.

    Attributes:
        seconds: of each answer.
        citations: how many were verified.
        faults: answers that may not be, and citations that are not what they say.
    """

    client: Client
    texts: Texts
    random: random.Random
    seconds: list[float] = field(default_factory=list)
    citations: int = 0
    faults: list[str] = field(default_factory=list)

    def run(self, ended: Event) -> None:
        """Ask until it is over."""
        try:
            while not ended.is_set():
                self.ask()
        finally:
            self.client.close()

    def ask(self) -> None:
        """Ask for a word of some text, old or new."""
        answer = asked(self.client, self.random.choice(self.texts.words), self.seconds, self.faults)
        if answer is None:
            return
        results = answer.json["results"]
        for citation in [each for result in results for each in (result["citation"], *result["also_in"])]:
            self._verify(citation)
        if results and len(self.seconds) % LOOKED_UP == 0:
            self._look_up(results[0]["citation"])

    def _verify(self, citation: dict[str, Any]) -> None:
        self.citations += 1
        text = self.texts.by_digest.get(citation["document_sha256"])
        if text is None or text[citation["start"] : citation["end"]] != citation["quote"]:
            self.faults.append(f"a citation is not what was written: {citation}")

    def _look_up(self, citation: dict[str, Any]) -> None:
        served = self.client.document(citation["document_id"])
        if not served.ok:
            if served.status != 404:  # it may be deleted by now
                self.faults.append(f"a document is answered with {served.told}")
        elif served.json["sha256"] == citation["document_sha256"]:  # or be another by now
            if served.json["text"][citation["start"] : citation["end"]] != citation["quote"]:
                self.faults.append(f"a citation is not what is served: {citation}")
