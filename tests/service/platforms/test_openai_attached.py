"""OpenAI's files of a vector store: the real client attaches, lists, describes, reads and detaches them."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import openai
import pytest
from openai.types import VectorStoreSearchResponse
from openai.types.vector_stores import VectorStoreFile

from tests.corpus.files.archive_makers import zipped
from tests.server_fixtures import Server
from tests.service.platforms.openai_fixtures import BELL, FERRY, PIER, upload
from tests.service_fixtures import WRITE_KEY

WRITES = {"Authorization": f"Bearer {WRITE_KEY}"}


@pytest.fixture
def store(client: openai.OpenAI) -> Iterator[str]:
    """A vector store for a test."""
    store_id = client.vector_stores.create(name=f"store-{uuid4().hex}").id
    yield store_id
    client.vector_stores.delete(store_id)


def best(client: openai.OpenAI, store: str, query: str, **more: Any) -> VectorStoreSearchResponse:
    return client.vector_stores.search(store, query=query, **more).data[0]


def test_a_file_that_is_attached_is_found_by_its_id(client: openai.OpenAI, store: str) -> None:
    file_id = upload(client, FERRY, "ferry.md")
    attached = client.vector_stores.files.create(store, file_id=file_id)
    assert (attached.id, attached.vector_store_id) == (file_id, store)
    assert attached.status in ("in_progress", "completed")
    done = client.vector_stores.files.poll(file_id, vector_store_id=store)
    assert (done.status, done.last_error, done.usage_bytes) == ("completed", None, len(FERRY.encode()))
    found = best(client, store, "末班船何时离港")
    assert (found.file_id, found.filename) == (file_id, "ferry.md")
    assert "22时30分" in found.content[0].text
    assert client.files.retrieve(file_id).status == "processed"


def test_what_is_answered_is_what_the_client_declares(client: openai.OpenAI, store: str) -> None:
    file_id = upload(client)
    client.vector_stores.files.create_and_poll(file_id, vector_store_id=store, attributes={"year": 1903})
    raw = client.vector_stores.files.with_raw_response.retrieve(file_id, vector_store_id=store).http_response.json()
    VectorStoreFile.model_validate(raw)
    assert set(raw) == set(VectorStoreFile.model_fields)


def test_a_file_that_is_read_is_looked_at_again_soon(client: openai.OpenAI, store: str) -> None:
    file_id = upload(client, PIER * 200)
    client.vector_stores.files.create(store, file_id=file_id)
    raw = client.vector_stores.files.with_raw_response.retrieve(file_id, vector_store_id=store)
    assert raw.parse().status == "in_progress"
    assert int(raw.headers["openai-poll-after-ms"]) < 1000
    assert client.vector_stores.retrieve(store).status == "in_progress"
    assert client.vector_stores.retrieve(store).file_counts.in_progress == 1
    client.vector_stores.files.poll(file_id, vector_store_id=store)


def test_attributes_are_told_found_by_and_changed(client: openai.OpenAI, store: str) -> None:
    given: dict[str, Any] = {"year": 1903, "oak": True, "place": "Grey Point", "ratio": 0.5, "author": "B. Wright"}
    file_id = upload(client)
    files = client.vector_stores.files
    assert files.create_and_poll(file_id, vector_store_id=store, attributes=given).attributes == given
    found = best(client, store, "planks", filters={"type": "gte", "key": "year", "value": 1903})
    assert found.attributes is not None
    assert {name: found.attributes[name] for name in given} == given
    assert found.attributes["document_id"] == file_id
    changed: dict[str, Any] = {"title": "A pier", "oak": False}
    assert files.update(file_id, vector_store_id=store, attributes=changed).attributes == changed
    assert files.retrieve(file_id, vector_store_id=store).attributes == changed
    found = best(client, store, "planks", filters={"type": "eq", "key": "oak", "value": False})
    assert (found.attributes or {})["title"] == "A pier"
    assert files.update(file_id, vector_store_id=store, attributes={}).attributes == {}
    assert (best(client, store, "planks").attributes or {})["title"] == "The long pier"
    assert files.content(file_id, vector_store_id=store).data[0].text == PIER


def test_a_date_by_any_name_is_a_date(client: openai.OpenAI, store: str) -> None:
    dated: dict[str, Any] = {"date": "1903-05-12"}
    done = client.vector_stores.files.create_and_poll(upload(client), vector_store_id=store, attributes=dated)
    assert (done.attributes or {})["date"] == "1903-05-12"
    assert best(client, store, "planks", filters={"type": "lt", "key": "date", "value": "1903-06"})
    assert not client.vector_stores.search(
        store, query="planks", filters={"type": "gt", "key": "date", "value": "1904"}
    ).data


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({str(number): number for number in range(17)}, "at most 16"),
        ({"x": "y" * 513}, "at most 512"),
        ({"": "y"}, "give 1 to 64"),
        ({"document_id": "d_1"}, "document_id has a meaning of its own"),
        ({"published": "soon"}, "published is no date"),
        ({"x": ["y"]}, "attributes.x"),
        ({"x": "\0"}, "NUL"),
    ],
)
def test_attributes_that_cannot_be_kept_are_a_bad_request(
    client: openai.OpenAI, store: str, attributes: Any, told: str
) -> None:
    file_id = upload(client)
    with pytest.raises(openai.BadRequestError, match=told):
        client.vector_stores.files.create(store, file_id=file_id, attributes=attributes)
    assert not client.vector_stores.files.list(store).data


def test_a_file_that_cannot_be_read_says_why_and_goes_when_it_is_detached(client: openai.OpenAI, store: str) -> None:
    files = client.vector_stores.files
    program = files.upload_and_poll(vector_store_id=store, file=("tool.exe", b"MZ"))
    assert (program.status, program.last_error and program.last_error.code) == ("failed", "unsupported_file")
    broken = files.upload_and_poll(vector_store_id=store, file=("paper.pdf", b"%PDF-1.4 and no more"))
    assert (broken.status, broken.last_error and broken.last_error.code) == ("failed", "invalid_file")
    assert broken.last_error is not None
    assert broken.last_error.message
    assert {each.id for each in files.list(store, filter="failed")} == {program.id, broken.id}
    assert client.vector_stores.retrieve(store).file_counts.failed == 2
    assert files.delete(broken.id, vector_store_id=store).deleted
    assert [each.id for each in files.list(store)] == [program.id]
    with pytest.raises(openai.NotFoundError):
        files.retrieve(broken.id, vector_store_id=store)


def test_what_is_detached_is_not_found_and_can_be_attached_again(client: openai.OpenAI, store: str) -> None:
    files, file_id = client.vector_stores.files, upload(client)
    files.create_and_poll(file_id, vector_store_id=store)
    assert files.delete(file_id, vector_store_id=store).deleted
    assert not client.vector_stores.search(store, query="planks").data
    with pytest.raises(openai.NotFoundError):
        files.delete(file_id, vector_store_id=store)
    assert client.files.content(file_id).read() == PIER.encode()
    assert files.create_and_poll(file_id, vector_store_id=store).status == "completed"


def test_what_is_detached_while_it_is_read_never_comes(client: openai.OpenAI, store: str) -> None:
    files, file_id = client.vector_stores.files, upload(client, BELL * 300, "long.md")
    files.create(store, file_id=file_id)
    files.delete(file_id, vector_store_id=store)
    next_one = files.upload_and_poll(vector_store_id=store, file=("pier.md", PIER.encode()))
    assert next_one.status == "completed", "jobs go on"
    assert [each.id for each in files.list(store)] == [next_one.id]


def test_a_file_that_is_removed_is_gone_from_all_stores(client: openai.OpenAI, store: str) -> None:
    other = client.vector_stores.create(name="other").id
    file_id = upload(client)
    for each in (store, other):
        client.vector_stores.files.create_and_poll(file_id, vector_store_id=each)
    client.files.delete(file_id)
    for each in (store, other):
        assert not client.vector_stores.files.list(each).data
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.files.create(store, file_id=file_id)


@pytest.mark.parametrize("remove_file", [True, False])
def test_an_archive_comes_and_goes_as_a_whole(client: openai.OpenAI, store: str, remove_file: bool) -> None:
    archive = zipped({"bell.md": BELL, "ferry.md": FERRY})
    file_id = client.files.create(file=("port.zip", archive), purpose="assistants").id
    done = client.vector_stores.files.create_and_poll(file_id, vector_store_id=store, attributes={"year": 1903})
    assert done.status == "completed"
    listed = client.vector_stores.files.list(store).data
    assert sorted(each.id[: len(file_id)] for each in listed) == [file_id, file_id]
    assert {each.attributes["year"] for each in listed if each.attributes} == {1903}
    assert best(client, store, "末班船何时离港").filename == "port.zip/ferry.md"
    if remove_file:
        client.files.delete(file_id)
    else:
        client.vector_stores.files.delete(file_id, vector_store_id=store)
    assert not client.vector_stores.files.list(store).data


def test_documents_that_came_another_way_are_files(client: openai.OpenAI, shelf: Server, store: str) -> None:
    document = {"text": BELL, "source": "bell.md", "metadata": {"loud": True}}
    where = f"{shelf.url}/v1/documents/bell?collection={store}"
    assert httpx2.put(where, json=document, headers=WRITES).status_code == 201
    (file,) = client.vector_stores.files.list(store).data
    assert (file.id, file.status, file.attributes, file.usage_bytes) == ("bell", "completed", {"loud": True}, len(BELL))
    assert client.vector_stores.files.content("bell", vector_store_id=store).data[0].text == BELL
    assert client.vector_stores.files.delete("bell", vector_store_id=store).deleted
    assert httpx2.get(where, headers=WRITES).status_code == 404


def test_pages_hold_every_file_once_in_the_order_they_came(client: openai.OpenAI, store: str) -> None:
    ids = [upload(client, f"Buoy {number} is red.", f"{number}.txt") for number in range(5)]
    for file_id in ids[::-1]:
        client.vector_stores.files.create_and_poll(file_id, vector_store_id=store)
    files = client.vector_stores.files
    assert [each.id for each in files.list(store, limit=2)] == ids[::-1]
    assert [each.id for each in files.list(store, limit=3, order="asc")] == ids
    assert [each.id for each in files.list(store, limit=2, before=ids[0]).data] == [ids[2], ids[1]]
    with pytest.raises(openai.BadRequestError, match="limit is '0'"):
        files.list(store, limit=0)


def test_a_batch_is_read_and_told(client: openai.OpenAI, store: str) -> None:
    ids = [upload(client), upload(client, BELL, "bell.md"), upload(client, "x", "x.exe")]
    batches = client.vector_stores.file_batches
    batch = batches.create_and_poll(store, file_ids=ids, attributes={"year": 1903})
    counts = batch.file_counts
    assert (batch.status, counts.completed, counts.failed, counts.total) == ("completed", 2, 1, 3)
    assert [each.id for each in batches.list_files(batch.id, vector_store_id=store, limit=2)] == ids[::-1]
    completed = batches.list_files(batch.id, vector_store_id=store, filter="completed")
    assert {each.id: each.attributes for each in completed} == {key: {"year": 1903} for key in ids[:2]}
    assert batches.cancel(batch.id, vector_store_id=store).file_counts == counts
    for unknown in ("vsfb_0123456789abcdef", "vsfb", "j"):
        with pytest.raises(openai.NotFoundError):
            batches.retrieve(unknown, vector_store_id=store)


def test_a_batch_gives_each_file_its_attributes(client: openai.OpenAI, store: str) -> None:
    first, second = upload(client), upload(client, BELL, "bell.md")
    files: Any = [{"file_id": first, "attributes": {"n": 1}}, {"file_id": second}]
    assert client.vector_stores.file_batches.create_and_poll(store, files=files).file_counts.completed == 2
    told = {each.id: each.attributes for each in client.vector_stores.files.list(store)}
    assert told == {first: {"n": 1}, second: {}}


def test_a_batch_is_cancelled(client: openai.OpenAI, store: str) -> None:
    ids = [upload(client, BELL * 300, f"{number}.md") for number in range(3)]
    batches = client.vector_stores.file_batches
    batch = batches.create(store, file_ids=ids)
    assert batch.status == "in_progress"
    cancelled = batches.cancel(batch.id, vector_store_id=store)
    assert cancelled.status == "cancelled"
    assert cancelled.file_counts.cancelled >= 2
    assert client.vector_stores.files.retrieve(ids[2], vector_store_id=store).status == "cancelled"
    assert client.vector_stores.retrieve(store).file_counts.cancelled == cancelled.file_counts.cancelled


def test_a_batch_of_nothing_or_of_what_is_not_there_is_refused(client: openai.OpenAI, store: str) -> None:
    with pytest.raises(openai.BadRequestError, match="give file_ids or files"):
        client.vector_stores.file_batches.create(store, file_ids=[])
    with pytest.raises(openai.NotFoundError, match="file-nowhere"):
        client.vector_stores.file_batches.create(store, file_ids=[upload(client), "file-nowhere"])
    assert not client.vector_stores.files.list(store).data


async def test_the_asynchronous_client(shelf: Server, store: str) -> None:
    async with openai.AsyncOpenAI(base_url=f"{shelf.url}/v1", api_key=WRITE_KEY) as client:
        done = await client.vector_stores.files.upload_and_poll(vector_store_id=store, file=("p.md", PIER.encode()))
        assert done.status == "completed"
        assert [each.id async for each in client.vector_stores.files.list(store)] == [done.id]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "vector_stores", b"[]"),
        ("POST", "vector_stores", b'{"name": "\\ud800"}'),
        ("POST", "vector_stores", b'{"metadata": {"\\ud800": "x"}}'),
        ("POST", "vector_stores", b'{"file_ids": ["\\ud800"]}'),
        ("POST", "vector_stores/default/files", b'{"file_id": "\\udc00"}'),
        ("POST", "vector_stores/default/files", b'{"file_id": 3}'),
        ("POST", "vector_stores/default/files/a", b'{"attributes": {"x": 1e999}}'),
        ("POST", "vector_stores/default/files/a", b'{"attributes": {"x": null}}'),
        ("POST", "vector_stores/default/files/a", b"{}"),
        ("POST", "vector_stores/default/file_batches", b'{"file_ids": ["a"], "files": [{"file_id": "a"}]}'),
        ("GET", "vector_stores?order=up", b""),
        ("GET", "vector_stores/default/files?filter=done", b""),
        ("GET", "files?limit=10001", b""),
    ],
)
def test_what_is_malformed_is_told_in_openai_s_form(shelf: Server, method: str, path: str, body: bytes) -> None:
    headers = {**WRITES, "Content-Type": "application/json"}
    answer = httpx2.request(method, f"{shelf.url}/v1/{path}", content=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("file_id", ["%00", "..%2f..%2fetc", "船", "%F0%9F%9A%A2", "file-", "a" * 3000, "x%27;--"])
def test_ids_that_nothing_has_are_not_found(shelf: Server, file_id: str) -> None:
    for path in (f"files/{file_id}", f"files/{file_id}/content", f"vector_stores/default/files/{file_id}"):
        answer = httpx2.get(f"{shelf.url}/v1/{path}", headers=WRITES)
        assert answer.status_code == 404, (path, answer.text)
        assert list(answer.json()) == ["error"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.md", b""), ("noise.md", b"\x89\x00\x01\x02" * 9), ("nul.txt", b"a\0b"), ("x.pdf", PIER.encode())],
)
def test_a_file_that_says_nothing_fails_and_the_next_is_read(
    client: openai.OpenAI, store: str, name: str, content: bytes
) -> None:
    files = client.vector_stores.files
    told = files.upload_and_poll(vector_store_id=store, file=(name, content))
    assert told.status == "failed", told
    assert told.last_error is not None
    assert told.last_error.code == "invalid_file"
    assert files.upload_and_poll(vector_store_id=store, file=("p.md", PIER.encode())).status == "completed"


def test_a_name_in_any_script_is_told_as_it_was_sent(client: openai.OpenAI, store: str) -> None:
    for name in ("渡轮 🚢.md", "مرفأ.txt", "a/../../b.md", "Ünïcödé.MD"):
        file_id = client.files.create(file=(name, FERRY.encode()), purpose="assistants").id
        done = client.vector_stores.files.create_and_poll(file_id, vector_store_id=store)
        assert done.status == "completed", done.last_error
        assert client.files.retrieve(file_id).filename in (name, "a/b.md", "b.md")
        assert client.files.content(file_id).read() == FERRY.encode()
