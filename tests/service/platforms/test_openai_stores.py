"""OpenAI's vector stores: the real client makes, lists, changes and removes collections."""

from pathlib import Path

import httpx2
import openai
import pytest
from openai.types import VectorStore

from tests.server_fixtures import KNOWLEDGE_ID, Server
from tests.service.platforms.openai_fixtures import BELL, PIER, client_of, upload, writable
from tests.service_fixtures import FILES, WRITE_KEY, make_index

WRITES = {"Authorization": f"Bearer {WRITE_KEY}"}


def test_a_name_that_a_collection_can_have_is_its_id(client: openai.OpenAI, shelf: Server) -> None:
    made = client.vector_stores.create(name="harbours-2024")
    assert (made.id, made.name, made.status, made.usage_bytes) == ("harbours-2024", "harbours-2024", "completed", 0)
    assert made.file_counts.total == 0
    native = httpx2.get(f"{shelf.url}/v1/collections/harbours-2024", headers=WRITES).json()
    assert native["documents"] == 0
    assert client.vector_stores.retrieve(made.id) == made
    assert client.vector_stores.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.retrieve(made.id)


@pytest.mark.parametrize("name", ["Häfen & Piers", "default", "wherefrom", "", "x" * 512])
def test_any_other_name_is_told_but_is_no_id(client: openai.OpenAI, name: str) -> None:
    made = client.vector_stores.create(name=name)
    assert made.id.startswith("vs_")
    assert made.name == (name or made.id)
    assert client.vector_stores.retrieve(made.id).name == made.name
    assert client.vector_stores.search(made.id, query="piers").data == []
    assert client.vector_stores.delete(made.id).deleted


def test_a_name_that_is_taken_is_given_again(client: openai.OpenAI) -> None:
    first, second = client.vector_stores.create(name="twins"), client.vector_stores.create(name="twins")
    assert first.id == "twins"
    assert second.id.startswith("vs_")
    assert second.name == "twins"


def test_what_is_noted_is_told_again_and_changed(client: openai.OpenAI) -> None:
    made = client.vector_stores.create(
        name="Noted", metadata={"team": "地图"}, expires_after={"anchor": "last_active_at", "days": 3}
    )
    assert made.metadata == {"team": "地图"}
    assert made.expires_after is not None
    assert made.expires_after.days == 3
    assert made.expires_at is None, "nothing expires by itself"
    changed = client.vector_stores.update(made.id, name="Noted anew")
    assert (changed.id, changed.name, changed.metadata) == (made.id, "Noted anew", {"team": "地图"})
    assert client.vector_stores.update(made.id, metadata={}).metadata == {}
    raw = client.vector_stores.with_raw_response.retrieve(made.id).http_response.json()
    VectorStore.model_validate(raw, strict=True)


def test_files_come_with_the_store(client: openai.OpenAI) -> None:
    files = [upload(client), upload(client, BELL, "bell.md")]
    made = client.vector_stores.create(name="with files", file_ids=files)
    for file_id in files:
        assert client.vector_stores.files.poll(file_id, vector_store_id=made.id).status == "completed"
    counted = client.vector_stores.retrieve(made.id)
    assert counted.file_counts.completed == counted.file_counts.total == 2
    assert counted.usage_bytes == len(PIER) + len(BELL)


def test_no_store_is_made_for_files_that_are_not_there(client: openai.OpenAI) -> None:
    before = len(list(client.vector_stores.list()))
    with pytest.raises(openai.NotFoundError, match="there is no file file-nowhere"):
        client.vector_stores.create(name="nothing", file_ids=["file-nowhere"])
    assert len(list(client.vector_stores.list())) == before


def test_what_is_counted_is_what_is_there(client: openai.OpenAI) -> None:
    default = client.vector_stores.retrieve("wherefrom")
    assert default.id == "default"
    assert default.file_counts.completed >= len(FILES)
    assert default.file_counts.completed == len(list(client.vector_stores.files.list("default", filter="completed")))


def test_the_store_that_is_always_there_stays(client: openai.OpenAI) -> None:
    with pytest.raises(openai.ConflictError, match="always there"):
        client.vector_stores.delete("default")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"metadata": {str(number): "x" for number in range(17)}}, "at most 16"),
        ({"metadata": {"x" * 65: "x"}}, "give 1 to 64"),
        ({"metadata": {"x": "y" * 513}}, "at most 512"),
        ({"metadata": {"x": 3}}, "metadata.x is 3"),
        ({"name": "x" * 513}, "name is"),
        ({"expires_after": {"anchor": "created_at", "days": 1}}, "expires_after.anchor"),
        ({"metadata": {"x": "\0"}}, "NUL"),
    ],
)
def test_what_cannot_be_noted_is_a_bad_request(client: openai.OpenAI, given: dict[str, object], told: str) -> None:
    with pytest.raises(openai.BadRequestError, match=told):
        client.post("/vector_stores", body=given, cast_to=object)


def test_pages_hold_every_store_once_the_newest_first(tmp_path: Path) -> None:
    with writable(make_index(tmp_path), WHEREFROM_KNOWLEDGE_ID=KNOWLEDGE_ID) as server, client_of(server) as client:
        made = [client.vector_stores.create(name=f"store-{number}").id for number in range(4)]
        every = [*made[::-1], "default"]  # which was there before, nobody knows since when
        assert [each.id for each in client.vector_stores.list(limit=2)] == every
        assert [each.id for each in client.vector_stores.list(limit=3, order="asc")] == every[::-1]
        page = client.vector_stores.list(limit=2, before=every[3])
        assert ([each.id for each in page.data], page.has_more) == (every[1:3], True)
        with pytest.raises(openai.BadRequestError, match="no vector store 'nowhere'"):
            client.vector_stores.list(after="nowhere")
        assert client.vector_stores.retrieve(KNOWLEDGE_ID).id == "default"
