"""OpenAI's files: the real client keeps, lists, reads and removes them."""

from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import httpx2
import openai
import pytest
from openai.types import FileObject

from corpus.store.sqlite import Store
from corpus.store.uploads import Upload
from service.platforms.openai import unattached
from tests.http_fixtures import Serving
from tests.server_fixtures import Server
from tests.service.platforms.openai_fixtures import BELL, FERRY, PIER, client_of, upload, writable
from tests.service_fixtures import WRITE_KEY, make_index, settings_of

WEEK = 7 * 24 * 3600
WRITES = {"Authorization": f"Bearer {WRITE_KEY}"}


def test_a_file_is_as_it_was_sent(client: openai.OpenAI) -> None:
    content = FERRY.encode() + b"\xff\x00"
    made = client.files.create(file=("渡轮.md", content), purpose="user_data")
    assert (made.object, made.filename, made.purpose, made.bytes) == ("file", "渡轮.md", "user_data", len(content))
    assert made.status == "uploaded"
    assert made.expires_at == made.created_at + WEEK
    assert client.files.retrieve(made.id) == made
    assert client.files.content(made.id).read() == content
    assert client.files.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(made.id)
    with pytest.raises(openai.NotFoundError):
        client.files.delete(made.id)


def test_what_is_answered_is_what_the_client_declares(client: openai.OpenAI) -> None:
    made = client.files.with_raw_response.create(file=("pier.md", PIER.encode()), purpose="assistants")
    FileObject.model_validate(made.http_response.json(), strict=True)
    page = client.files.with_raw_response.list().http_response.json()
    assert set(page) == {"object", "data", "first_id", "last_id", "has_more"}
    assert page["first_id"] == page["data"][0]["id"]


def test_pages_hold_every_file_once_the_newest_first(client: openai.OpenAI) -> None:
    ids = [upload(client, name=f"page-{number}.md") for number in range(5)]
    newest_first = [each.id for each in client.files.list(limit=2) if each.id in ids]
    assert newest_first == ids[::-1]
    assert [each.id for each in client.files.list(order="asc", limit=3) if each.id in ids] == ids
    assert len(client.files.list(limit=2).data) == 2
    assert client.files.list(after=ids[1], order="asc", limit=2).data[0].id == ids[2]


def test_a_list_is_of_a_purpose(client: openai.OpenAI) -> None:
    made = client.files.create(file=("pier.md", PIER.encode()), purpose="evals").id
    assert [each.id for each in client.files.list(purpose="evals")] == [made]


def test_a_document_that_came_another_way_is_read_by_its_id(client: openai.OpenAI, shelf: Server) -> None:
    files = {"file": ("bell.md", BELL.encode())}
    job = httpx2.post(f"{shelf.url}/v1/documents", files=files, headers=WRITES).json()["jobs"][0]
    with httpx2.stream("GET", f"{shelf.url}/v1/jobs/{job['id']}/events", headers=WRITES) as events:
        assert '"done"' in list(events.iter_lines())[-2]
    (found,) = client.vector_stores.search("default", query="fog bell kilograms", max_num_results=1)
    assert client.files.content(found.file_id).read() == BELL.encode()
    told = client.files.retrieve(found.file_id)
    assert (told.filename, told.bytes, told.status) == ("bell.md", len(BELL), "processed")
    with pytest.raises(openai.NotFoundError, match="remove it from its store"):
        client.files.delete(found.file_id)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"file": ("a.md", b"x"), "purpose": "fun"}, "purpose is 'fun'"),
        ({"file": ("..", b"x"), "purpose": "batch"}, "no name of a file"),
        ({"file": ("a\u202e.md", b"x"), "purpose": "batch"}, "no name of a file"),
    ],
)
def test_what_is_no_file_is_refused(client: openai.OpenAI, given: Any, told: str) -> None:
    with pytest.raises(openai.BadRequestError, match=told):
        client.files.create(**given)


