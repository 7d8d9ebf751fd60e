"""What is seen of passages is what the truth has, whatever came, went, was kept, lost or damaged."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.document import make_document
from corpus.errors import StoreDamaged
from corpus.store.sqlite import Store
from corpus.store.stored import Features, Key
from corpus.store.truth import Reader
from index.durable import Aside
from index.local import record_file
from index.local import sight as module
from index.local.checking import _record_problems
from index.local.files import RECORD_FILE
from index.local.index import LocalIndex
from index.local.record_file import BLOCK, RecordFile
from index.local.records import read_records
from index.local.sight import Sight
from index.models.hashing import HashEncoder
from index.models.vectors import to_bytes
from index.opening import OpenIndex, open_index
from index.query import Query
from index.ranking.seen import Seen, read_seen
from index.ranking.sketches import BIT_NUMBERS, BYTES
from index.verify import verify
from tests.index_fixtures import index_documents
from tests.store_fixtures import delete, keys, passage_of, put

DIMENSION = 24


def features_of(seed: int, dimension: int = DIMENSION) -> Features:
    """Vectors of a passage with none to nine sentences."""
    random = np.random.default_rng(seed)
    own, sentences = (random.normal(size=(count, dimension)).astype(np.float32) for count in (1, seed % 10))
    return Features(to_bytes(own), to_bytes(sentences), b"", b"", b"")


def put_many(store: Store, number: int, passages: int, dimension: int = DIMENSION) -> None:
    """Put a document of some passages in the place of the one of its number."""
    document = make_document("x" * passages, source=f"{number}.txt", document_id=f"d_{number}")
    seeds = np.random.default_rng((number, passages)).integers(10_000, size=passages).tolist()
    held = [
        passage_of(document, f"p_{number}_{at}_{seed}", at, at + 1, f"text of {seed} " * 9)
        for at, seed in enumerate(seeds)
    ]
    put(store, document, held, [features_of(seed, dimension) for seed in seeds])


def keep(store: Store, sight: Sight) -> bool:
    """Write the file as an index does, and return whether it had to be."""
    with store.reading() as reader:
        file, sequence = sight.written(reader), reader.sequence()
    if file is None:
        return False
    with store.writing() as writer:
        place(file)
        writer.record_derived(RECORD_FILE, file.digest, sequence)
    return True


def place(file: Aside) -> None:
    file.place()
    file.remove()


def assert_same(seen: Seen, expected: Seen) -> None:
    assert np.array_equal(seen.vectors, expected.vectors)
    assert np.array_equal(seen.starts, expected.starts)
    places = np.arange(len(expected.starts))[::-2]
    sketches, without_digests = seen.sketch(places), expected.sketch(places)
    told = sketches[:, -1] != 0
    assert np.array_equal(sketches[:, :BIT_NUMBERS], without_digests[:, :BIT_NUMBERS])
    assert np.array_equal(sketches[~told], without_digests[~told])


def assert_seen(store: Store, sight: Sight, some: Callable[[list[Key]], Sequence[Key]] = lambda held: held) -> None:
    """Assert that what is seen of some passages is what is read from the truth, in an order of its own."""
    with store.reading() as reader:
        held = list(some(reader.keys()))
        if held:
            assert_same(sight.seen(reader, held[::-1]), read_seen(reader, held[::-1], DIMENSION))


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Store, Sight]]:
    with Store.open(folder, create=True) as store:
        yield store, Sight(folder / RECORD_FILE, DIMENSION)


STEPS = st.lists(
    st.tuples(st.just("put"), st.integers(0, 4), st.integers(1, 40))
    | st.tuples(st.just("delete"), st.integers(0, 4), st.just(0))
    | st.tuples(st.sampled_from(["save", "restart", "lose", "save elsewhere"]), st.just(0), st.just(0)),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_what_is_seen_is_what_the_truth_has_whatever_came_and_went(steps: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as name, opened(Path(name)) as (store, sight):
        path, held = Path(name) / RECORD_FILE, set[int]()
        for step, number, passages in steps:
            if step == "put":
                put_many(store, number, passages)
                held.add(number)
            elif step == "delete" and number in held:
                delete(store, f"d_{number}")
                held.remove(number)
            elif step == "save":
                keep(store, sight)
            elif step == "save elsewhere":
                keep(store, Sight(path, DIMENSION))
            elif step == "restart":
                sight = Sight(path, DIMENSION)
            elif step == "lose":
                path.unlink(missing_ok=True)
            assert_seen(store, sight)
        keep(store, sight)
        path.unlink(missing_ok=True)
        keep(store, Sight(path, DIMENSION))
        file = whole(path)
        assert file.keys.tolist() == keys(store)
        assert not file.damaged()


def test_a_file_that_lacks_little_stays_and_one_that_has_what_was_deleted_does_not(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 64)
        assert keep(store, sight)
        put_many(store, 2, 4)
        assert not keep(store, sight)
        put_many(store, 3, 1)
        assert keep(store, sight), "one in sixteen was lacking"
        delete(store, "d_3")
        assert keep(store, sight)
        assert whole(tmp_path / RECORD_FILE).keys.tolist() == keys(store)


def digests(store: Store, sight: Sight) -> NDArray[np.uint64]:
    with store.reading() as reader:
        held = reader.keys()
        return sight.seen(reader, held).sketch(np.arange(len(held)))[:, BIT_NUMBERS:]


def test_a_file_has_digests_and_one_of_an_older_version_gets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide, path = BYTES // 2 + 8, tmp_path / RECORD_FILE
    with Store.open(tmp_path, create=True) as store:
        put_many(store, 1, 20, wide)
        with monkeypatch.context() as before:
            before.setattr(record_file, "NAME", record_file.BEFORE)
            before.setattr(module, "read_records", lambda *of, whole: read_records(*of, whole=False))
            assert keep(store, Sight(path, wide))
        sight = Sight(path, wide)
        with store.reading() as reader:
            assert sight.begin(reader), "it is read as it is"
            assert not list(_record_problems(reader, wide, path))
        assert not digests(store, sight).any()
        assert sight.stale
        assert keep(store, sight)
        sight = Sight(path, wide)
        assert digests(store, sight).all()
        assert not sight.stale
        put_many(store, 2, 1, wide)
        assert digests(store, sight)[:-1].all()
        assert not digests(store, sight)[-1].any(), "what was just written is told apart by its words"


def test_a_reader_from_before_sees_what_is_deleted_and_not_kept_any_more(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, sight), Store.open(tmp_path) as other:
        put_many(store, 1, 40)
        put_many(store, 2, 40)
        keep(store, sight)
        with other.reading() as reader:
            before = reader.keys()
            expected = read_seen(reader, before, DIMENSION)
            delete(store, "d_1")
            keep(store, sight)
            with store.reading() as newer:
                sight.take_over(newer)
            assert_same(sight.seen(reader, before), expected)


def test_a_file_that_another_takes_the_place_of_stays_what_it_was(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 40)
        keep(store, sight)
        assert_seen(store, sight)
        delete(store, "d_1")
        put_many(store, 2, 4)
        old = sight._file
        keep(store, Sight(tmp_path / RECORD_FILE, DIMENSION))
        assert old is not None
        assert not old.damaged()
        assert_seen(store, sight)


def whole(path: Path) -> RecordFile:
    file = RecordFile.open(path)
    assert file is not None
    return file


def damage(path: Path, at: int) -> None:
    """Change a byte as a disk would, beneath whoever has mapped the file."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize("share", [0, 0.3, 0.6, 0.999])
