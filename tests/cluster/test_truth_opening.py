"""Databases and collections that are made, brought to a newer format, opened by others, and deleted."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest

from corpus.document import make_document
from corpus.errors import IndexMismatch, NotFound, StoreReadOnly, StoreReplaced
from index.oceanbase import collections, connecting, schema
from index.oceanbase.address import Address, read_address
from index.oceanbase.connecting import Database
from index.oceanbase.truth import OceanBaseTruth
from tests.cluster.truth_fixtures import passages_of
from tests.store_fixtures import delete, document_in, put, state

DOCUMENT = make_document("山上的村子种茶。", source="tea.md", document_id="tea")


@pytest.fixture
def other(database: Database, name: str) -> Iterator[Address]:
    """A database that is not there."""
    drop = f"DROP DATABASE IF EXISTS {name}"
    database.alone(drop)
    yield replace(database.address, database=name)
    database.alone(drop)


def test_a_database_is_made_when_it_is_written_to_only(other: Address) -> None:
    database = Database(other)
    assert collections.names(database) == []
    with pytest.raises(NotFound, match="wherefrom index PATH"):
        OceanBaseTruth.open(database, "default", create=False)
    truth = OceanBaseTruth.open(database, "default", create=True)
    assert collections.names(database) == ["default"]
    assert state(truth).documents == 0
    database.close()


@pytest.mark.parametrize("password", ["Zoë's 100%@:/#\"\\", "芝麻开门"])
def test_a_password_may_have_any_letters(database: Database, name: str, password: str) -> None:
    try:
        with database.writing() as connection:
            connection.run(f"CREATE USER {name} IDENTIFIED BY %s", password)
            connection.run(f"GRANT SELECT ON {database.address.database}.* TO {name}")
        theirs = Database(replace(database.address, user=name, password=password))
        assert collections.names(theirs) == collections.names(database)
        theirs.close()
    finally:
        database.alone(f"DROP USER IF EXISTS {name}")


def test_several_processes_make_and_migrate_it_once(other: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_at_once(databases: list[Database]) -> None:
        threads = [Thread(target=each.prepare) for each in databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    databases = [Database(other) for _ in range(4)]
    all_at_once(databases)
    truth = OceanBaseTruth.open(databases[0], "default", create=True)
    put(truth, DOCUMENT)
    monkeypatch.setattr(connecting, "FORMAT_VERSION", schema.FORMAT_VERSION + 1)
    column = "ALTER TABLE documents ADD COLUMN shelf LONGTEXT"
    monkeypatch.setattr(connecting, "MIGRATIONS", {schema.FORMAT_VERSION: [column]})
    databases[0].alone(column)  # a process that was ended in the middle
    newer = [Database(other) for _ in range(4)]
    all_at_once(newer)
    with newer[0].reading() as connection:
        assert connection.rows("SELECT version, shelf FROM wherefrom_format, documents") == [
            (schema.FORMAT_VERSION + 1, None)
        ]
    monkeypatch.undo()
    with pytest.raises(IndexMismatch, match="use the version"):
        OceanBaseTruth.open(Database(other), "default")


def test_a_user_who_may_only_read_reads(store: str, database: Database, truth: OceanBaseTruth) -> None:
    put(truth, DOCUMENT)
    database.alone("CREATE USER IF NOT EXISTS visitor IDENTIFIED BY 'v'")
    database.alone(f"GRANT SELECT ON {database.address.database}.* TO visitor")
    visiting = Database(replace(read_address(store, "v"), user="visitor"))
    seen = OceanBaseTruth.open(visiting, truth.name)
    assert seen.read_only and not truth.read_only
    assert document_in(seen, "tea") == DOCUMENT
    with pytest.raises(StoreReadOnly):
        delete(seen, "tea")
    visiting.close()


def test_a_deleted_collection_is_gone_for_who_has_it_open(database: Database, truth: OceanBaseTruth) -> None:
    put(truth, DOCUMENT, *passages_of(DOCUMENT, 2))
    number = truth.collection
    collections.delete(database, truth.name)
    for work in (state, lambda truth: put(truth, DOCUMENT)):
        with pytest.raises(StoreReplaced, match="deleted"):
            work(truth)
    again = OceanBaseTruth.open(database, truth.name, create=True)
    assert again.collection != number
    assert state(again).documents == 0
    collections.clear(database)
    with database.reading() as connection:
        for table in (*collections.TABLES, "deleted_collections"):
            assert not connection.rows(f"SELECT * FROM {table} WHERE collection = %s", number), table
    with pytest.raises(NotFound):
        collections.delete(database, "nothing")