def test_a_form_without_a_file_is_refused(client: openai.OpenAI, shelf: Server) -> None:
    answer = httpx2.post(f"{shelf.url}/v1/files", data={"purpose": "batch"}, files={"x": b""}, headers=WRITES)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("file is missing")
    assert httpx2.post(f"{shelf.url}/v1/files", json={}, headers=WRITES).status_code == 415


def test_a_file_that_is_too_large_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as raised:
        upload(client, "x" * 20_000_001)
    assert raised.value.status_code == 413
    assert raised.value.type == "invalid_request_error"


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A service that keeps two files that are attached to nothing, or forty bytes of them."""
    monkeypatch.setattr(unattached, "MOST", 2)
    monkeypatch.setattr(unattached, "MOST_BYTES", 40)
    with Serving(settings_of(make_index(tmp_path), write_keys=WRITE_KEY)) as served:
        served.headers.update(WRITES)
        yield served


def send(served: Any, content: bytes) -> Any:
    return served.post("/v1/files", files={"file": ("a.txt", content)}, data={"purpose": "assistants"})


def test_no_more_files_wait_than_may(few: Any) -> None:
    assert send(few, b"x" * 41).status_code == 429
    first = send(few, b"The first buoy is red.").json()["id"]
    assert send(few, b"x" * 30).status_code == 429
    assert send(few, b"x").status_code == 200
    crowded = send(few, b"x")
    assert crowded.status_code == 429
    assert "attach or delete some" in crowded.json()["error"]["message"]
    assert few.post("/v1/vector_stores/default/files", json={"file_id": first}).status_code == 200
    assert send(few, b"x").status_code == 200, "what is attached does not wait"


def test_files_expire_unless_something_holds_them(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path)
    with writable(data_dir) as server, client_of(server) as client:
        client.vector_stores.create(name="piers")
        held, bell, ferry = upload(client), upload(client, BELL, "bell.md"), upload(client, FERRY, "ferry.md")
        assert client.vector_stores.files.create_and_poll(held, vector_store_id="piers").status == "completed"
    age(data_dir, held, by=2 * WEEK)
    age(data_dir, bell, by=WEEK + 60)
    age(data_dir, ferry, by=WEEK - 600)
    with writable(data_dir) as server, client_of(server) as client:
        for _ in range(200):  # it is looked through when the service has started
            if len(there := [each.id for each in client.files.list()]) < 3:
                break
            sleep(0.05)
        assert there == [ferry, held]
        assert client.files.retrieve(held).expires_at is None
        assert client.files.content(held).read() == PIER.encode()


def test_nothing_expires_while_a_collection_cannot_be_read(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path)
    with Serving(settings_of(data_dir, write_keys=WRITE_KEY)) as served:
        served.headers.update(WRITES)
        assert served.post("/v1/vector_stores", json={"name": "piers"}).status_code == 200
        file_id = send(served, b"The buoy is red.").json()["id"]
    (data_dir / "collections" / "piers" / "wherefrom.sqlite3").write_bytes(b"damaged" * 1000)
    for leftover in (data_dir / "collections" / "piers").glob("wherefrom.sqlite3-*"):
        leftover.unlink()
    serving = Serving(settings_of(data_dir, write_keys=WRITE_KEY))
    with serving as served:
        served.headers.update(WRITES)
        backend, later = serving.app.state.backend, 4_000_000_000.0
        assert served.portal is not None
        assert served.portal.call(unattached.sweep, backend, later) == []
        assert served.get(f"/v1/files/{file_id}").status_code == 200
        assert served.delete("/v1/collections/piers").status_code == 204
        assert served.portal.call(unattached.sweep, backend, later) == [file_id]
        assert served.get(f"/v1/files/{file_id}").status_code == 404


def age(data_dir: Path, file_id: str, by: int) -> None:
    """Let a file have come earlier."""
    with Store.open(data_dir) as store, store.writing() as writer:
        found, content = writer.uploads.find(file_id), writer.uploads.content(file_id)
        assert found is not None
        assert content is not None
        writer.uploads.remove([file_id])
        writer.uploads.add(Upload(file_id, found.source, found.purpose, found.bytes, found.created - by), content)
