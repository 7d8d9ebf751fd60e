"""OpenAI's files and vector stores: what keys of one collection, keys that only read and no key may do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import openai
import pytest

from tests.server_fixtures import Server
from tests.service.platforms.openai_fixtures import BELL, PIERS_KEY, PIERS_READ_KEY, client_of, upload
from tests.service_fixtures import READ_KEY

Calls = dict[str, Callable[[openai.OpenAI], Any]]


@pytest.fixture(scope="module")
def files(client: openai.OpenAI) -> dict[str, str]:
    """A file that `piers` has, one that another collection has, and one that none has."""
    for name in ("piers", "bells"):
        client.vector_stores.create(name=name)
    ids = {"piers": upload(client), "bells": upload(client, BELL, "bell.md"), "none": upload(client, "x", "x.txt")}
    for name in ("piers", "bells"):
        client.vector_stores.files.create_and_poll(ids[name], vector_store_id=name)
    return ids


@pytest.fixture(scope="module")
def by_key(shelf: Server) -> Iterator[Callable[[str], openai.OpenAI]]:
    with ExitStack() as clients:
        yield lambda key: clients.enter_context(client_of(shelf, key))


def calls_that_write(store: str, file_id: str) -> Calls:
    return {
        "create": lambda c: c.files.create(file=("x.txt", b"x"), purpose="assistants"),
        "store": lambda c: c.vector_stores.create(name="new-one"),
        "change": lambda c: c.vector_stores.update(store, name="x"),
        "remove store": lambda c: c.vector_stores.delete(store),
        "attach": lambda c: c.vector_stores.files.create(store, file_id=file_id),
        "describe": lambda c: c.vector_stores.files.update(file_id, vector_store_id=store, attributes={}),
        "detach": lambda c: c.vector_stores.files.delete(file_id, vector_store_id=store),
        "batch": lambda c: c.vector_stores.file_batches.create(store, file_ids=[file_id]),
        "cancel": lambda c: c.vector_stores.file_batches.cancel("vsfb_0123456789abcdef", vector_store_id=store),
        "remove": lambda c: c.files.delete(file_id),
    }


def calls_that_read(store: str, file_id: str) -> Calls:
    return {
        "store": lambda c: c.vector_stores.retrieve(store),
        "search": lambda c: c.vector_stores.search(store, query="x"),
        "files": lambda c: c.vector_stores.files.list(store),
        "file": lambda c: c.vector_stores.files.retrieve(file_id, vector_store_id=store),
        "text": lambda c: c.vector_stores.files.content(file_id, vector_store_id=store),
        "batch": lambda c: c.vector_stores.file_batches.retrieve("vsfb_0123456789abcdef", vector_store_id=store),
    }


@pytest.mark.parametrize("call", calls_that_write("", ""))
@pytest.mark.parametrize("key", [READ_KEY, PIERS_READ_KEY, "a-key-that-opens-nothing"])
def test_a_key_that_reads_writes_nothing(by_key: Any, files: dict[str, str], call: str, key: str) -> None:
    with pytest.raises(openai.AuthenticationError) as raised:
        calls_that_write("piers", files["piers"])[call](by_key(key))
    assert raised.value.code == "invalid_api_key"


@pytest.mark.parametrize("call", calls_that_write("", "").keys() - {"create", "store", "remove"})
def test_a_key_of_one_store_writes_no_other(by_key: Any, files: dict[str, str], call: str) -> None:
    for store in ("bells", "nowhere"):
        with pytest.raises(openai.AuthenticationError, match=f"does not open the collection '{store}'"):
            calls_that_write(store, files["piers"])[call](by_key(PIERS_KEY))


@pytest.mark.parametrize("call", calls_that_read("", ""))
def test_a_key_of_one_store_reads_no_other(by_key: Any, files: dict[str, str], call: str) -> None:
    for store in ("bells", "nowhere"):
        with pytest.raises(openai.AuthenticationError):
            calls_that_read(store, files["bells"])[call](by_key(PIERS_READ_KEY))


@pytest.mark.parametrize("name", ["bells", "nowhere", "My own"])
def test_a_key_of_one_store_makes_no_other(by_key: Any, files: dict[str, str], name: str) -> None:
    with pytest.raises(openai.AuthenticationError):
        by_key(PIERS_KEY).vector_stores.create(name=name)


def test_lists_hold_what_a_key_opens(by_key: Any, client: openai.OpenAI, files: dict[str, str]) -> None:
    for key in (PIERS_KEY, PIERS_READ_KEY):
        assert [each.id for each in by_key(key).vector_stores.list()] == ["piers"]
        assert [each.id for each in by_key(key).files.list()] == [files["piers"]]
    assert {files["piers"], files["bells"]} <= {each.id for each in by_key(READ_KEY).files.list()}
    assert files["none"] not in {each.id for each in by_key(READ_KEY).files.list()}
    assert set(files.values()) <= {each.id for each in client.files.list()}


def test_a_file_of_another_store_is_not_there(by_key: Any, files: dict[str, str]) -> None:
    for key in (PIERS_KEY, PIERS_READ_KEY):
        for call in (by_key(key).files.retrieve, by_key(key).files.content):
            assert call(files["piers"])
            with pytest.raises(openai.NotFoundError):
                call(files["bells"])
    for call in (
        by_key(PIERS_KEY).files.delete,
        lambda each: by_key(PIERS_KEY).vector_stores.files.create("piers", file_id=each),
    ):
        with pytest.raises(openai.NotFoundError):
            call(files["bells"])
    with pytest.raises(openai.NotFoundError):
        by_key(READ_KEY).files.retrieve(files["none"])


def test_a_key_of_one_store_removes_a_file_from_it_alone(
    by_key: Any, client: openai.OpenAI, files: dict[str, str]
) -> None:
    shared = upload(client, "The shared buoy is green.", "shared.txt")
    for name in ("piers", "bells"):
        client.vector_stores.files.create_and_poll(shared, vector_store_id=name)
    assert by_key(PIERS_KEY).files.delete(shared).deleted
    assert shared not in {each.id for each in client.vector_stores.files.list("piers")}
    assert shared in {each.id for each in client.vector_stores.files.list("bells")}
    assert client.files.content(shared).read() == b"The shared buoy is green.", "of the document's original"


def test_a_key_of_one_store_does_all_in_it(by_key: Any, files: dict[str, str]) -> None:
    piers = by_key(PIERS_KEY)
    file_id = upload(piers, "The northern buoy is blue.", "north.txt")
    assert piers.files.retrieve(file_id).status == "uploaded"
    assert piers.vector_stores.files.create_and_poll(file_id, vector_store_id="piers").status == "completed"
    assert piers.vector_stores.search("piers", query="northern buoy").data[0].file_id == file_id
    assert piers.files.delete(file_id).deleted


def test_without_keys_everybody_reads_and_nobody_writes(server: Server) -> None:
    with client_of(server, "any-key-will-do") as client:
        assert client.vector_stores.retrieve("wherefrom").file_counts.completed == 4
        assert len(client.vector_stores.files.list("wherefrom").data) == 4
        assert client.files.list().data == []
        with pytest.raises(openai.AuthenticationError, match="does not open"):
            upload(client)
