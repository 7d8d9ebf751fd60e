"""A file that becomes several documents: its job tells them all, goes on after a stop, and can be ended."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.store.copied import Side
from corpus.store.copying import Copying
from corpus.store.job import Job, JobState
from corpus.store.sqlite import Store
from index.manifest import alike
from index.models.encoder import Encoded, Progress
from index.models.hashing import HashEncoder
from service.settings import Settings
from tests.corpus.files.archive_makers import zipped
from tests.http_fixtures import Serving
from tests.service_fixtures import WRITE_KEY, settings_of

KEY = {"Authorization": f"Bearer {WRITE_KEY}"}
PATIENCE = 20  # seconds; far more than anything here takes
QUAY, CRANE = "The quay is 300 metres long.", "The crane lifts 40 tonnes."
PORT = zipped({"quay.txt": QUAY, "deep/crane.md": f"# Crane\n\n{CRANE}", "x.exe": "x", "bad.txt": b"\0\1\xff"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "data", write_keys=WRITE_KEY)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with Serving(settings, lambda choice: HashEncoder()) as client:
        client.headers.update(KEY)
        yield client


def upload(client: TestClient, name: str, content: bytes, **fields: str) -> str:
    answer = client.post("/v1/documents", files={"file": (name, content)}, data=fields)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["jobs"][0]["id"])


def became(client: TestClient, job_id: str, *states: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] in states:
            return job
        time.sleep(0.01)
    raise AssertionError(f"{job} never became {states}")


def sources(client: TestClient) -> dict[str, str]:
    return {each["source"]: each["document_id"] for each in client.get("/v1/documents").json()["documents"]}


def test_an_archive_becomes_a_document_for_each_of_its_files(client: TestClient) -> None:
    job = became(client, upload(client, "port.zip", PORT), "done")
    there = sources(client)
    assert sorted(there) == ["port.zip/deep/crane.md", "port.zip/quay.txt"]
    assert job["documents"] == [there["port.zip/deep/crane.md"], there["port.zip/quay.txt"]]
    assert (job["passages"], job["total"]) == (2, 2)
    assert "files in it that are not read: 1 (1 .exe)" in job["reason"]
    assert "bad.txt: " in job["reason"]
    found = client.get("/v1/search", params={"q": "How long is the quay?"}).json()["results"][0]
    citation = found["citation"]
    assert citation["source"] == "port.zip/quay.txt"
    text = client.get(f"/v1/documents/{found['document_id']}").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"] == QUAY


def test_originals_are_those_of_the_files_in_it(client: TestClient) -> None:
    became(client, upload(client, "port.zip", PORT), "done")
    document_id = sources(client)["port.zip/quay.txt"]
    original = client.get(f"/v1/documents/{document_id}/original")
    assert (original.content, original.headers["content-type"].partition(";")[0]) == (QUAY.encode(), "text/plain")


def test_what_is_sent_again_is_renewed_file_by_file(client: TestClient) -> None:
    became(client, upload(client, "port.zip", PORT), "done")
    before = sources(client)
    again = zipped({"quay.txt": "The quay is 400 metres long.", "deep/crane.md": f"# Crane\n\n{CRANE}"})
    job = became(client, upload(client, "port.zip", again), "done")
    assert sources(client) == before
    assert job["reason"] is None
    assert client.get(f"/v1/documents/{before['port.zip/quay.txt']}").json()["text"] == "The quay is 400 metres long."


def test_documents_that_an_archive_does_not_hold_any_more_are_told(client: TestClient) -> None:
    became(client, upload(client, "port.zip", PORT), "done")
    became(client, upload(client, "report.zip", zipped({"port.zip/quay.txt": QUAY})), "done")
    before = sources(client)
    job = became(client, upload(client, "port.zip", zipped({"quay.txt": QUAY})), "done")
    gone = before["port.zip/deep/crane.md"]
    told = f"documents of a file of this name that came before stay: 1 ({gone}); delete them if they are to go"
    assert (job["reason"], sources(client)) == (told, before)
    client.delete(f"/v1/documents/{gone}")
    assert became(client, upload(client, "port.zip", zipped({"quay.txt": QUAY})), "done")["reason"] is None


def test_a_chosen_id_is_that_of_the_first(client: TestClient) -> None:
    job = became(client, upload(client, "port.zip", PORT, document_id="port", publisher="The port"), "done")
    there = sources(client)
    assert there["port.zip/deep/crane.md"] == "port"
    assert there["port.zip/quay.txt"].startswith("port-")
    assert job["documents"] == ["port", there["port.zip/quay.txt"]]
    assert {client.get(f"/v1/documents/{each}").json()["publisher"] for each in there.values()} == {"The port"}


def test_an_archive_of_nothing_that_is_read_fails_with_the_reason(client: TestClient) -> None:
    job = became(client, upload(client, "port.zip", zipped({"a.exe": "x"})), "failed")
    assert (job["documents"], job["reason"]) == ([], "files in it that are not read: 1 (1 .exe)")


def test_a_document_of_an_archive_is_deleted_by_itself(client: TestClient) -> None:
    became(client, upload(client, "port.zip", PORT), "done")
    there = sources(client)
    assert client.delete(f"/v1/documents/{there['port.zip/quay.txt']}").status_code == 204
    assert sorted(sources(client)) == ["port.zip/deep/crane.md"]


class WaitingEncoder(HashEncoder):
    """Waits at the passages of one document, once it has told that it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = Event(), Event()

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        if any("wait here" in text for text in texts):
            self.reached.set()
            self.go_on.wait(timeout=PATIENCE)
        return super().encode_passages_with_tokens(texts, progress)