def test_a_damaged_block_costs_no_answer_and_is_told(
    tmp_path: Path, share: float, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / RECORD_FILE
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 200)
        keep(store, sight)
        rows = whole(path)._records.rows
        damage(path, int(share * rows.nbytes))
        block = int(share * len(rows)) // BLOCK
        assert whole(path).damaged() == [block]
        with caplog.at_level(logging.WARNING):
            for part in range(0, 200, 10):
                assert_seen(store, sight, lambda held, part=part: held[part : part + 10])  # type: ignore[misc]
        (told,) = caplog.messages
        assert RECORD_FILE in told
        assert sight.damaged
        assert not path.exists()
        assert keep(store, sight)
        assert_seen(store, sight)
        assert (sight.damaged, whole(path).damaged()) == (False, [])


def test_a_damaged_file_that_cannot_be_removed_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 40)
        keep(store, sight)
        damage(tmp_path / RECORD_FILE, 5)

        def refuse(path: Path, missing_ok: bool = False) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "unlink", refuse)
        for _ in range(3):
            assert_seen(store, sight)
        assert len(caplog.messages) == 1


def test_a_damaged_block_is_not_copied_into_the_next_file(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 400)
        keep(store, sight)
        damage(tmp_path / RECORD_FILE, 70_000)
        put_many(store, 2, 100)
        assert keep(store, sight)
        assert_seen(store, Sight(tmp_path / RECORD_FILE, DIMENSION))


