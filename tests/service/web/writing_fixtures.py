"""A service that writes, in the form of its interface and in the hands of a test: each state when the test wants it."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import Page, Route, Visit

TOKEN = "a-token-of-this-run"
Open = Callable[..., Page]


def document(number: int, **more: object) -> dict[str, Any]:
    """Return a document as a list has it."""
    given = {
        "document_id": f"d_{number:04}",
        "source": f"report-{number}.md",
        "title": f"Report no. {number}",
        "language": "en",
        "publisher": None,
        "published": None,
        "url": None,
        "sha256": "0" * 64,
        "characters": 1200,
        "passages": 4,
        "sequence": 1,
    }
    return given | more


class Fake:
    """What answers in the place of the service: documents, collections and jobs that a test changes.

    Attributes:
        documents: those of each collection, by its name.
        jobs: by id, as they are told; a stream of events tells them once and ends, so that the page asks again.
        key: the one that may write.
        refuse: what uploads are answered with, in turn, before they are taken: status and body.
        seen: each request for writing, as method, path and the parameters of its address.
    """

    def __init__(self, documents: list[dict[str, Any]] | None = None, *, key: str = TOKEN) -> None:
        self.documents: dict[str, list[dict[str, Any]]] = {"default": documents or []}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.key = key
        self.refuse: list[tuple[int, dict[str, Any]]] = []
        self.seen: list[tuple[str, str, dict[str, list[str]]]] = []
        self.bodies: list[bytes] = []

    def serve(self, page: Page) -> None:
        """Answer what a page asks from now on."""
        page.route(re.compile("/v1/(documents|collections|jobs)"), self._answer)

    def _answer(self, route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        path, given = parts.path.partition("/v1/")[2], parse_qs(parts.query)
        if request.method != "GET":
            if request.headers.get("authorization") != f"Bearer {self.key}":
                known = "authorization" in request.headers
                return route.fulfill(status=403 if known else 401, json={"error": "set WHEREFROM_WRITE_KEYS"})
            self.seen.append((request.method, path, given))
        (name,) = given.get("collection", ["default"])
        if name not in self.documents:
            return route.fulfill(status=404, json={"error": f"no collection {name}", "error_type": "NotFound"})
        kind, _, rest = path.partition("/")
        answer = getattr(self, f"_{request.method.lower()}_{kind}")
        answer(route, name, rest, given)
        return None

    def _get_documents(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        found = self.documents[name]
        if "q" in given:
            found = [each for each in found if given["q"][0].lower() in (each["title"] + each["source"]).lower()]
        if "language" in given:
            found = [each for each in found if each["language"] == given["language"][0]]
        if "after" in given:
            found = [each for each in found if each["document_id"] > given["after"][0]]
        limit = int(given["limit"][0])
        after = found[limit - 1]["document_id"] if len(found) > limit else None
        return route.fulfill(json={"documents": found[:limit], "next_after": after, "request_id": "1"})

    def _delete_documents(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        self.documents[name] = [each for each in self.documents[name] if each["document_id"] != rest]
        route.fulfill(status=204)

    def _post_documents(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        if self.refuse:
            status, told = self.refuse.pop(0)
            return route.fulfill(status=status, json=told, headers={"Retry-After": "1"})
        body = route.request.post_data_buffer or b""
        self.bodies.append(body)
        (source,) = re.findall(rb'filename="(.*?)"', body)
        number = len(self.jobs) + 1
        job = self.jobs.setdefault(f"j{number}", self.job(f"j{number}", source.decode(), collection=name))
        return route.fulfill(status=202, json={"jobs": [job], "request_id": "1"})

    @staticmethod
    def job(job_id: str, source: str, **more: object) -> dict[str, Any]:
        """Return a job that waits."""
        job = {"id": job_id, "state": "queued", "source": source, "collection": "default", "documents": []}
        return job | {"pages": None, "passages": 0, "total": None, "reason": None} | more

    def _get_jobs(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        if not rest:
            return route.fulfill(json={"jobs": [*reversed(self.jobs.values())], "request_id": "1"})
        job_id, _, events = rest.partition("/")
        if not events:
            return route.fulfill(json=self.jobs[job_id])
        body = f": hello\r\n\r\nevent: job\r\ndata: {json.dumps(self.jobs[job_id])}\r\n\r\n"
        return route.fulfill(body=body, content_type="text/event-stream")

    def _delete_jobs(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        self.jobs[rest]["state"] = "cancelled"
        route.fulfill(json=self.jobs[rest])

    def _get_collections(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        told = [
            {"name": each, "documents": len(inside), "passages": sum(one["passages"] for one in inside)}
            for each, inside in sorted(self.documents.items())
        ]
        route.fulfill(json={"collections": told, "request_id": "1"})

    def _post_collections(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        made = json.loads(route.request.post_data or "")["name"]
        if made in self.documents:
            return route.fulfill(status=409, json={"error": f"there is a collection {made}"})
        self.documents[made] = []
        return route.fulfill(status=201, json={"name": made, "documents": 0, "passages": 0})

    def _delete_collections(self, route: Route, name: str, rest: str, given: dict[str, list[str]]) -> None:
        del self.documents[rest]
        route.fulfill(status=204)


@pytest.fixture
def opened(visit: Visit, server: Server, fake: Fake) -> Open:
    """Open a page of the fake, by an address with a key that writes."""

    def opened(path: str = "/", fragment: str = f"#write={TOKEN}", **options: object) -> Page:
        page = visit("about:blank", **options)
        fake.serve(page)
        page.goto(f"{server.url}{path}{fragment}")
        return page

    return opened


def choose(page: Page, *names: str) -> None:
    """Choose files with a sentence in each."""
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"Forty-one geese."} for name in names]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(files)  # type: ignore[arg-type]


def drop(page: Page, *names: str, end: str = "drop") -> None:
    """Drop files on the middle of the page, or hold them there only."""
    script = """([names, end]) => {
        const dataTransfer = new DataTransfer();
        for (const name of names) dataTransfer.items.add(new File(["Forty-one geese."], name));
        for (const type of new Set(["dragenter", "dragover", end])) {
            document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
    }"""
    page.evaluate(script, [list(names), end])
