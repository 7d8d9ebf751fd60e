"""What the store was told it keeps: whole, in one state, and through a stop at any moment."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.errors import IndexMismatch, InvalidInput, NotFound, StoreDamaged, StoreUnavailable
from corpus.passage import Page, Passage, Quotation, Span
from corpus.store.schema import EXTENSION, FORMAT_VERSION, SCHEMA
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.stored import Features
from tests.conftest import ROOT
from tests.index_fixtures import make_corpus
from tests.store_fixtures import delete, document_in, keys, passages_in, put, read, state

DOCUMENT = make_corpus()[0]
PAGES = (Page(0, 3, "iv"), Page(2, 4))
HEADER = Quotation(0, 1, "#")
PASSAGE = Passage("p_1", DOCUMENT.document_id, 0, 3, "# 茶", "茶", ("茶",), "茶", (Span(2, 3),), PAGES, HEADER)
FEATURES = Features(b"\1\2", b"\3\4", b"\5", b"\6", b"\7", (2022, 2023))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path, create=True)


def test_what_is_put_comes_back_equal(store: Store) -> None:
    document = replace(DOCUMENT, metadata={"tags": ["甲", 1], "nested": {"a": None}}, author="某")
    sequence = put(store, document, [PASSAGE], [FEATURES])
    assert sequence == state(store).sequence == 1
    assert document_in(store, document.document_id) == document
    assert read(store, lambda reader: reader.passage("p_1")) == PASSAGE
    (stored,) = passages_in(store, document.document_id)
    assert (stored.passage, stored.features) == (PASSAGE, FEATURES)
    assert read(store, lambda reader: reader.passages([stored.key])) == {stored.key: PASSAGE}
    (summary,) = read(store, lambda reader: reader.summaries(10))
    assert (summary.characters, summary.passages) == (len(document.text), 1)


def test_replacing_leaves_nothing_of_the_old_version(store: Store) -> None:
    put(store, DOCUMENT, [PASSAGE, replace(PASSAGE, passage_id="p_2")], [FEATURES, FEATURES])
    old_keys = keys(store)
    put(store, DOCUMENT, [replace(PASSAGE, passage_id="p_3")], [FEATURES])
    assert len(keys(store)) == 1
    assert not set(keys(store)) & set(old_keys), "a key is never used twice"
    with pytest.raises(NotFound, match="p_1"):
        read(store, lambda reader: reader.passage("p_1"))


def test_deleting(store: Store) -> None:
    put(store, DOCUMENT, [PASSAGE], [FEATURES])
    assert delete(store, DOCUMENT.document_id) == 2
    assert state(store).documents == state(store).passages == 0
    assert keys(store) == []
    with pytest.raises(NotFound):
        delete(store, DOCUMENT.document_id)


def test_a_write_that_fails_never_was(store: Store) -> None:
    put(store, DOCUMENT, [PASSAGE], [FEATURES])
    with pytest.raises(StoreDamaged):
        put(store, replace(DOCUMENT, title="new"), [PASSAGE, PASSAGE], [FEATURES, FEATURES])  # one id twice
    assert document_in(store, DOCUMENT.document_id).title == DOCUMENT.title
    assert state(store).sequence == 1


def test_a_reader_sees_one_state_while_another_writes(store: Store) -> None:
    put(store, DOCUMENT, [PASSAGE], [FEATURES])
    with store.reading() as reader:
        before = reader.state()
        writer = threading.Thread(target=delete, args=[store, DOCUMENT.document_id])
        writer.start()
        writer.join()
        assert reader.state() == before
        assert reader.document(DOCUMENT.document_id)
    assert state(store).documents == 0


def test_the_digest_names_the_documents(tmp_path: Path) -> None:
    one, other = Store.open(tmp_path / "a", create=True), Store.open(tmp_path / "b", create=True)
    first, second, *_ = make_corpus()
    for store, documents in ((one, [first, second]), (other, [second, first])):
        for document in documents:
            put(store, document, [], [])
    assert state(one).corpus_digest == state(other).corpus_digest
    delete(one, first.document_id)
    assert state(one).corpus_digest != state(other).corpus_digest


def test_pages_of_summaries_come_in_order_and_all(store: Store) -> None:
    for document in make_corpus():
        put(store, document, [], [])
    with store.reading() as reader:
        first = reader.summaries(2)
        second = reader.summaries(2, first[-1].facts.document_id)
        assert [each.facts.document_id for each in first + second] == reader.document_ids()


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


def test_a_change_of_the_tables_is_a_change_of_the_format() -> None:
    digest = hashlib.sha256((SCHEMA + EXTENSION).encode()).hexdigest()[:16]
    assert (FORMAT_VERSION, digest) == (7, "0c555dda9ec68404"), "raise FORMAT_VERSION, and note the new digest here"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_changes_lead_from_every_state_to_the_last(steps: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        seen = [(0, set[int]())]
        for number, count in steps:  # a document with so many passages; none deletes it
            document = replace(DOCUMENT, document_id=f"d_{number}", source=f"{number}.txt")
            passages = [replace(PASSAGE, passage_id=f"p_{number}_{n}", document_id=f"d_{number}") for n in range(count)]
            with store.writing() as writer:
                if count or number == 3:
                    writer.put(document, passages, [FEATURES] * count)
                elif document.document_id in writer.document_ids():
                    writer.delete(document.document_id)
            with store.reading() as reader:
                seen.append((reader.sequence(), set(reader.keys())))
                told, documents = reader.state(), reader.document_ids()
            assert (told.documents, told.passages) == (len(documents), len(seen[-1][1]))
        for sequence, held in seen:
            with store.reading() as reader:
                changes = reader.changes(sequence)
            assert len(set(changes.added)) == len(changes.added)
            assert not set(changes.added) & held or sequence == 0
            assert set(changes.documents) >= {each.document_id for each in reader_passages(store, changes.added)}
            assert (held - set(changes.removed)) | set(changes.added) == seen[-1][1]


def reader_passages(store: Store, of_keys: Sequence[int]) -> list[Passage]:
    return list(read(store, lambda reader: reader.passages(of_keys)).values())


def test_facets_are_the_facts_with_the_years_of_each_passage(store: Store) -> None:
    first, second, *_ = make_corpus()
    put(store, first, [replace(PASSAGE, document_id=first.document_id)], [FEATURES])
    put(store, second)
    (key,) = keys(store)
    expected = {first.document_id: (first.facts, {key: (2022, 2023)}), second.document_id: (second.facts, {})}
    found = read(store, lambda reader: {facts.document_id: (facts, years) for facts, years in reader.facets()})
    assert found == expected
    one = read(store, lambda reader: list(reader.facets([second.document_id, "d_none"])))
    assert one == [expected[second.document_id]]


def test_several_writes_of_one_block_are_one_state(store: Store) -> None:
    with store.writing() as writer:
        writer.put(DOCUMENT, [PASSAGE], [FEATURES])
        writer.put(DOCUMENT, [PASSAGE, replace(PASSAGE, passage_id="p_2")], [FEATURES] * 2)
        writer.delete(DOCUMENT.document_id)
        writer.put(DOCUMENT, [PASSAGE], [FEATURES])
    assert len(keys(store)) == state(store).passages == 1
    changes = read(store, lambda reader: reader.changes(1))
    assert (list(changes.added), list(changes.removed)) == (keys(store), [1])


def test_a_stretch_of_a_text_is_cut_by_characters(store: Store) -> None:
    document = make_document("渡口🚢的账本 and more", source="cut.txt")
    put(store, document)
    for start, end in ((0, 3), (2, 4), (-5, 2), (3, 999), (5, 5), (99, 120)):
        cut = read(store, lambda reader, start=start, end=end: reader.text(document.document_id, start, end))  # type: ignore[misc]
        assert cut == document.text[max(start, 0) : end]
    assert read(store, lambda reader: reader.text("d_none", 0, 5)) == ""


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


def test_a_put_of_unequal_lengths_leaves_nothing(store: Store) -> None:
    with store.writing() as writer, pytest.raises(ValueError):
        writer.put(DOCUMENT, [PASSAGE], [])
    assert state(store).documents == len(read(store, lambda reader: reader.document_ids())) == 0


@pytest.mark.parametrize("content", [b"", b"SQLite of others"])
def test_a_file_without_our_tables_is_no_empty_index(tmp_path: Path, content: bytes) -> None:
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        if content:
            connection.execute("CREATE TABLE others (name TEXT)")
    connection.close()
    with pytest.raises(StoreDamaged, match="--data-dir"):
        Store.open(tmp_path)


def test_an_id_that_is_no_text_is_told(store: Store) -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        document_in(store, "d_\udcff")


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