@pytest.mark.parametrize("cut", [0, 1, 30, 48, 5_000])
def test_what_is_no_whole_file_is_none(tmp_path: Path, cut: int) -> None:
    path = tmp_path / RECORD_FILE
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 40)
        keep(store, sight)
        data = path.read_bytes()
        assert RecordFile.open(path) is not None
        for damaged in (data[:cut], data[cut + 1 :], data + b"\0", b"x" * 1_000):
            path.write_bytes(damaged)
            assert RecordFile.open(path) is None
            assert_seen(store, Sight(path, DIMENSION))
    assert RecordFile.open(tmp_path) is None
    assert RecordFile.open(tmp_path / "none") is None


def test_what_follows_the_blocks_is_checked_at_once(tmp_path: Path) -> None:
    path = tmp_path / RECORD_FILE
    with opened(tmp_path) as (store, sight):
        put_many(store, 1, 40)
        keep(store, sight)
        file = whole(path)
        for at in range(file._records.rows.nbytes, file.size, 7):
            damage(path, at)
            found = RecordFile.open(path)
            assert found is None or found.digest != file.digest
            damage(path, at)


def test_vectors_of_another_length_are_told(tmp_path: Path) -> None:
    with opened(tmp_path) as (store, _):
        put_many(store, 1, 3)
        with store.reading() as reader, pytest.raises(StoreDamaged, match="of 48 bytes do not fit dimension 20"):
            Sight(tmp_path / RECORD_FILE, 20).seen(reader, reader.keys())


# As part of an index


def open_it(folder: Path) -> AbstractContextManager[OpenIndex]:
    return open_index(folder, lambda name: HashEncoder())


def answers(index: OpenIndex) -> list[tuple[str, float]]:
    found = [index.searcher.search(Query(text, 9)).results for text in ("茶叶卖了多少", "how long do they stay")]
    return [(each.passage_id, each.score) for results in found for each in results]


def reads(index: OpenIndex, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Key]]:
    """Take down of which passages the truth is asked what is seen."""
    asked: list[Sequence[Key]] = []
    read = read_records

    def watched(reader: Reader, some: Sequence[Key], dimension: int, *, whole: bool) -> list[bytes]:
        asked.extend([some] if some else [])
        return read(reader, some, dimension, whole=whole)

    monkeypatch.setattr(module, "read_records", watched)
    return asked


def test_a_folder_from_before_answers_and_has_the_file_after_the_next_save(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(data_dir) as store, store.writing() as writer:
        writer._connection.execute("DELETE FROM derived WHERE name = ?", (RECORD_FILE,))
    (data_dir / RECORD_FILE).unlink()
    with open_it(data_dir) as index:
        asked = reads(index, monkeypatch)
        before = answers(index)
        assert asked
        assert not (data_dir / RECORD_FILE).exists()
        index.index.save()
        assert (data_dir / RECORD_FILE).exists()
    with open_it(data_dir) as index:
        asked.clear()
        assert answers(index) == before
        assert not asked, "all is in the file"
    assert not caplog.messages


def test_what_was_read_once_is_not_read_again(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_it(data_dir) as index:
        index_documents(data_dir, [make_document("新的茶叶。", source="new.txt")])
        asked = reads(index, monkeypatch)
        before = answers(index)
        assert [len(some) for some in asked] == [1]
        assert answers(index) == before
        assert len(asked) == 1


@pytest.mark.parametrize("lost", [True, False])
def test_a_missing_or_damaged_file_is_made_anew_at_the_start(
    data_dir: Path, lost: bool, caplog: pytest.LogCaptureFixture
) -> None:
    path = data_dir / RECORD_FILE
    with open_it(data_dir) as index:
        before = answers(index)
    written = path.read_bytes()
    if lost:
        path.unlink()
    else:
        damage(path, 1_000)
    with Store.open(data_dir) as store:
        (problem,) = verify(store, data_dir)
        assert RECORD_FILE in problem.message
    with open_it(data_dir) as index:
        assert answers(index) == before
    assert len(caplog.messages) == 1
    assert path.read_bytes() == written


def test_another_vector_than_the_store_has_is_told(data_dir: Path) -> None:
    with Store.open(data_dir) as store, store.writing() as writer:
        writer._connection.execute("UPDATE passages SET search_text = search_text || ' and more' WHERE key = 2")
    with Store.open(data_dir) as store:
        told = [each.message for each in verify(store, data_dir) if RECORD_FILE in each.message]
    assert len(told) == 1
    assert "key 2" in told[0]


def test_a_damaged_block_found_by_a_question_lets_the_index_be_written_again(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SMALL", 0)
    damage(data_dir / RECORD_FILE, 1_000)
    with open_it(data_dir) as index:
        assert isinstance(index.index, LocalIndex)
        stale = [index.index.stale]
        answers(index)
        stale.append(index.index.stale)
        index.index.save()
        answers(index)
        assert [*stale, index.index.stale] == [False, True, False]
        assert not list(verify(index.truth, data_dir))
