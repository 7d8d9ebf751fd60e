"""The kinds of writes that are tried on a failing disk: each is made ready, then sent until it is acknowledged."""

import json
from collections.abc import Callable, Mapping

from corpus.document import document_id_of
from eval.endurance.client import LOST, OVER, Answer, Client
from eval.endurance.ledger import DEFAULT, Ledger, Place, Version
from eval.endurance.texts import write

UNDER_WAY_S = 0.5  # that a job is waited for while the disk fails
JOB_S = 30.0  # and once it does not
NO_ANSWER = 0  # told in place of a status where the connection was lost
FAILED_JOB = 507  # told in place of 202 where the job that was taken failed and says why

Sending = Callable[[], Answer]


class Kinds:
    """Makes writes of each kind ready, and notes in a ledger what was acknowledged."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._client, self._ledger, self._number = client, ledger, 0
        self._made: str | None = None  # the collection that was made last

    def all(self) -> Mapping[str, Callable[[], Sending]]:
        """Return what makes a write of each kind ready; what that returns sends it, as often as it must be."""
        return {
            "add": self.add,
            "replace": self.replace,
            "patch": self.patch,
            "delete": self.delete,
            "batch": self.batch,
            "upload": self.upload,
            "make collection": self.make_collection,
            "drop collection": self.drop_collection,
        }

    def add(self) -> Sending:
        """A new document."""
        return self._putting(self._place(), self._version())

    def replace(self) -> Sending:
        """Another text for a document."""
        return self._putting(self.stored(), self._version())

    def patch(self) -> Sending:
        """Another title for a document."""
        place, title = self.stored(), self._name()
        before = self._ledger.known[place]
        version = Version(before.written, title) if before else None
        return lambda: self._noted(place, version, lambda: self._client.patch(place.document_id, title=title))

    def delete(self) -> Sending:
        """A document less."""
        place = self.stored()
        return lambda: self._noted(place, None, lambda: self._client.delete(place.document_id))

    def batch(self) -> Sending:
        """Two documents in one request; it counts as done if both are."""
        writes = {place.document_id: (place, self._version()) for place in (self._place(), self._place())}
        lines = [
            {"document_id": name, "text": version.written.text, "title": version.title}
            for name, (_, version) in writes.items()
        ]

        def send() -> Answer:
            for place, version in writes.values():
                self._ledger.sending(place, version)
            status, answered = self._client.batch(lines)
            for line in answered:
                if line["status"] in (200, 201):
                    self._ledger.wrote(*writes[line["document_id"]])
            worst = max([line["status"] for line in answered] or [status])
            return Answer(worst, {}, json.dumps(answered).encode())

        return lambda: _told(send)

    def upload(self) -> Sending:
        """A file, which becomes a job."""
        name = f"{self._name()}.txt"
        place, version = Place(DEFAULT, document_id_of(name)), self._version()

        def send() -> Answer:
            self._ledger.sending(place, version)
            answer = self._client.upload({name: version.written.text.encode()}, title=version.title)
            if not answer.ok:
                return answer
            job_id = answer.json["jobs"][0]["id"]
            self._ledger.took(job_id, place, version)
            self._client.ended(job_id, UNDER_WAY_S)
            return answer

        return lambda: _told(send)

    def make_collection(self) -> Sending:
        """A collection more; the one before goes, for there is a limit to how many there may be."""
        if self._made is not None:
            self._client.drop_collection(self._made)
            self._ledger.settle_collection(self._made, False)
        self._made = name = self._name()

        def send() -> Answer:
            self._ledger.collections[name] = {True, False}
            answer = self._client.make_collection(name)
            if answer.ok:
                self._ledger.settle_collection(name, True)
            return answer

        return lambda: _told(send)

    def drop_collection(self) -> Sending:
        """A collection less, with a document in it."""
        name = self._name()
        self._client.make_collection(name)
        self._ledger.settle_collection(name, True)
        inside = Client(self._client.port, self._client.key, name)
        place, version = Place(name, "inside"), self._version()
        if inside.put(place.document_id, version.written.text, title=version.title).ok:
            self._ledger.wrote(place, version)
        inside.close()

        def send() -> Answer:
            self._ledger.collections[name] = {True, False}
            answer = self._client.drop_collection(name)
            if answer.ok:
                self._ledger.settle_collection(name, False)
            return answer

        return lambda: _told(send)

    def settled(self, answer: Answer) -> Answer:
        """Return what became of a write once the disk is sound again: of a job that was taken, how it ended."""
        if answer.status != 202:
            return answer
        job = self._client.ended(answer.json["jobs"][0]["id"], JOB_S)
        place, version = self._ledger.jobs.pop(job["id"])
        if job["state"] == "done":
            self._ledger.settle(place, version)
            return answer
        if job["state"] in OVER and job["reason"]:
            return Answer(FAILED_JOB, {}, f"job failed: {job['reason']}".encode())
        return Answer(NO_ANSWER, {}, f"the job does not end well: {job}".encode())

    def _putting(self, place: Place, version: Version) -> Sending:
        text, title = version.written.text, version.title
        return lambda: self._noted(place, version, lambda: self._client.put(place.document_id, text, title=title))

    def _noted(self, place: Place, version: Version | None, send: Sending) -> Answer:
        self._ledger.sending(place, version)
        answer = _told(send)
        if answer.ok:
            self._ledger.wrote(place, version)
        return answer

    def stored(self) -> Place:
        """Return where a new document stands, which is acknowledged."""
        place = self._place()
        self._putting(place, self._version())()
        return place

    def _place(self) -> Place:
        return Place(DEFAULT, self._name())

    def _version(self) -> Version:
        name = self._name()
        return Version(write(name), name)

    def _name(self) -> str:
        self._number += 1
        return f"n-{self._number}"


def _told(send: Sending) -> Answer:
    try:
        return send()
    except LOST as error:
        return Answer(NO_ANSWER, {}, f"the connection was lost: {error!r}".encode())
