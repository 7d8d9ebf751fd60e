"""What a server has acknowledged: the oracle that it is held against, a dict and nothing more.

What was sent and never acknowledged may have happened or not, but not by half: a place is in one of several versions
until somebody looks. Each place is written by one thread only, so that there is no order to guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.document import text_digest
from eval.endurance.texts import Written

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands."""

    collection: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was sent."""

    written: Written
    title: str

    @property
    def facts(self) -> tuple[str, str]:
        """What a list of documents tells of it: the digest of its text, and its title."""
        return text_digest(self.written.text), self.title


@dataclass(slots=True)
class Ledger:
    """What is known of every place.

    Attributes:
        known: the version that was acknowledged last; none where the document was deleted.
        perhaps: versions that were sent since and not acknowledged.
        jobs: what each acknowledged job writes, by its id.
        collections: whether a collection is there, may be, or is not, as a set of what is possible.
        acknowledged: how many writes were, of all kinds.
    """

    known: dict[Place, Version | None] = field(default_factory=dict)
    perhaps: dict[Place, list[Version | None]] = field(default_factory=dict)
    jobs: dict[str, tuple[Place, Version]] = field(default_factory=dict)
    collections: dict[str, set[bool]] = field(default_factory=lambda: {DEFAULT: {True}})
    acknowledged: int = 0

    def sending(self, place: Place, version: Version | None) -> None:
        """Note a write before it is sent."""
        self.perhaps.setdefault(place, []).append(version)

    def wrote(self, place: Place, version: Version | None) -> None:
        """Note that a write was acknowledged."""
        self.settle(place, version)
        self.acknowledged += 1

    def settle(self, place: Place, version: Version | None) -> None:
        """Note what a place is in, whatever was possible."""
        self.known[place] = version
        self.perhaps.pop(place, None)

    def took(self, job_id: str, place: Place, version: Version) -> None:
        """Note that a job was acknowledged, which is to write a version."""
        self.jobs[job_id] = place, version
        self.acknowledged += 1

    def possible(self, place: Place) -> list[Version | None]:
        """Return the versions that a place may be in."""
        return [self.known.get(place), *self.perhaps.get(place, ())]

    def certain(self, collection: str) -> Iterator[Place]:
        """Yield the places of a collection that hold a document beyond doubt."""
        held = list(self.known.items())
        return (at for at, version in held if at.collection == collection and version and at not in self.perhaps)

    def places(self, collection: str) -> list[Place]:
        """Return every place of a collection that was ever written to."""
        everywhere = dict.fromkeys([*list(self.known), *list(self.perhaps)])  # copied at once, while threads write
        return [place for place in everywhere if place.collection == collection]

    def settle_collection(self, name: str, there: bool) -> None:
        """Note that a collection is there, or gone with all that was in it."""
        self.collections[name] = {there}
        if not there:
            for place in self.places(name):
                self.settle(place, None)
