"""What the store was told it keeps: whole, in one state, and through a stop at any moment."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import IndexMismatch, NotFound, StoreDamaged, StoreUnavailable
from corpus.passage import Passage, Span
from corpus.store.columns import PassageVectors
from corpus.store.database import DATABASE_FILE, FORMAT_VERSION, SCHEMA
from corpus.store.sqlite import Store
from tests.conftest import ROOT
from tests.index_fixtures import make_corpus

DOCUMENT = make_corpus()[0]
PASSAGE = Passage("p_1", DOCUMENT.document_id, 0, 3, ("茶",), "茶", (Span(2, 3),), page=4)
VECTORS = PassageVectors(b"\1\2", b"\3\4", b"\5", b"\6")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path, create=True)


def test_what_is_put_comes_back_equal(store: Store) -> None:
    document = replace(DOCUMENT, metadata={"tags": ["甲", 1], "nested": {"a": None}}, author="某")
    sequence = store.put(document, [PASSAGE], [VECTORS])
    assert sequence == store.sequence() == 1
    assert store.document(document.document_id) == document
    assert store.passage("p_1") == PASSAGE
    (stored,) = store.passages_of(document.document_id)
    assert (stored.passage, stored.vectors) == (PASSAGE, VECTORS)
    assert store.rows.passages([stored.row]) == {stored.row: PASSAGE}
    (summary,) = store.summaries(10)
    assert (summary.characters, summary.passages) == (len(document.text), 1)


def test_replacing_leaves_nothing_of_the_old_version(store: Store) -> None:
    store.put(DOCUMENT, [PASSAGE, replace(PASSAGE, passage_id="p_2")], [VECTORS, VECTORS])
    old_rows = store.rows.all()
    store.put(DOCUMENT, [replace(PASSAGE, passage_id="p_3")], [VECTORS])
    assert len(store.rows.all()) == 1
    assert not set(store.rows.all()) & set(old_rows), "a row is never used twice"
    with pytest.raises(NotFound, match="p_1"):
        store.passage("p_1")


def test_deleting(store: Store) -> None:
    store.put(DOCUMENT, [PASSAGE], [VECTORS])
    assert store.delete(DOCUMENT.document_id) == 2
    assert store.state().documents == store.state().passages == 0
    assert store.rows.all() == []
    with pytest.raises(NotFound):
        store.delete(DOCUMENT.document_id)


def test_a_write_that_fails_never_was(store: Store) -> None:
    store.put(DOCUMENT, [PASSAGE], [VECTORS])
    with pytest.raises(StoreDamaged):
        store.put(replace(DOCUMENT, title="new"), [PASSAGE, PASSAGE], [VECTORS, VECTORS])  # one id twice
    assert store.document(DOCUMENT.document_id).title == DOCUMENT.title
    assert store.sequence() == 1


def test_a_reader_sees_one_state_while_another_writes(store: Store) -> None:
    store.put(DOCUMENT, [PASSAGE], [VECTORS])
    with store.reading():
        before = store.state()
        writer = threading.Thread(target=store.delete, args=[DOCUMENT.document_id])
        writer.start()
        writer.join()
        assert store.state() == before
        assert store.document(DOCUMENT.document_id)
    assert store.state().documents == 0


def test_the_digest_names_the_documents(tmp_path: Path) -> None:
    one, other = Store.open(tmp_path / "a", create=True), Store.open(tmp_path / "b", create=True)
    first, second, *_ = make_corpus()
    for store, documents in ((one, [first, second]), (other, [second, first])):
        for document in documents:
            store.put(document, [], [])
    assert one.state().corpus_digest == other.state().corpus_digest
    one.delete(first.document_id)
    assert one.state().corpus_digest != other.state().corpus_digest


def test_pages_of_summaries_come_in_order_and_all(store: Store) -> None:
    for document in make_corpus():
        store.put(document, [], [])
    first = store.summaries(2)
    second = store.summaries(2, first[-1].document_id)
    assert [each.document_id for each in first + second] == store.document_ids()


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
from dataclasses import replace
from corpus.store.sqlite import Store
from corpus.passage import Passage
from corpus.store.columns import PassageVectors
from tests.index_fixtures import make_corpus

store = Store.open(Path(sys.argv[1]), create=True)
document = make_corpus()[0]
for number in range(1_000_000):
    name = f"{sys.argv[2]}.{number}"
    passages = [Passage(f"p_{name}.{n}", name, 0, 1, (), "x", ()) for n in range(5)]
    store.put(replace(document, document_id=name, source=name), passages, [PassageVectors(b"12", b"", b"", b"")] * 5)
    print("put", name, flush=True)
    if number % 3 == 2:
        store.delete(f"{sys.argv[2]}.{number - 1}")
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
            held = set(store.document_ids())
            assert wanted <= held
            assert not deleted & held
            assert not store.integrity_errors()
            assert all(len(store.passages_of(document_id)) == 5 for document_id in held)
    assert len(wanted) > 8


def test_a_change_of_the_tables_is_a_change_of_the_format() -> None:
    digest = hashlib.sha256(SCHEMA.encode()).hexdigest()[:16]
    assert (FORMAT_VERSION, digest) == (4, "6e0ba71d84eaf22b"), "raise FORMAT_VERSION, and note the new digest here"
