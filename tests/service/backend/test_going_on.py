"""What is behind the interfaces where something goes wrong, or away, in the middle of it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from service.backend import jobs as jobs_module
from service.backend.collection import Collection
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


def became(client: TestClient, job_id: str, *states: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] in states:
            return job
        time.sleep(0.01)
    raise AssertionError(f"{job} never became {states}")


def test_a_collection_is_closed_once_its_threads_are_done_whoever_went_away(tmp_path: Path) -> None:
    asyncio.run(_closed_after_its_threads(tmp_path))


async def _closed_after_its_threads(data_dir: Path) -> None:
    resources = ExitStack()
    index = resources.enter_context(open_index(data_dir, lambda choice: HashEncoder(), "hash", default="hash"))
    threads = Threads("test", 2, 2)
    collection = Collection("default", index, resources, threads, threads, lambda result: None)
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
