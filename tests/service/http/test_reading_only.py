"""A service whose user may not write in the data folder: it answers, says so once, and refuses to write."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.local.home import LocalHome
from service.http.access import make_page_token
from tests.http_fixtures import QUESTION, Serving, ask, assert_error
from tests.service_fixtures import WRITE_KEY, make_index, settings_of

READ_ONLY = "this service only reads"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return make_index(tmp_path)


@pytest.fixture
def client(data_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[TestClient]:
    """A client of a service that the system lets read only; told so, for root is let do everything."""
    allowed: Callable[..., bool] = os.access

    def access(path: Path, mode: int) -> bool:
        return allowed(path, mode) and not (mode & os.W_OK and Path(path).is_relative_to(data_dir))

    monkeypatch.setattr("os.access", access)
    with caplog.at_level(logging.WARNING), Serving(settings_of(data_dir, write_keys=WRITE_KEY)) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        yield client


def test_what_is_there_is_read(client: TestClient, data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = {path.name: path.read_bytes() for path in data_dir.iterdir()}
    assert ask(client)["answerable"]
    (first, *_) = client.get("/v1/documents").json()["documents"]
    assert client.get(f"/v1/documents/{first['document_id']}").status_code == 200
    assert client.get("/v1/jobs").json()["jobs"] == []
    assert client.get("/v1/search", params={"q": QUESTION}).status_code == 200
    assert [record.getMessage() for record in caplog.get_records("setup") + caplog.records] == [
        f"{data_dir}: this user may not write here; documents are only read"
    ]
    assert {path.name: path.read_bytes() for path in data_dir.iterdir()} == before


def test_what_would_be_written_is_refused_by_name(client: TestClient) -> None:
    file = {"file": ("boats.txt", b"Forty boats.", "text/plain")}
    answers = [
        client.put("/v1/documents/boats", json={"text": "Forty boats."}),
        client.delete(f"/v1/documents/{client.get('/v1/documents').json()['documents'][0]['document_id']}"),
        client.post("/v1/documents", files=file),
        client.post("/v1/collections", json={"name": "law"}),
    ]
    for answer in answers:
        assert READ_ONLY in assert_error(answer, 503, "StoreReadOnly")


def test_the_page_offers_no_writing(client: TestClient, data_dir: Path, tmp_path: Path) -> None:
    assert make_page_token(settings_of(data_dir), read_only=LocalHome(data_dir).read_only) is None
    assert make_page_token(settings_of(tmp_path), read_only=LocalHome(tmp_path).read_only) is not None


def test_jobs_that_were_left_stay_with_those_who_may_write(client: TestClient, data_dir: Path) -> None:
    assert not LocalHome(data_dir).take()
    assert not (data_dir / ".serving").exists()
