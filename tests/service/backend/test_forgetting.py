"""What is deleted is in no file of the data folder after a while, whichever way it came and went."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.cli.main import app
from tests.http_fixtures import Serving
from tests.index_fixtures import index_documents, make_corpus, save_snapshot
from tests.service_fixtures import WRITE_KEY, make_index, settings_of

TEXT = "The quartermaster hid nineteen vermilion lanterns. " * 300
WORDS = (b"vermilion", b"quartermaster", b"Perpetua")
PATIENCE = 20  # seconds; far more than it takes


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return make_index(tmp_path)


@pytest.fixture
def client(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("service.backend.collection.FORGOTTEN_SECONDS", 0.2)
    with Serving(settings_of(data_dir, write_keys=WRITE_KEY)) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        yield client


def holding(folder: Path) -> set[str]:
    """Return the names of the files that hold any of the words, packed or not."""
    found = set()
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if any(word in data for word in WORDS):
            found.add(path.name)
    return found


def times(folder: Path) -> dict[str, int]:
    return {
        path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.suffix in (".faiss", ".safetensors")
    }


def wait_until_forgotten(folder: Path, kept: dict[str, int]) -> None:
    """Wait until no word is left and what is derived was written anew."""
    deadline = time.monotonic() + PATIENCE
    while holding(folder) or times(folder).items() & kept.items():
        assert time.monotonic() < deadline, (holding(folder), kept)
        time.sleep(0.05)


def test_a_document_that_is_written_and_deleted(client: TestClient, data_dir: Path) -> None:
    client.put("/v1/documents/secret", json={"text": TEXT, "author": "Perpetua"})
    assert holding(data_dir)
    kept = times(data_dir)
    assert client.delete("/v1/documents/secret").status_code == 204
    wait_until_forgotten(data_dir, kept)


def test_a_document_that_is_replaced(client: TestClient, data_dir: Path) -> None:
    client.put("/v1/documents/secret", json={"text": TEXT, "author": "Perpetua"})
    kept = times(data_dir)
    client.put("/v1/documents/secret", json={"text": "Nothing is hidden here."})
    wait_until_forgotten(data_dir, kept)
    assert client.get("/v1/documents/secret").json()["text"] == "Nothing is hidden here."


def test_a_file_with_its_original_and_what_was_said_of_it(client: TestClient, data_dir: Path) -> None:
    files = {"file": ("secret.txt", TEXT.encode(), "text/plain")}
    job = client.post("/v1/documents", files=files, data={"author": "Perpetua"}).json()["jobs"][0]
    while client.get(f"/v1/jobs/{job['id']}").json()["state"] != "done":
        time.sleep(0.05)
    assert client.get(f"/v1/documents/{job['documents'][0]}").json()["author"] == "Perpetua"
    assert client.delete(f"/v1/documents/{job['documents'][0]}").status_code == 204
    wait_until_forgotten(data_dir, {})


def test_an_uploaded_file(client: TestClient, data_dir: Path) -> None:
    files = {"file": ("secret.txt", TEXT.encode(), "text/plain")}
    uploaded = client.post("/v1/files", files=files, data={"purpose": "assistants"}).json()["id"]
    assert holding(data_dir)
    assert client.delete(f"/v1/files/{uploaded}").status_code == 200
    wait_until_forgotten(data_dir, {})


def test_what_was_deleted_before_a_kill_is_gone_after_the_next_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.backend.collection.FORGOTTEN_SECONDS", 1000)
    settings = settings_of(data_dir, write_keys=WRITE_KEY)
    with Serving(settings) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        client.put("/v1/documents/secret", json={"text": TEXT, "author": "Perpetua"})
        client.delete("/v1/documents/secret")
        left = {path.name: path.read_bytes() for path in data_dir.iterdir() if path.is_file()}
        assert holding(data_dir)
    for name, data in left.items():
        if not name.endswith("-shm"):
            (data_dir / name).write_bytes(data)
    monkeypatch.setattr("service.backend.collection.FORGOTTEN_SECONDS", 0.2)
    with Serving(settings):
        wait_until_forgotten(data_dir, {})


def test_the_command_line(tmp_path: Path) -> None:
    documents = make_corpus()
    index_documents(tmp_path, documents)
    save_snapshot(tmp_path)
    kept = times(tmp_path)
    app(["documents", "delete", documents[0].document_id, "--data-dir", str(tmp_path)], standalone_mode=False)
    assert not times(tmp_path).items() & kept.items()
    assert "茶叶".encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
