"""Documents go in and are found, change and are found as changed, go and are gone; models never mix."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.document import make_document
from corpus.errors import IndexMismatch, NotFound
from corpus.files.folders.folder import Skipped
from corpus.splitting.passages import SplitterSettings
from corpus.store.sqlite import Store
from index.cutting import Entry, Indexed, Outcome
from index.filters.making import make_condition
from index.local.files import DENSE_FILE
from index.models.encoder import Encoded, EncoderSpec, Progress, Vectors
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from index.query import Query
from index.syncing import Event, Removed, index_paths
from index.verify import verify
from index.writer import Indexer, rebuild
from tests.index_fixtures import index_documents, make_corpus, save_snapshot
from tests.store_fixtures import delete, passages_in, read, state


class CountingEncoder(HashEncoder):
    """Knows which passages it was asked to encode."""

    def __init__(self, name: str = "hash") -> None:
        super().__init__()
        self.encoded: list[str] = []
        self._name = name

    @property
    def spec(self) -> EncoderSpec:
        return replace(super().spec, name=self._name)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.encoded += texts
        return super().encode_passages(texts, progress)


def sources(index: OpenIndex, question: str, **options: object) -> list[str]:
    found = index.searcher.search(Query(question, **options))  # type: ignore[arg-type]
    return [result.citation.source for result in found.results]


def test_every_document_is_found_by_its_words(index: OpenIndex) -> None:
    assert sources(index, "2022年到上海工作的有多少人")[0] == "work.txt"
    assert sources(index, "新车间每年能制茶多少吨")[0] == "tea.md"
    assert sources(index, "how many schools sent teachers")[0] == "school.md"


def test_the_same_again_embeds_nothing(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with Store.open(tmp_path, create=True) as store:
        first = list(Indexer(store, encoder).add(map(Entry, make_corpus())))
        assert {each.outcome for each in first} == {Outcome.ADDED}
        encoder.encoded.clear()
        again = list(Indexer(store, encoder).add(map(Entry, make_corpus())))
        assert {each.outcome for each in again} == {Outcome.UNCHANGED}
        assert [each.passages for each in again] == [each.passages for each in first]
        assert not encoder.encoded
        assert state(store).sequence == len(first)


def test_an_edit_embeds_what_changed_and_nothing_else(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    text = "## 一\n\n旧的一节。\n\n## 二\n\n不变的一节。"
    with Store.open(tmp_path, create=True) as store:
        list(Indexer(store, encoder).add([Entry(make_document(text, source="a.md"))]))
        encoder.encoded.clear()
        edited = make_document(text.replace("旧", "崭新"), source="a.md")
        (done,) = Indexer(store, encoder).add([Entry(edited)])
        assert done.outcome is Outcome.UPDATED
        assert encoder.encoded == ["一 崭新的一节。", "崭新的一节。"]
        assert not list(verify(store, tmp_path))


def test_a_write_elsewhere_is_seen_by_the_next_search(index: OpenIndex, data_dir: Path) -> None:
    before = index.searcher.state()
    index_documents(data_dir, [make_document("一只乌骨鸡飞进了大市场。", source="hen.txt")])
    assert sources(index, "乌骨鸡飞进了哪里")[0] == "hen.txt"
    with Store.open(data_dir) as store:
        delete(store, make_document("x", source="hen.txt").document_id)
    assert "hen.txt" not in sources(index, "乌骨鸡飞进了哪里")
    assert index.searcher.state() == before, "equal documents, equal state"


@pytest.mark.parametrize("damage", ["flipped", "missing", "stale"])
def test_whatever_becomes_of_the_vector_file_nothing_is_lost(
    data_dir: Path,
    damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = data_dir / DENSE_FILE
    if damage == "flipped":
        path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    elif damage == "missing":
        path.unlink()
    else:
        index_documents(data_dir, [make_document("新的一句话。", source="new.txt")])
    with caplog.at_level(logging.WARNING), open_index(data_dir, lambda choice: HashEncoder()) as opened:
        assert sources(opened, "2022年到上海工作的有多少人")[0] == "work.txt"
        assert len(sources(opened, "任何问题", k=50)) == state(opened.truth).passages
    assert bool(caplog.messages) == (damage != "stale")
    with Store.open(data_dir) as store:
        assert not list(verify(store, data_dir)), "the file is written again"


def test_another_model_is_refused_with_what_to_run(data_dir: Path) -> None:
    with pytest.raises(IndexMismatch, match=r"encoder name=hash, now it is name=other; run: .*--rebuild"):
        with open_index(data_dir, lambda choice: CountingEncoder("other")):
            pass
    with Store.open(data_dir) as store, pytest.raises(IndexMismatch, match="splitter limit=400, now it is limit=99"):
        Indexer(store, HashEncoder(), SplitterSettings(limit=99))


def test_a_rebuild_is_all_or_nothing(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        steps = rebuild(store, CountingEncoder("other"))
        next(steps)
        steps.close()  # type: ignore[attr-defined]
    with open_index(data_dir, lambda choice: HashEncoder()) as opened:
        assert sources(opened, "多少人")
        with Store.open(data_dir) as store:
            assert len(list(rebuild(store, CountingEncoder("other")))) == 3
            assert not list(verify(store, data_dir))
        with pytest.raises(IndexMismatch, match="rebuilt with other"):
            sources(opened, "多少人")
    with open_index(data_dir, lambda choice: CountingEncoder(choice.name)) as opened:
        assert opened.searcher.state().model == "other"
        assert sources(opened, "2022年到上海工作的有多少人")[0] == "work.txt"


def test_an_index_of_nothing_is_told(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with pytest.raises(NotFound, match="nothing is indexed"), open_index(tmp_path, lambda choice: HashEncoder()):
        pass


class WideEncoder(HashEncoder):
    """Has vectors of another length."""

    @property
    def spec(self) -> EncoderSpec:
        return replace(super().spec, name="wide", dimension=384)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.pad(super().encode_passages(texts, progress), ((0, 0), (0, 128)))

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        found = super().encode_passages_with_tokens(texts)
        tokens = [np.pad(each, ((0, 0), (0, 128))) for each in found.tokens]
        return Encoded(self.encode_passages(texts, progress), tokens, found.rarities)


def test_a_rebuild_may_change_the_dimension(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        list(rebuild(store, WideEncoder()))
    with open_index(data_dir, lambda choice: WideEncoder()) as opened:
        assert sources(opened, "2022年到上海工作的有多少人")[0] == "work.txt"
        assert not list(verify(opened.truth, data_dir))


# Files and folders


def run(store: Store, *paths: Path, prune: bool = False) -> list[Event]:
    return list(index_paths(store, Indexer(store, HashEncoder()), paths, prune=prune))


def outcomes(events: list[Event]) -> dict[str, str]:
    return {each.document.source: each.outcome for each in events if isinstance(each, Indexed)}


def test_files_are_added_updated_left_and_pruned(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("甲。")
    (folder / "b.txt").write_text("乙。")
    with Store.open(tmp_path / "data", create=True) as store:
        assert outcomes(run(store, folder)) == {"a.txt": "added", "b.txt": "added"}
        (folder / "a.txt").write_text("新的甲。")
        assert outcomes(run(store, folder)) == {"a.txt": "updated", "b.txt": "unchanged"}
        (folder / "documents.toml").write_text('["b.txt"]\ntitle = "乙的标题"\n')
        assert outcomes(run(store, folder)) == {"a.txt": "unchanged", "b.txt": "updated"}
        (folder / "b.txt").unlink()
        (folder / "documents.toml").unlink()
        assert not any(isinstance(each, Removed) for each in run(store, folder))
        (removed,) = [each for each in run(store, folder, prune=True) if isinstance(each, Removed)]
        assert removed.path.endswith("b.txt")
        assert state(store).documents == 1


def test_a_file_that_becomes_unreadable_keeps_its_last_version(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("好的文字。")
    with Store.open(tmp_path / "data", create=True) as store:
        run(store, tmp_path / "a.txt")
        (tmp_path / "a.txt").write_bytes(b"\0\1\2")
        (skipped,) = run(store, tmp_path / "a.txt", prune=True)
        assert isinstance(skipped, Skipped) and skipped.failed
        assert state(store).documents == 1


def test_two_files_of_one_name_are_two_documents(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name}.")
    with Store.open(tmp_path / "data", create=True) as store:
        run(store, tmp_path / "one", tmp_path / "two")
        assert state(store).documents == 2
        assert outcomes(run(store, tmp_path / "two")) == {"a.txt": "unchanged"}
        assert state(store).documents == 2


def test_a_file_that_is_away_keeps_its_document(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name}.")
    with Store.open(tmp_path / "data", create=True) as store:
        run(store, tmp_path / "one")
        (tmp_path / "one" / "a.txt").rename(tmp_path / "away.txt")
        run(store, tmp_path / "two")
        assert state(store).documents == 2


def test_an_id_that_another_process_took_meanwhile_is_not_taken_from_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data", create=True) as store:
        indexer = Indexer(store, HashEncoder())
        one, two = (make_document(text, source="a.txt") for text in ("one.", "two."))
        list(indexer.add([Entry(one, tmp_path / "one" / "a.txt")]))
        (second,) = indexer.add([Entry(two, tmp_path / "two" / "a.txt")])
        assert state(store).documents == 2
        assert second.document.document_id != one.document_id
        assert not list(verify(store, tmp_path))


def test_a_file_named_twice_is_one_document(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("text.")
    with Store.open(tmp_path / "data", create=True) as store:
        assert outcomes(run(store, tmp_path / "sub", tmp_path / "sub" / "a.txt")) == {"a.txt": "added"}


def test_a_file_that_moved_with_its_folder_is_the_same_document(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.txt").write_text("文。")
    with Store.open(tmp_path / "data", create=True) as store:
        run(store, tmp_path / "old")
        (tmp_path / "old").rename(tmp_path / "new")
        assert outcomes(run(store, tmp_path / "new")) == {"a.txt": "unchanged"}
        assert not [each for each in run(store, tmp_path / "new", prune=True) if isinstance(each, Removed)]
        assert state(store).documents == 1


def test_hash_vectors_are_stored_to_half_precision(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        encoder = HashEncoder()
        for document_id in read(store, lambda reader: reader.document_ids()):
            for stored in passages_in(store, document_id):
                vector = np.frombuffer(stored.features.vector, dtype="<f2").astype(np.float32)
                assert vector == pytest.approx(encoder.encode_passages([stored.passage.search_text])[0], abs=1e-3)


def test_filters_are_used_by_the_search(index: OpenIndex) -> None:
    assert set(sources(index, "人", filters=make_condition(source=("tea.md",)))) == {"tea.md"}
    assert set(sources(index, "人", filters=make_condition(language=("en",)))) == {"school.md"}
    assert set(sources(index, "人", filters=make_condition(published_after="2021"))) == {"work.txt", "school.md"}
    assert set(sources(index, "人", filters=make_condition(published_before="2021-05"))) == {"tea.md", "work.txt"}
    assert sources(index, "人", filters=make_condition(source=("none",))) == []


def test_saving_twice_writes_the_same_bytes(data_dir: Path) -> None:
    before = (data_dir / DENSE_FILE).read_bytes()
    save_snapshot(data_dir)
    assert (data_dir / DENSE_FILE).read_bytes() == before


def test_models_never_mix_where_another_process_rebuilds_meanwhile(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        begun = Indexer(store, HashEncoder())
        with Store.open(data_dir) as other:
            assert list(rebuild(other, CountingEncoder("other")))
        with pytest.raises(IndexMismatch, match="name=other, now it is name=hash"):
            list(begun.add([Entry(make_document("新的一句话。", source="new.txt"))]))
        assert state(store).documents == 3


def test_the_first_of_two_models_has_an_empty_store(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        Indexer(store, HashEncoder())
        with pytest.raises(IndexMismatch):
            Indexer(store, CountingEncoder("other"))
