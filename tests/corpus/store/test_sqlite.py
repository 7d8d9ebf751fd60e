"""What the store was told it keeps: whole, in one state, and through a stop at any moment."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import IndexMismatch, NotFound, StoreDamaged, StoreUnavailable
from corpus.parts import PartKind
from corpus.passage import Page, Passage, Quotation, Span
from corpus.store.schema import EXTENSION, FORMAT_VERSION, SCHEMA
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.stored import Features
from tests.conftest import ROOT
from tests.index_fixtures import make_corpus
from tests.store_fixtures import passages_in, put, read, state

DOCUMENT = make_corpus()[0]
PAGES = (Page(0, 3, "iv"), Page(2, 4), Page(2, 5, "表", PartKind.SHEET, 0.5, ((2, 7),)))
HEADER = Quotation(0, 1, "#")
PASSAGE = Passage("p_1", DOCUMENT.document_id, 0, 3, "# 茶", "茶", ("茶",), "茶", (Span(2, 3),), PAGES, HEADER)
FEATURES = Features(b"\1\2", b"\3\4", b"\5", b"\6", b"\7", (2022, 2023))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path, create=True)


def test_a_missing_data_folder_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="wherefrom index PATH"):
        Store.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match="--data-dir"):
        Store.open(tmp_path / "file", create=True)


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(damage)
    with pytest.raises(StoreDamaged, match="is damaged") as caught:
        Store.open(tmp_path)
    assert "\n" not in str(caught.value)


def test_another_format_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(IndexMismatch, match="format 99"):
        Store.open(tmp_path)


WRITER = """
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from collections.abc import Sequence
from dataclasses import replace
from corpus.store.sqlite import Store
from corpus.passage import Passage
from corpus.store.stored import Features
from tests.index_fixtures import make_corpus
from tests.store_fixtures import delete, put

store = Store.open(Path(sys.argv[1]), create=True)
document = make_corpus()[0]
for number in range(1_000_000):
    name = f"{sys.argv[2]}.{number}"
    passages = [Passage(f"p_{name}.{n}", name, 0, 1, "x", "x", (), "x", ()) for n in range(5)]
    put(store, replace(document, document_id=name, source=name), passages, [Features(b"12", b"", b"", b"", b"")] * 5)
    print("put", name, flush=True)
    if number % 3 == 2:
        delete(store, f"{sys.argv[2]}.{number - 1}")
        print("deleted", f"{sys.argv[2]}.{number - 1}", flush=True)
"""


def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    wanted: set[str] = set()
    for attempt in range(8):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(attempt)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            told = [writer.stdout.readline()]
            time.sleep(0.015 * attempt)
            os.kill(writer.pid, signal.SIGKILL)
            told += [line for line in writer.stdout if line.endswith("\n")]
        put = [line.split()[1] for line in told if line.startswith("put")]
        deleted = {line.split()[1] for line in told if line.startswith("deleted")}
        last = int(put[-1].split(".")[1])
        untold = {f"{attempt}.{last - 1}"} if last % 3 == 2 else set[str]()
        wanted |= set(put) - deleted - untold
        with Store.open(tmp_path) as store:
            held = set(read(store, lambda reader: reader.document_ids()))
            assert wanted <= held
            assert not deleted & held
            assert not read(store, lambda reader: reader.integrity_errors())
            assert all(len(passages_in(store, document_id)) == 5 for document_id in held)
    assert len(wanted) > 8


def test_a_passage_is_named_as_it_was_stored_whatever_became_of_its_features(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        put(store, DOCUMENT, [PASSAGE], [FEATURES])
        for change in ("UPDATE vectors SET vector = x'00'", "DELETE FROM tokens", "UPDATE terms SET terms = x'00'"):
            _change(tmp_path, change)
            assert read(store, lambda reader: reader.named([1])) == {1: PASSAGE}
            with pytest.raises(StoreDamaged):
                read(store, lambda reader: reader.cited([1]))


@pytest.mark.parametrize("change", ["quote = '# 水'", "start = start + 1", "pages = '[]'", "years = '2024'"])
@pytest.mark.parametrize("before", ["", ", checksum = substr(checksum, 1, 64)"])
def test_a_passage_is_not_named_that_is_not_as_it_was_stored(tmp_path: Path, change: str, before: str) -> None:
    with Store.open(tmp_path, create=True) as store:
        put(store, DOCUMENT, [PASSAGE], [FEATURES])
        _change(tmp_path, f"UPDATE passages SET {change}{before}")
        with pytest.raises(StoreDamaged, match=r"p_1 of .* is damaged; run: wherefrom verify"):
            read(store, lambda reader: reader.named([1]))


def _change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def test_a_change_of_the_tables_is_a_change_of_the_format() -> None:
    digest = hashlib.sha256((SCHEMA + EXTENSION).encode()).hexdigest()[:16]
    assert (FORMAT_VERSION, digest) == (8, "0c555dda9ec68404"), "raise FORMAT_VERSION, and note the new digest here"


def test_what_is_counted_can_be_counted_anew(store: Store) -> None:
    for document in make_corpus():
        put(
            store,
            document,
            [replace(PASSAGE, passage_id=f"p_{document.source}", document_id=document.document_id)],
            [FEATURES],
        )
    before = state(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE state SET documents = 9, passages = 0, digest = zeroblob(32)")
        connection.execute("UPDATE documents SET passages = 5")
    connection.close()
    assert state(store) != before
    with store.writing() as writer:
        writer.recount()
    assert state(store) == before
    assert [each.passages for each in read(store, lambda reader: reader.summaries(9))] == [1, 1, 1]


def test_threads_that_ended_leave_no_connection(store: Store) -> None:
    for _ in range(20):
        thread = threading.Thread(target=state, args=[store])
        thread.start()
        thread.join()
    assert len(store._connections) <= 3


@pytest.mark.parametrize("content", [b"", b"SQLite of others"])
def test_a_file_without_our_tables_is_no_empty_index(tmp_path: Path, content: bytes) -> None:
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        if content:
            connection.execute("CREATE TABLE others (name TEXT)")
    connection.close()
    with pytest.raises(StoreDamaged, match="--data-dir"):
        Store.open(tmp_path)


def test_nothing_is_acknowledged_that_goes_to_a_file_that_was_put_aside(tmp_path: Path) -> None:
    folder, away = tmp_path / "tea", tmp_path / "away"
    with Store.open(folder, create=True) as old:
        put(old, DOCUMENT)
        with pytest.raises(StoreUnavailable, match="deleted"), old.writing() as writer:
            writer.delete(DOCUMENT.document_id)
            folder.rename(away)
        new = Store.open(folder, create=True)
        put(new, replace(DOCUMENT, document_id="new"))
        for work in (state, lambda store: put(store, DOCUMENT)):
            with pytest.raises(StoreUnavailable, match="another file"):
                work(old)
    assert read(new, lambda reader: reader.document_ids()) == ["new"]
    new.close()
    with Store.open(folder) as again:  # the store that was put aside took no file of the other's with it
        assert read(again, lambda reader: reader.document_ids()) == ["new"]
