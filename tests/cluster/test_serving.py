"""Several API servers on one database: each sees what the others write, and goes on where one of them is gone."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.errors import AlreadyExists, StoreUnavailable
from corpus.store.collections import DEFAULT
from corpus.store.job import Job
from eval.cluster.serve import served
from index.models.hashing import HashEncoder
from index.oceanbase import claims as claims_module
from index.oceanbase import collections
from index.oceanbase.address import read_address
from index.oceanbase.claims import OceanBaseClaims
from index.oceanbase.connecting import Database
from index.oceanbase.driver import make_engine
from index.oceanbase.home import CHECKED_SECONDS, OceanBaseHome
from service.backend import queue as queue_module
from service.backend.jobs import new_job
from tests.http_fixtures import Serving, ask, assert_error
from tests.service_fixtures import WRITE_KEY, settings_of

PATIENCE = 30  # seconds; far more than anything here takes
TEXT = "The quay is 300 metres long."


@pytest.fixture
def home(own_store: str) -> Iterator[OceanBaseHome]:
    opened = OceanBaseHome(Database(read_address(own_store)))
    yield opened
    opened.close()


@pytest.fixture
def emptied(home: OceanBaseHome) -> None:
    """Leave nothing of what other tests wrote."""
    for name in home.names():
        collections.delete(home.database, name)


def server(own_store: str, tmp_path: Path) -> Serving:
    settings = settings_of(tmp_path / "never", write_keys=WRITE_KEY)
    home = OceanBaseHome(Database(read_address(own_store)))
    serving = Serving(settings, lambda choice: HashEncoder(), home=home)
    serving.client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
    return serving


@pytest.fixture
def servers(emptied: None, own_store: str, tmp_path: Path) -> Iterator[tuple[TestClient, TestClient]]:
    with server(own_store, tmp_path) as one, server(own_store, tmp_path) as other:
        yield one, other
    assert not (tmp_path / "never").exists()


def became(client: TestClient, job_id: str, *states: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
        if job.get("state") in states:
            return job
        time.sleep(0.02)
    raise AssertionError(f"{job} never became {states}")


def test_what_one_writes_the_next_question_to_the_other_finds(servers: tuple[TestClient, TestClient]) -> None:
    one, other = servers
    for number in range(4):
        text = f"The pilot boat of pier {number} is called Osprey{number}."
        document_id, (by, asked) = f"boat-{number}", (servers if number % 2 else servers[::-1])
        assert by.put(f"/v1/documents/{document_id}", json={"text": text}).status_code == 201
        found = ask(asked, f"Osprey{number}")
        assert found["results"][0]["citation"]["quote"] == text
        assert found["index"] == ask(by, f"Osprey{number}")["index"]
        assert found["index"]["documents"] == number + 1
    assert one.delete("/v1/documents/boat-0").status_code == 204
    assert other.get("/v1/documents/boat-0").status_code == 404
    assert ask(other, "Osprey0")["index"]["documents"] == 3


def test_collections_come_and_go_for_all_also_where_they_are_open(servers: tuple[TestClient, TestClient]) -> None:
    one, other = servers
    body, address = {"text": TEXT}, "/v1/documents/quay?collection=shared"
    assert one.post("/v1/collections", json={"name": "shared"}).status_code == 201
    assert_error(other.post("/v1/collections", json={"name": "shared"}), 409, "AlreadyExists")
    assert other.put(address, json=body).status_code == 201
    assert one.delete("/v1/collections/shared").status_code == 204
    assert_error(other.put(address, json=body), 404, "NotFound")
    assert [each["name"] for each in other.get("/v1/collections").json()["collections"]] == [DEFAULT]
    assert one.post("/v1/collections", json={"name": "shared"}).status_code == 201
    assert other.get(address).status_code == 404
    assert one.put(address, json=body).status_code == 201
    assert other.put(address, json=body).json()["outcome"] == "unchanged"
    assert one.delete("/v1/collections/shared").status_code == 204
    assert other.post("/v1/collections", json={"name": "shared"}).status_code == 201
    assert one.get("/v1/collections/shared").json()["documents"] == 0
    assert ask(one, "quay", collection="shared")["results"] == []


def test_a_name_is_given_once_however_many_make_it_at_once(home: OceanBaseHome) -> None:
    begun: list[Path] = []
    home.make("once", begun.append)
    with pytest.raises(AlreadyExists, match="there is a collection once already"):
        home.make("once", begun.append)
    assert begun == [Path("once")]

    def fail(place: Path) -> None:
        raise StoreUnavailable("no room")

    with pytest.raises(StoreUnavailable, match="no room"):
        home.make("never", fail)
    assert "never" not in home.names()


def test_a_file_sent_to_one_is_read_by_either_and_told_by_both(servers: tuple[TestClient, TestClient]) -> None:
    one, other = servers
    files = [("file", (f"quay-{number}.txt", f"{TEXT} Berth {number}.".encode())) for number in range(6)]
    jobs = one.post("/v1/documents", files=files).json()["jobs"]
    for job in jobs:
        assert became(other, job["id"], "done", "failed")["state"] == "done"
    assert ask(other, "quay")["index"]["documents"] == 6
    assert [each["state"] for each in one.get("/v1/jobs").json()["jobs"]] == ["done"] * 6


def accepted(home: OceanBaseHome, *names: str) -> list[Job]:
    """Have files wait in `default` as if a server had accepted them."""
    jobs = [new_job(f"{name}.txt", name, {"document_id": name}) for name in names]
    with home.engine.open_truth(home.place(DEFAULT), True) as truth, truth.writing() as writer:
        for number, job in enumerate(jobs):
            writer.jobs.add(replace(job, created=f"2026-11-27T04:00:{number:02}Z"), TEXT.encode())
    return jobs


def test_a_job_is_one_servers_until_it_is_gone(
    emptied: None, home: OceanBaseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = OceanBaseClaims(home.database), OceanBaseClaims(home.database)
    monkeypatch.setattr(claims_module, "CLAIMED_SECONDS", 2)
    first, second = (job.job_id for job in accepted(home, "first", "second"))
    assert one.claim() == (DEFAULT, first)
    assert other.claim() == (DEFAULT, second)
    assert one.counts() == (0, 2)
    assert one.renew(DEFAULT, first)
    assert not one.renew(DEFAULT, second)
    other.put_off(DEFAULT, second, 1_000)
    assert other.claim() is None
    assert other.counts() == (1, 1)
    time.sleep(3.1)  # the clock of the database counts seconds
    assert other.claim() == (DEFAULT, first)
    assert not one.renew(DEFAULT, first)
    other.release()
    assert one.claim() == (DEFAULT, first)


def test_a_server_takes_over_what_one_that_is_gone_has_left(
    emptied: None, home: OceanBaseHome, own_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims_module, "CLAIMED_SECONDS", 2)
    monkeypatch.setattr(queue_module, "LOOKED_SECONDS", 0.1)
    (job,) = accepted(home, "left")
    assert OceanBaseClaims(home.database).claim() == (DEFAULT, job.job_id)
    with server(own_store, tmp_path) as client:
        assert client.get(f"/v1/jobs/{job.job_id}").json()["state"] == "queued"
        became(client, job.job_id, "done")
        assert client.get("/v1/documents/left").json()["text"] == TEXT


def test_what_a_client_is_told_of_a_database_names_no_host(
    servers: tuple[TestClient, TestClient], own_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = servers
    address, database = read_address(own_store), one.app.state.backend.home.database  # type: ignore[attr-defined]
    with monkeypatch.context() as away:
        away.setattr(database, "_pool", make_engine(replace(address, port=1), 1))  # where nobody is
        told = assert_error(one.get("/v1/search?q=x"), 503, "StoreAway", address.host, own_store)
        assert told == "the database of the service does not answer; try again in a moment"
        time.sleep(CHECKED_SECONDS)
        assert_error(one.get("/readyz"), 503, "StoreAway", address.host)
        assert one.get("/healthz").status_code == 200
        assert "wherefrom_ready 0.0" in one.get("/metrics").text
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and one.get("/readyz").status_code != 200:
        time.sleep(0.05)
    assert one.get("/readyz").status_code == one.get("/v1/search?q=x").status_code == 200
    assert "wherefrom_ready 1.0" in one.get("/metrics").text


def test_two_servers_while_one_writes_and_while_the_database_is_away(tmp_path: Path) -> None:
    found = served(tmp_path, seconds=4, away=3)
    assert not found.faults
    assert found.checked > 50
    assert len(found.refused) > 10
