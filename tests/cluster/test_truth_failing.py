"""A database that is slow, crowded, in use, out of reach, of another version, or only to be read."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from threading import Thread

import pytest

from corpus.document import make_document
from corpus.errors import (
    InvalidInput,
    NotFound,
    StoreAway,
    StoreDamaged,
    StoreUnavailable,
)
from index.oceanbase import connecting, driver
from index.oceanbase.address import read_address
from index.oceanbase.connecting import Connection, Database
from index.oceanbase.truth import OceanBaseTruth
from tests.cluster.truth_fixtures import IDS, document_of, passages_of
from tests.store_fixtures import delete, document_in, passages_in, put, read, state

DOCUMENT = make_document("山上的村子种茶。", source="tea.md", document_id="tea")


def kill(database: Database, connection: Connection) -> None:
    """Have the database end a connection."""
    ((number,),) = connection.rows("SELECT connection_id()")
    database.alone(f"KILL {number}")


def test_a_large_text_comes_back_whole_and_in_parts(truth: OceanBaseTruth) -> None:
    document = make_document("船 ab\n" * 3_000_000, source="large.txt")
    assert len(document.text.encode()) > 20_000_000
    put(truth, document)
    assert document_in(truth, document.document_id) == document
    cut = read(truth, lambda reader: reader.text(document.document_id, 12_345_678, 12_345_690))
    assert cut == document.text[12_345_678:12_345_690]


def test_an_id_of_200_code_points_is_kept_and_a_longer_one_told(truth: OceanBaseTruth) -> None:
    for document_id in (*IDS, "𝒳" * 200):
        put(truth, document_of(document_id, "text", 1))
    assert read(truth, lambda reader: reader.document_ids()) == sorted((*IDS, "𝒳" * 200))
    with pytest.raises(InvalidInput, match="longer"):
        put(truth, document_of("x" * 801, "text", 1))
    with pytest.raises(NotFound):
        document_in(truth, "x" * 100_000)


@pytest.mark.parametrize("work", [lambda truth: document_in(truth, "d_\udcff"), lambda truth: delete(truth, "\ud800")])
def test_an_id_that_is_no_text_is_told(truth: OceanBaseTruth, work: Callable[[OceanBaseTruth], object]) -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        work(truth)


def test_two_passages_of_one_id_are_refused_whole(truth: OceanBaseTruth) -> None:
    passages, features = passages_of(DOCUMENT, 2)
    with pytest.raises(StoreDamaged):
        put(truth, DOCUMENT, [passages[0], passages[0]], features)
    assert state(truth).documents == 0


def test_a_damaged_row_is_told_and_mended_by_writing_it_again(truth: OceanBaseTruth) -> None:
    stored = passages_of(DOCUMENT, 2)
    put(truth, DOCUMENT, *stored)
    with truth.database.writing() as connection:
        connection.run("UPDATE features SET vector = X'00' WHERE collection = %s", truth.collection)
        connection.run("UPDATE collections SET documents = 7 WHERE collection = %s", truth.collection)
    keys = [each.key for each in passages_in(truth, "tea")]
    with pytest.raises(StoreDamaged, match="damaged"):
        read(truth, lambda reader: reader.cited(keys))
    assert read(truth, lambda reader: reader.integrity_errors()) == ["documents: 7 are told of, 1 are there"]
    with truth.writing() as writer:
        writer.recount()
        writer.put(DOCUMENT, *stored)
    assert not read(truth, lambda reader: reader.integrity_errors())
    assert read(truth, lambda reader: len(reader.cited(reader.keys()))) == 2


def test_a_connection_that_is_lost_takes_the_block_with_it(truth: OceanBaseTruth) -> None:
    with pytest.raises(StoreAway), truth.writing() as writer:
        writer.put(DOCUMENT, *passages_of(DOCUMENT, 3))
        kill(truth.database, writer.connection)
        writer.put(replace(DOCUMENT, title="later"), *passages_of(DOCUMENT, 3))
    assert state(truth).documents == 0
    with pytest.raises(StoreAway), truth.writing() as writer:
        writer.put(DOCUMENT, *passages_of(DOCUMENT, 3))
        kill(truth.database, writer.connection)  # and then the commit
    assert state(truth).documents == 0
    with pytest.raises(StoreAway), truth.reading() as reader:
        kill(truth.database, reader.connection)
        reader.keys()
    with truth.reading() as reader:
        kill(truth.database, reader.connection)  # when all was read
    put(truth, DOCUMENT)
    assert not read(truth, lambda reader: reader.integrity_errors())


def test_a_crowded_pool_is_told_and_recovers(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "WAITING_SECONDS", 0.2)
    database = Database(read_address(store), connections=2)
    with ExitStack() as blocks:
        for _ in range(2):
            blocks.enter_context(database.reading())
        with pytest.raises(StoreAway, match="in use"):
            database.check()
    assert database.check() < 5
    database.close()


def test_a_statement_has_a_deadline(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "STATEMENT_SECONDS", 1)
    database = Database(read_address(store))
    with pytest.raises(StoreAway, match="maximum query timeout"), database.reading() as connection:
        connection.rows("SELECT sleep(20)")
    database.close()


def test_a_writer_waits_for_another_and_not_for_ever(
    truth: OceanBaseTruth, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(truth, DOCUMENT)
    waiting = Thread(target=put, args=[truth, replace(DOCUMENT, title="second")])
    with truth.writing() as writer:
        writer.put(replace(DOCUMENT, title="first"), [], [])
        waiting.start()
    waiting.join()
    assert (state(truth).sequence, document_in(truth, "tea").title) == (3, "second")
    monkeypatch.setattr(
        driver, "SESSION", driver.SESSION.replace("ob_trx_lock_timeout = 10", "ob_trx_lock_timeout = 1")
    )
    hasty = OceanBaseTruth(Database(read_address(store)), truth.collection, truth.name)
    with truth.writing(), pytest.raises(StoreUnavailable, match="another index is being written"):
        put(hasty, DOCUMENT)
    hasty.database.close()


def test_writers_who_wait_leave_the_connections_to_readers(truth: OceanBaseTruth, store: str) -> None:
    database = Database(read_address(store), connections=2)
    crowded = OceanBaseTruth(database, truth.collection, truth.name)
    documents = [document_of(each, "text", 1) for each in IDS]
    waiting = [Thread(target=put, args=[crowded, each]) for each in documents]
    with crowded.writing() as writer:
        writer.put(DOCUMENT, [], [])
        for thread in waiting:
            thread.start()
        assert state(crowded).documents == 0
    for thread in waiting:
        thread.join()
    assert state(crowded).documents == 1 + len(documents)
    database.close()


@pytest.mark.parametrize(
    ("changed", "error", "told"),
    [
        ({"port": 1}, StoreAway, "does not answer"),
        ({"host": "nowhere.invalid"}, StoreAway, "does not answer"),
        ({"user": "nobody", "password": "open sesame"}, StoreUnavailable, "WHEREFROM_STORE_PASSWORD"),
    ],
)
def test_what_cannot_be_reached_is_told_without_the_password(
    store: str, changed: dict[str, object], error: type[StoreUnavailable], told: str
) -> None:
    with pytest.raises(error, match=told) as caught:
        Database(replace(read_address(store), **changed)).check()  # type: ignore[arg-type]
    assert "sesame" not in str(caught.value) and "\n" not in str(caught.value)


def test_what_only_listens_is_away(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "STATEMENT_SECONDS", -4)  # a second with what connecting takes
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = replace(read_address(store), host="127.0.0.1", port=silent.getsockname()[1])
        with pytest.raises(StoreAway):
            Database(address).check()
