"""What is sent to a server that is tried hard: plain requests, whose every status and every lost connection counts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, IncompleteRead
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote, urlencode

from corpus.errors import WherefromError

HOST = "127.0.0.1"
PAGE = 500  # documents listed together
OVER = {"done", "failed", "cancelled"}  # states in which a job stays
POLL_S = 0.02
IDLE_S = 2.0  # after which a connection is made anew, before servers close it on their side
BOUNDARY = "a-line-that-stands-in-no-text"

LOST = (OSError, HTTPException)  # what a request raises that no answer comes to


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return self.status // 100 == 2

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def told(self) -> str:
        """Status and body in a line, for people."""
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


class Client:
    """A connection to a server. Requests raise what is in `LOST` if no answer comes."""

    def __init__(self, port: int, key: str | None, collection: str | None = None, timeout: float = 60.0) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=timeout)
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self.port, self.key, self.collection = port, key, collection
        self.close = self._connection.close
        self._used = 0.0  # when it was last answered

    def send(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Answer:
        """Send a request to a path and return its answer."""
        headers = self._headers | ({} if body is None else {"Content-Type": kind})
        if monotonic() - self._used > IDLE_S:
            self._connection.close()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            body = response.read()
            self._used = monotonic()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, body)
        except LOST:
            self._connection.close()  # the next request opens another
            raise

    def path(self, *parts: str, **parameters: object) -> str:
        """Return the path of a route, in the collection of this client."""
        asked = {name: value for name, value in parameters.items() if value is not None}
        if self.collection is not None:
            asked["collection"] = self.collection
        return "/v1/" + "/".join(quote(part, safe=":") for part in parts) + (f"?{urlencode(asked)}" if asked else "")

    def put(self, document_id: str, text: str, **fields: object) -> Answer:
        """Write a document."""
        body = json.dumps({"text": text, **fields}).encode()
        return self.send("PUT", self.path("documents", document_id), body)

    def patch(self, document_id: str, **fields: object) -> Answer:
        """Change what is known of a document."""
        return self.send("PATCH", self.path("documents", document_id), json.dumps(fields).encode())

    def delete(self, document_id: str) -> Answer:
        """Delete a document."""
        return self.send("DELETE", self.path("documents", document_id))

    def document(self, document_id: str) -> Answer:
        """Ask for a document."""
        return self.send("GET", self.path("documents", document_id))

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield what is listed of every document."""
        after = None
        while True:
            page = expected(self.send("GET", self.path("documents", limit=PAGE, after=after)))
            yield from page["documents"]
            if (after := page["next_after"]) is None:
                return

    def upload(self, files: Mapping[str, bytes], **fields: str) -> Answer:
        """Upload files by their names."""
        parts = [(f'name="{name}"', "", value.encode()) for name, value in fields.items()]
        parts += [
            (f'name="file"; filename="{name}"', "\r\nContent-Type: text/plain", content)
            for name, content in files.items()
        ]
        body = b"".join(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}{kind}\r\n\r\n".encode() + content + b"\r\n"
            for name, kind, content in parts
        )
        body += f"--{BOUNDARY}--\r\n".encode()
        return self.send("POST", self.path("documents"), body, f"multipart/form-data; boundary={BOUNDARY}")

    def batch(self, lines: Iterable[Mapping[str, object]]) -> tuple[int, list[dict[str, Any]]]:
        """Send several writes, and return the status and the whole lines that came back, if not all of them."""
        body = "".join(json.dumps(line) + "\n" for line in lines).encode()
        try:
            answer = self.send("POST", self.path("documents:batch"), body, "application/x-ndjson")
        except IncompleteRead as error:
            answer = Answer(200, {}, error.partial)
        whole = answer.body.rpartition(b"\n")[0] if answer.ok else b""
        return answer.status, [json.loads(line) for line in whole.splitlines()]

    def search(self, question: str, k: int = 5) -> Answer:
        """Ask a question."""
        return self.send("GET", self.path("search", q=question, k=k))

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        return [each["name"] for each in expected(self.send("GET", "/v1/collections"))["collections"]]

    def make_collection(self, name: str) -> Answer:
        """Make a collection."""
        return self.send("POST", "/v1/collections", json.dumps({"name": name}).encode())

    def drop_collection(self, name: str) -> Answer:
        """Delete a collection and all that is in it."""
        return self.send("DELETE", f"/v1/collections/{name}")

    def job(self, job_id: str) -> Answer:
        """Ask for a job, in whichever collection."""
        return self.send("GET", f"/v1/jobs/{quote(job_id)}")

    def ended(self, job_id: str, patience: float) -> dict[str, Any]:
        """Return a job once it has ended, or as it is after so many seconds."""
        deadline = monotonic() + patience
        while True:
            job: dict[str, Any] = expected(self.job(job_id))
            if job["state"] in OVER or monotonic() > deadline:
                return job
            sleep(POLL_S)


def expected(answer: Answer, statuses: Sequence[int] = (200,)) -> Any:
    """Return the JSON of an answer.

    Raises:
        Unexpected: if its status is another.
    """
    if answer.status not in statuses:
        raise Unexpected(answer.told)
    return answer.json


class Unexpected(WherefromError):
    """An answer that is none of those that may be given."""
