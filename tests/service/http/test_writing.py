"""Writing over HTTP as a client sees it: documents, batches, files and their jobs, collections."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from corpus.document import document_id_of
from index.models.encoder import Encoder, ModelChoice
from index.models.hashing import HashEncoder
from tests.corpus.files.file_makers import column, make_pdf
from tests.http_fixtures import Serving, assert_error
from tests.service_fixtures import WRITE_KEY, settings_of

TEXT = "The harbour of Greyhaven has 36 berths.\nIt was rebuilt in 2021."
PATIENCE = 30  # seconds


def new_encoder(choice: ModelChoice) -> Encoder:
    return HashEncoder()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with Serving(settings_of(tmp_path, write_keys=WRITE_KEY), new_encoder) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        yield client


def put(
    client: TestClient, document_id: str, text: str = TEXT, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    return client.put(f"/v1/documents/{document_id}", json={"text": text, **more}, headers=headers)


def quotes(client: TestClient, question: str, **parameters: str) -> list[str]:
    """Ask, and return the quotes, each cut out of its document again."""
    answer = client.get("/v1/search", params={"q": question, **parameters}).json()
    found = []
    for result in answer["results"]:
        citation = result["citation"]
        document = client.get(f"/v1/documents/{citation['document_id']}", params=parameters).json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert document["sha256"] == citation["document_sha256"]
        found.append(citation["quote"])
    return found


def ended(client: TestClient, job_id: str) -> dict[str, Any]:
    """Wait for a job as a client does, by its events, and return it as it ended."""
    with client.stream("GET", f"/v1/jobs/{job_id}/events") as response:
        events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
    last: dict[str, Any] = events[-1]
    return last


def test_a_document_is_new_replaced_and_left_alone(client: TestClient) -> None:
    new = put(client, "harbour", published="2021")
    assert new.status_code == 201
    assert new.headers["etag"] == f'"{new.json()["sequence"]}"'
    assert [TEXT] == quotes(client, "How many berths has the harbour?")
    same = put(client, "harbour", published="2021")
    assert (same.status_code, same.json()["outcome"], same.headers["etag"]) == (200, "unchanged", new.headers["etag"])
    other = put(client, "harbour", "The harbour is closed.")
    assert (other.status_code, other.json()["outcome"]) == (200, "updated")
    assert ["The harbour is closed."] == quotes(client, "How many berths has the harbour?")
    document = client.get("/v1/documents/harbour")
    assert document.headers["etag"] == other.headers["etag"]
    assert (document.json()["published"], document.json()["source"]) == (None, "harbour")
    assert client.delete("/v1/documents/harbour").status_code == 204
    assert quotes(client, "How many berths has the harbour?") == []
    assert_error(client.delete("/v1/documents/harbour"), 404, "NotFound")


def test_preconditions_are_kept_to(client: TestClient) -> None:
    assert_error(put(client, "harbour", headers={"If-Match": "*"}), 412, "Outdated")
    first = put(client, "harbour", headers={"If-None-Match": "*"}).headers["etag"]
    assert_error(put(client, "harbour", "Other.", {"If-None-Match": "*"}), 412, "Outdated")
    second = put(client, "harbour", "Other.", {"If-Match": first}).headers["etag"]
    for stale in (first, '"0"', "nonsense", ""):
        assert_error(put(client, "harbour", "Third.", {"If-Match": stale}), 412, "Outdated")
        patched = client.patch("/v1/documents/harbour", json={"author": "x"}, headers={"If-Match": stale})
        assert_error(patched, 412, "Outdated")
        assert_error(client.delete("/v1/documents/harbour", headers={"If-Match": stale}), 412, "Outdated")
    assert client.delete("/v1/documents/harbour", headers={"If-Match": f"{first}, {second}"}).status_code == 204


def test_facts_are_patched(client: TestClient) -> None:
    put(client, "harbour", title="Greyhaven", author="A. Reader", metadata={"tags": ["sea"], "deep": {"a": 1, "b": 2}})
    patch = {"title": None, "author": "B. Writer", "published": "2021-05", "metadata": {"tags": None, "deep": {"a": 3}}}
    assert client.patch("/v1/documents/harbour", json=patch).json()["outcome"] == "updated"
    document = client.get("/v1/documents/harbour").json()
    assert document["title"] == TEXT.split("\n")[0]
    assert (document["author"], document["published"]) == ("B. Writer", "2021-05")
    assert document["metadata"] == {"deep": {"a": 3, "b": 2}}
    assert quotes(client, "berths", published_after="2021-05") == [TEXT]
    assert_error(client.patch("/v1/documents/harbour", json={"text": "x"}), 422, "InvalidInput")
    assert_error(client.patch("/v1/documents/nobody", json={}), 404, "NotFound")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": ""}, "text is empty"),
        ({"text": " \n"}, "text is empty"),
        ({"text": "a\0b"}, "NUL"),
        ({}, "text is missing"),
        ({"text": TEXT, "published": "soon"}, "published is no date"),
        ({"text": TEXT, "title": "x" * 2001}, "title is longer"),
        ({"text": TEXT, "metadata": {"title": "x"}}, "metadata.title has a field of its own"),
        ({"text": TEXT, "colour": "red"}, "colour is not known"),
        ({"text": TEXT, "collection": "No Name"}, "no name of a collection"),
    ],
)
def test_what_cannot_be_a_document_is_told(client: TestClient, given: dict[str, Any], told: str) -> None:
    assert told in assert_error(client.put("/v1/documents/harbour", json=given), 422, "InvalidInput")
    assert client.get("/v1/documents").json()["documents"] == []


@pytest.mark.parametrize("document_id", ["x" * 201, "%01", "%E2%80%AE", f"file-{'0' * 32}", "%20"])
def test_what_cannot_be_an_id_is_told(client: TestClient, document_id: str) -> None:
    assert_error(put(client, document_id), 422, "InvalidInput")


@pytest.mark.parametrize("document_id", ["港口", "a b", "x" * 200, "🚢-1", "a:b?c#d", "%2e%2e%2e"])
def test_other_ids_may_be_anything(client: TestClient, document_id: str) -> None:
    path = f"/v1/documents/{document_id.replace('?', '%3F').replace('#', '%23')}"
    written = client.put(path, json={"text": TEXT})
    assert written.status_code == 201
    assert client.get(path).json()["document_id"] == written.json()["document_id"]


def test_a_body_of_another_kind_is_refused(client: TestClient) -> None:
    for method, path in (("PUT", "/v1/documents/x"), ("POST", "/v1/documents"), ("POST", "/v1/documents:batch")):
        answer = client.request(method, path, content=b"x", headers={"Content-Type": "text/plain"})
        assert_error(answer, 415, "UnsupportedMedia")


def test_a_batch_is_answered_line_by_line(client: TestClient) -> None:
    lines = [
        {"document_id": "one", "text": "One lighthouse."},
        {"document_id": "two", "text": ""},
        {"document_id": "one", "text": "One lighthouse."},
        {"document_id": "one", "delete": True},
        {"document_id": "one", "delete": True},
    ]
    body = "\r\n\n".join(map(json.dumps, lines)) + "\nno JSON\n"
    answer = client.post("/v1/documents:batch", content=body, headers={"Content-Type": "application/x-ndjson"})
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["line"] for each in told] == [1, 2, 3, 4, 5, 6]
    assert [each["status"] for each in told] == [201, 422, 200, 204, 404, 422]
    assert [each.get("document_id") for each in told] == ["one", "two", "one", "one", "one", None]
    assert "text is empty" in told[1]["error"]


def test_files_become_documents(client: TestClient, tmp_path: Path) -> None:
    pages = [column("The lighthouse of Greyhaven"), column("It burns 14 litres of oil a night.")]
    pdf = make_pdf(tmp_path / "light.pdf", pages).read_bytes()
    files: list[tuple[str, tuple[str, bytes]]] = [
        ("file", ("notes/港.md", "# 港口\n\n泊位36个。".encode())),
        ("file", ("light.pdf", pdf)),
        ("file", ("x.exe", b"MZ")),
    ]
    sent = client.post("/v1/documents", files=files)
    assert sent.status_code == 202
    jobs = sent.json()["jobs"]
    assert [job["source"] for job in jobs] == ["notes/港.md", "light.pdf", "x.exe"]
    assert (jobs[2]["state"], jobs[2]["documents"]) == ("failed", [])
    assert ".exe is not read" in jobs[2]["reason"]
    done = [ended(client, job["id"]) for job in jobs[:2]]
    assert [job["state"] for job in done] == ["done", "done"]
    assert [job["documents"] for job in done] == [[document_id_of("notes/港.md")], [document_id_of("light.pdf")]]
    assert (done[1]["pages"], done[1]["passages"]) == (2, done[1]["total"])
    assert "14 litres" in quotes(client, "How much oil does the lighthouse burn?")[0]
    path = f"/v1/documents/{document_id_of('light.pdf')}"
    assert client.get(path).json()["original"] == {"media_type": "application/pdf", "pages": 2, "bytes": len(pdf)}
    assert client.get(f"{path}/original").content == pdf
    picture = client.get(f"{path}/pages/2", params={"start": 30, "end": 60})
    assert picture.content.startswith(b"\x89PNG")
    assert_error(client.get(f"{path}/pages/3"), 404, "NotFound")
    assert_error(client.delete(f"/v1/jobs/{jobs[0]['id']}"), 409, "AlreadyExists")
    assert [job["id"] for job in client.get("/v1/jobs").json()["jobs"]] == [job["id"] for job in reversed(jobs)]


def test_originals_are_kept_only_if_wanted(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, write_keys=WRITE_KEY).model_copy(update={"keep_originals": False})
    with Serving(settings, new_encoder) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        job = client.post("/v1/documents", files={"file": ("a.txt", TEXT)}, data={"document_id": "a"}).json()["jobs"][0]
        assert ended(client, job["id"])["documents"] == ["a"]
        assert client.get("/v1/documents/a").json()["original"] is None
        assert_error(client.get("/v1/documents/a/original"), 404, "NotFound")


def test_collections_know_nothing_of_each_other(client: TestClient) -> None:
    assert client.post("/v1/collections", json={"name": "law"}).status_code == 201
    assert_error(client.post("/v1/collections", json={"name": "law"}), 409, "AlreadyExists")
    put(client, "harbour")
    client.put("/v1/documents/harbour?collection=law", json={"text": "Article 1. Boats moor for free."})
    assert quotes(client, "boats in the harbour") == [TEXT]
    assert quotes(client, "boats in the harbour", collection="law") == ["Article 1. Boats moor for free."]
    body = {"query": "boats", "collection": "law"}
    assert client.post("/v1/search", json=body).json()["index"]["documents"] == 1
    assert_error(client.post("/v1/search?collection=default", json=body), 422, "InvalidInput")
    assert_error(client.get("/v1/search?q=x&collection=none"), 404, "NotFound")
    assert_error(client.get("/v1/search?q=x&collection=No"), 422, "InvalidInput")
    told = client.get("/v1/collections").json()["collections"]
    assert [(each["name"], each["documents"]) for each in told] == [("default", 1), ("law", 1)]
    assert client.delete("/v1/collections/law").status_code == 204
    assert_error(client.get("/v1/search?q=x&collection=law"), 404, "NotFound")
    assert_error(client.delete("/v1/collections/default"), 409, "AlreadyExists")
    assert client.post("/v1/collections", json={"name": "law"}).json()["documents"] == 0


def test_what_was_written_is_there_at_the_next_start(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, write_keys=WRITE_KEY)
    headers = {"Authorization": f"Bearer {WRITE_KEY}"}
    with Serving(settings, new_encoder) as client:
        client.headers.update(headers)
        client.post("/v1/collections", json={"name": "law"})
        client.put("/v1/documents/harbour?collection=law", json={"text": TEXT})
    with Serving(settings, new_encoder) as client:
        assert quotes(client, "berths", collection="law") == [TEXT]


def test_a_job_that_waits_can_be_cancelled(client: TestClient) -> None:
    long = "\n\n".join(f"Berth {number} is {number} metres long and has a name of its own." for number in range(20_000))
    first, second = client.post(
        "/v1/documents", files=[("file", ("long.txt", long)), ("file", ("short.txt", TEXT))]
    ).json()["jobs"]
    for job in (second, first):
        assert client.delete(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    deadline = time.monotonic() + PATIENCE
    third = client.post("/v1/documents", files={"file": ("last.txt", "The last berth.")}).json()["jobs"][0]
    assert ended(client, third["id"])["state"] == "done"
    assert time.monotonic() < deadline
    assert [each["source"] for each in client.get("/v1/documents").json()["documents"]] == ["last.txt"]