SLOW = zipped({"1.txt": QUAY, "2.txt": "Let the encoder wait here.", "3.txt": CRANE})


def test_an_archive_is_gone_on_with_after_a_kill(settings: Settings) -> None:
    encoder = WaitingEncoder()
    with Serving(settings, lambda choice: encoder) as client:
        client.headers.update(KEY)
        job_id = upload(client, "slow.zip", SLOW)
        assert encoder.reached.wait(timeout=PATIENCE)
        assert list(sources(client)) == ["slow.zip/1.txt"]
        Timer(0.2, encoder.go_on.set).start()  # when the service is told to end
    with Store.open(settings.data_dir) as store, store.reading() as reader:
        assert (reader.jobs.get(job_id).state.ended, reader.jobs.content(job_id)) == (False, SLOW)
    with Serving(settings, lambda choice: HashEncoder()) as client:
        client.headers.update(KEY)
        job = became(client, job_id, "done")
        there = sources(client)
        assert job["documents"] == [there[f"slow.zip/{number}.txt"] for number in (1, 2, 3)]


def test_an_archive_is_ended_in_the_middle_and_tells_what_stays(settings: Settings) -> None:
    encoder = WaitingEncoder()
    with Serving(settings, lambda choice: encoder) as client:
        client.headers.update(KEY)
        job_id = upload(client, "slow.zip", SLOW)
        assert encoder.reached.wait(timeout=PATIENCE)
        assert client.delete(f"/v1/jobs/{job_id}").json()["state"] == "cancelled"
        encoder.go_on.set()
        became(client, upload(client, "after.txt", b"The tide comes in."), "done")
        assert sorted(sources(client)) == ["after.txt", "slow.zip/1.txt"]
        assert client.get(f"/v1/jobs/{job_id}").json()["documents"] == [sources(client)["slow.zip/1.txt"]]


def test_jobs_keep_their_documents_beside_what_was_said(tmp_path: Path) -> None:
    job = Job("j_1", JobState.EMBEDDING, "a.zip", "then", "now", "d_1", {"documents": ["a"]}, documents=("d_1", "d_2"))
    with Store.open(tmp_path / "a", create=True) as store, Store.open(tmp_path / "b", create=True) as target:
        with store.writing() as writer:
            writer.jobs.add(job, PORT)
        with store.reading() as reader:
            assert reader.jobs.get("j_1") == job
        list(Copying(Side("a", store), Side("b", target), alike, replace=False).run())
        with target.reading() as reader:
            copied = reader.jobs.get("j_1")
            assert (copied.state, copied.facts, reader.jobs.content("j_1")) == (JobState.QUEUED, job.facts, PORT)
