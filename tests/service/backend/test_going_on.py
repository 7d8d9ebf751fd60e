"""What is behind the interfaces where something goes wrong, or away, in the middle of it."""

import asyncio
import logging
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.errors import NotFound, StoreDamaged, UnreadableFile
from corpus.files.sandbox import Extractor
from corpus.files.upload import read_upload
from corpus.store.collections import folder_of
from index.local.home import SCRATCH
from index.models.encoder import Encoded, Progress
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from service.backend import collection as collection_module
from service.backend import jobs as jobs_module
from service.backend import work as work_module
from service.backend.collection import Collection
from service.backend.collections import Collections
from service.backend.drawing import Drawing
from service.backend.threads import Threads
from service.settings import Settings
from tests.http_fixtures import Serving
from tests.service_fixtures import WRITE_KEY, settings_of

KEY = {"Authorization": f"Bearer {WRITE_KEY}"}
PATIENCE = 20  # seconds; far more than anything here takes


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "data", write_keys=WRITE_KEY)


@pytest.fixture
def client(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(jobs_module, "AGAIN_SECONDS", 0.02)
    with Serving(settings, lambda choice: HashEncoder()) as client:
        client.headers.update(KEY)
        yield client


def uploaded(client: TestClient, name: str, text: str, collection: str = "default") -> str:
    files = {"file": (name, text.encode())}
    job: dict[str, Any] = client.post("/v1/documents", files=files, params={"collection": collection}).json()["jobs"][0]
    return str(job["id"])


def became(client: TestClient, job_id: str, *states: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] in states:
            return job
        time.sleep(0.01)
    raise AssertionError(f"{job} never became {states}")


def test_jobs_wait_where_files_cannot_be_put_and_go_on(client: TestClient, settings: Settings) -> None:
    scratch = settings.data_dir / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.touch()
    job_id = uploaded(client, "quay.txt", "The quay is 300 metres long.")
    time.sleep(0.2)
    assert client.get(f"/v1/jobs/{job_id}").json()["state"] in ("queued", "reading")
    scratch.unlink()
    became(client, job_id, "done")


def test_what_nobody_foresaw_ends_one_job_only(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = [True]

    def follow(index: OpenIndex) -> None:
        if failing and failing.pop():
            raise RuntimeError("a library gives up")

    monkeypatch.setattr(collection_module, "_follow", follow)
    uploaded(client, "quay.txt", "The quay is 300 metres long.")
    became(client, uploaded(client, "crane.txt", "The crane lifts 40 tonnes."), "done")


def test_a_collection_that_cannot_be_written_keeps_no_other_waiting(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/v1/collections", json={"name": "locked"}).status_code == 201

    def reading(source: str, *arguments: Any) -> Any:
        if source.startswith("stuck"):
            raise OSError(28, "No space left on device")
        return read_upload(source, *arguments)

    monkeypatch.setattr(work_module, "read_upload", reading)
    stuck = [uploaded(client, f"stuck-{number}.txt", "It waits.", "locked") for number in range(2)]
    became(client, uploaded(client, "crane.txt", "The crane lifts 40 tonnes."), "done")
    monkeypatch.undo()
    for job_id in stuck:
        became(client, job_id, "done")


def test_a_reason_tells_nothing_of_the_server(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def reading(*arguments: object) -> Any:
        raise StoreDamaged("/srv/data/wherefrom.sqlite3 is damaged")

    monkeypatch.setattr(work_module, "read_upload", reading)
    job = became(client, uploaded(client, "quay.txt", "The quay is long."), "failed")
    assert "/srv" not in job["reason"]


class SlowEncoder(HashEncoder):
    """Takes its time with passages, until it is told to hurry."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.hurry = Event(), Event()

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        self.begun.set()
        self.hurry.wait(timeout=0.1)
        return super().encode_passages_with_tokens(texts, progress)


def test_the_job_of_a_collection_ends_with_it(settings: Settings) -> None:
    encoder = SlowEncoder()
    text = "\n\n".join(f"# Berth {number}\n\nBerth {number} takes boats of {number} metres." for number in range(9_000))
    with Serving(settings, lambda choice: encoder) as client:
        client.headers.update(KEY)
        client.post("/v1/collections", json={"name": "berths"})
        encoder.begun.clear()
        job_id = uploaded(client, "berths.md", text, "berths")
        assert encoder.begun.wait(timeout=PATIENCE)
        began = time.monotonic()
        assert client.delete("/v1/collections/berths").status_code == 204
        assert time.monotonic() - began < 2  # of the ten that the job would take
        assert client.get(f"/v1/jobs/{job_id}").status_code == 404
        encoder.hurry.set()
        assert client.post("/v1/collections", json={"name": "berths"}).json()["documents"] == 0
        became(client, uploaded(client, "quay.txt", "The quay is 300 metres long.", "berths"), "done")


def test_a_cancelled_job_is_read_no_further(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Event()

    def hang(self: Extractor, *arguments: object, **named: object) -> Any:
        begun.set()
        return self.call("multiprocessing.connection:wait", "PDF", object_list=[], timeout=PATIENCE)

    monkeypatch.setattr(Extractor, "extract", hang)
    job_id = uploaded(client, "slow.html", "<p>The page that never ends.</p>")
    assert begun.wait(timeout=PATIENCE)
    time.sleep(0.5)
    assert client.delete(f"/v1/jobs/{job_id}").json()["state"] == "cancelled"
    began = time.monotonic()
    became(client, uploaded(client, "quay.txt", "The quay is 300 metres long."), "done")
    assert time.monotonic() - began < PATIENCE / 2
    assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "cancelled"


def test_a_stop_waits_for_no_file_that_is_read(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Event()

    def hang(self: Extractor, *arguments: object, **named: object) -> Any:
        begun.set()
        return self.call("multiprocessing.connection:wait", "PDF", object_list=[], timeout=PATIENCE)

    with Serving(settings, lambda choice: HashEncoder()) as client:
        client.headers.update(KEY)
        monkeypatch.setattr(Extractor, "extract", hang)
        job_id = uploaded(client, "slow.html", "<p>The page that never ends.</p>")
        assert begun.wait(timeout=PATIENCE)
        time.sleep(0.5)
        began = time.monotonic()
    assert time.monotonic() - began < PATIENCE / 2
    monkeypatch.undo()
    with Serving(settings) as client:
        client.headers.update(KEY)
        became(client, job_id, "done")


def test_a_stop_waits_for_no_page_that_is_drawn() -> None:
    asyncio.run(_stopped_while_drawing())


async def _stopped_while_drawing() -> None:
    drawing = Drawing()

    def hang() -> object:
        return drawing._extractor.call("multiprocessing.connection:wait", "PDF", object_list=[], timeout=PATIENCE)

    drawn = asyncio.ensure_future(drawing._threads.run(hang))
    await asyncio.sleep(0.5)
    began = time.monotonic()
    drawing.close()
    assert time.monotonic() - began < PATIENCE / 2
    with pytest.raises(UnreadableFile):
        await drawn


def test_a_collection_is_closed_once_its_threads_are_done_whoever_went_away(tmp_path: Path) -> None:
    asyncio.run(_closed_after_its_threads(tmp_path))


async def nowhere() -> Collection:
    raise NotFound("there is no other")


async def _closed_after_its_threads(data_dir: Path) -> None:
    resources = ExitStack()
    index = resources.enter_context(open_index(data_dir, lambda choice: HashEncoder(), "hash", default="hash"))
    threads = Threads("test", 2, 2)
    collection = Collection("default", index, resources, threads, threads, threads, lambda result: None, nowhere)
    begun, go_on, told = Event(), Event(), list[int]()

    def work(index: OpenIndex) -> None:
        begun.set()
        assert go_on.wait(timeout=PATIENCE)
        with index.truth.writing() as writer:
            told.append(writer.sequence())

    asking = asyncio.create_task(collection.run(work))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    asking.cancel()
    closing = asyncio.create_task(collection.close())
    done, _ = await asyncio.wait([closing], timeout=0.1)
    assert not done
    assert threads.pending == 1
    go_on.set()
    await closing
    assert told == [0]
    threads.close()


def test_what_cannot_be_opened_hides_nothing_else(
    client: TestClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = folder_of(settings.data_dir, "damaged")
    damaged.mkdir(parents=True)
    (damaged / "wherefrom.sqlite3").write_bytes(b"this is no database" * 1_000)
    client.post("/v1/collections", json={"name": "whole"})
    job_id = uploaded(client, "quay.txt", "The quay is 300 metres long.", "whole")
    with caplog.at_level(logging.ERROR):
        names = [each["name"] for each in client.get("/v1/collections").json()["collections"]]
    assert names == ["default", "whole"]
    assert "damaged" in caplog.text
    became(client, job_id, "done")


def test_names_that_strangers_think_of_are_not_kept(client: TestClient) -> None:
    collections = client.app.state.backend.collections  # type: ignore[attr-defined]
    for number in range(20):
        assert client.get(f"/v1/documents?collection=guess-{number}").status_code == 404
    assert len(collections._opening) == 0


def test_a_collection_is_deleted_though_writers_wait(client: TestClient) -> None:
    client.post("/v1/collections", json={"name": "old"})
    client.app.state.backend._writing.pending = 10_000  # type: ignore[attr-defined]
    assert client.delete("/v1/collections/old").status_code == 204
    client.app.state.backend._writing.pending = 0  # type: ignore[attr-defined]
    assert client.get("/v1/collections/old").status_code == 404


def test_a_list_goes_on_where_a_collection_is_deleted_meanwhile(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/v1/collections", json={"name": "lasting"})
    job_id = uploaded(client, "quay.txt", "The quay is 300 metres long.", "lasting")
    monkeypatch.setattr(Collections, "names", with_one_gone(Collections.names))
    monkeypatch.setattr(Collections, "get", vanishing(Collections.get))
    assert [each["name"] for each in client.get("/v1/collections").json()["collections"]] == ["default", "lasting"]
    became(client, job_id, "done")


def with_one_gone(names: Any) -> Any:
    async def told(self: Collections) -> list[str]:
        default, *others = await names(self)
        return [default, "gone", *others]

    return told


def vanishing(get: Any) -> Any:
    async def gotten(self: Collections, name: str) -> Collection:
        if name == "gone":
            raise NotFound("there is no collection gone")
        found: Collection = await get(self, name)
        return found

    return gotten


def test_a_collection_that_another_process_deletes_and_makes_anew(client: TestClient, settings: Settings) -> None:
    with Serving(settings) as other:
        other.headers.update(KEY)
        body, address = {"text": "The quay is 300 metres long."}, "/v1/documents/quay?collection=shared"
        assert client.post("/v1/collections", json={"name": "shared"}).status_code == 201
        assert other.put(address, json=body).status_code == 201
        assert client.delete("/v1/collections/shared").status_code == 204
        assert other.put(address, json=body).status_code == 404
        assert client.post("/v1/collections", json={"name": "shared"}).status_code == 201
        assert other.get(address).status_code == 404
        assert client.put(address, json=body).status_code == 201
        assert other.put(address, json=body).json()["outcome"] == "unchanged"
        assert client.delete("/v1/collections/shared").status_code == 204
        assert other.post("/v1/collections", json={"name": "shared"}).status_code == 201
        assert client.get("/v1/collections/shared").json()["documents"] == 0
