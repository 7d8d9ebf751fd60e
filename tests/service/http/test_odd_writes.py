"""What is written over HTTP and should not be, or not so."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from index.models.hashing import HashEncoder
from tests.http_fixtures import Serving, assert_error
from tests.server_fixtures import LONG_TITLE
from tests.service_fixtures import WRITE_KEY, make_index, settings_of


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with Serving(settings_of(tmp_path / "data", write_keys=WRITE_KEY), lambda choice: HashEncoder()) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        yield client


def put(client: TestClient, **body: object) -> Response:
    return client.put("/v1/documents/quay", json={"text": "The quay is 300 metres long.", **body})


@pytest.mark.parametrize("source", ["a\0b", "s" * 2_001, "\ud800"])
def test_a_source_that_nobody_could_read_is_refused(client: TestClient, source: str) -> None:
    body = json.dumps({"text": "The quay is 300 metres long.", "source": source})
    response = client.put("/v1/documents/quay", content=body, headers={"Content-Type": "application/json"})
    assert assert_error(response, 422, "InvalidInput").startswith("source ")


def test_a_text_of_nothing_but_a_mark_is_refused(client: TestClient) -> None:
    assert "text is empty" in assert_error(put(client, text="\ufeff \n"), 422, "InvalidInput")


def test_facts_that_would_fill_the_memory_are_refused(client: TestClient) -> None:
    assert "metadata" in assert_error(put(client, metadata={"numbers": list(range(30_000))}), 422, "InvalidInput")
    put(client, metadata={"tags": ["harbour"]})
    patched = client.patch("/v1/documents/quay", json={"metadata": {"more": "x" * 100_001}})
    assert "metadata" in assert_error(patched, 422, "InvalidInput")
    deep = json.loads("[" * 900 + "]" * 900)
    assert put(client, metadata={"deep": deep}).status_code in (200, 422)
    put(client, metadata={"tags": ["harbour"]})
    assert client.get("/v1/documents/quay").json()["metadata"] == {"tags": ["harbour"]}


def test_a_batch_may_begin_with_a_mark_of_its_encoding(client: TestClient) -> None:
    line = '{"document_id": "quay", "text": "The quay is 300 metres long."}\r\n'.encode("utf-8-sig")
    response = client.post("/v1/documents:batch", content=line, headers={"Content-Type": "application/x-ndjson"})
    assert json.loads(response.text)["status"] == 201


@pytest.mark.parametrize("name", ["collection", "title"])
def test_a_form_that_says_two_things_of_one_is_refused(client: TestClient, name: str) -> None:
    files, data = {"file": ("quay.txt", b"The quay is long.")}, {name: ["default", "other"]}
    response = client.post("/v1/documents", files=files, data=data)
    assert name in assert_error(response, 422, "InvalidInput")
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_facts_of_a_file_are_no_hindrance_to_other_facts(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path, {"long.md": LONG_TITLE.replace("long ", "longer ")})
    with Serving(settings_of(data_dir, write_keys=WRITE_KEY)) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        (document,) = client.get("/v1/documents").json()["documents"]
        path = f"/v1/documents/{document['document_id']}"
        assert client.patch(path, json={"author": "A. Reader"}).status_code == 200
        assert client.get(path).json()["title"] == document["title"]
