"""Files indexed by workers are what they are when one process indexes them, whatever was there before."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import IndexMismatch, ModelUnavailable
from corpus.files.folders.folder import Skipped
from corpus.store.sqlite import Store
from index.bulk.work import Answer, Look, Make, Plan, Task
from index.cutting import Indexed
from index.models.encoder import Encoded, Encoder, EncoderSpec, ModelChoice, Progress
from index.models.hashing import HashEncoder
from tests.index.bulk.bulk_fixtures import HASHING, Here, by_itself, by_workers, held, open_store
from tests.store_fixtures import delete, passages_in, read, state

NAMES = ("harbour.md", "森林.txt", "deep/река.md", "harbour.txt")
TEXTS = (
    "# Harbour\n\nThe ferry leaves at nine. The harbour was built in 1931.\n\n## Fees\n\nA berth costs 40 crowns.",
    "森林里有三百种鸟。2019年种了两万棵树。",
    "Река замерзает в ноябре. Мост построили в 1978 году.",
    "   \n",  # nothing to be found in it
    "The ferry leaves at nine.",
)
SAID = (
    '["harbour.md"]\ntitle = "The old harbour"\n',
    '["harbour.md"]\npublished = "no day"\n',
    "this is no TOML [",
    "",
)
OTHER_WORDS = ("ferry: boat\n", "\0\1\2", "")

writes = st.tuples(st.just("write"), st.sampled_from(["one", "two"]), st.sampled_from(NAMES), st.sampled_from(TEXTS))
removals = st.tuples(st.just("remove"), st.sampled_from(["one", "two"]), st.sampled_from(NAMES), st.just(""))
moves = st.tuples(st.just("move"), st.sampled_from(["one", "two"]), st.just(""), st.just(""))
notes = st.tuples(st.just("write"), st.sampled_from(["one", "two"]), st.just("documents.toml"), st.sampled_from(SAID))
words = st.tuples(st.just("write"), st.just("one"), st.just("synonyms.txt"), st.sampled_from(OTHER_WORDS))
indexing = st.tuples(st.just("index"), st.sampled_from(["one", "two", "both"]), st.just(""), st.just(""))
steps = st.lists(st.one_of(writes, writes, removals, moves, notes, words, indexing), min_size=1, max_size=12)


class NotingEncoder(HashEncoder):
    """Takes down what it encodes as passages."""

    noted: ClassVar[list[str]] = []

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        self.noted.extend(texts)
        return super().encode_passages_with_tokens(texts, progress)


class FailingEncoder(HashEncoder):
    """Has a mistake that one text shows."""

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        return super().encode_passages_with_tokens(texts, progress) if "ferry" not in texts[0] else 1 // 0  # type: ignore


class OtherEncoder(HashEncoder):
    """Has another name."""

    @property
    def spec(self) -> EncoderSpec:
        return replace(super().spec, name="other")


def load_noting(choice: ModelChoice) -> Encoder:
    return NotingEncoder()


def load_failing(choice: ModelChoice) -> Encoder:
    return FailingEncoder()


def load_other(choice: ModelChoice) -> Encoder:
    return OtherEncoder()


def load_nothing(choice: ModelChoice) -> Encoder:
    raise ModelUnavailable(f"{choice.name}: there is none")


def texts_and_checksums(store: Store) -> list[tuple[str, str]]:
    """Return the passages of a store as they are, whatever their keys."""
    return [(each.passage.text, each.checksum) for name in ids_in(store) for each in passages_in(store, name)]


def ids_in(store: Store) -> list[str]:
    return read(store, lambda reader: reader.document_ids())


def change(folder: Path, what: str, name: str, text: str) -> None:
    file = folder / name
    if what == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    elif what == "remove":
        file.unlink(missing_ok=True)
    elif folder.exists():  # as if its disk were mounted elsewhere
        shutil.rmtree(folder.with_name("moved"), ignore_errors=True)
        folder.rename(folder.with_name("moved"))


@given(steps)
@settings(max_examples=40)
def test_the_result_is_that_of_one_process(steps: Sequence[tuple[str, str, str, str]]) -> None:
    with TemporaryDirectory() as base:
        root = Path(base).resolve()
        with open_store(root / "a") as alone, open_store(root / "b") as shared:
            for what, where, name, text in [*steps, ("index", "both", "", "")]:
                if what != "index":
                    change(root / where, what, name, text)
                    continue
                folders = [root / each for each in ("one", "two", "moved") if where in (each, "both")]
                folders = [each for each in folders if each.exists()]
                told = sorted(map(str, by_itself(alone, *folders, prune=True)))
                assert sorted(map(str, by_workers(shared, Here(), *folders, prune=True))) == told
            assert held(shared) == held(alone)


def test_what_is_unchanged_is_looked_at_only(tmp_path: Path) -> None:
    change(tmp_path / "files", "write", "a.txt", TEXTS[0])
    change(tmp_path / "files", "write", "b.txt", TEXTS[1])
    with open_store(tmp_path / "data") as store:
        by_workers(store, workers := Here(), tmp_path / "files")
        assert [type(task) for task in workers.done] == [Make, Make]  # nothing is there to be told apart from
        change(tmp_path / "files", "write", "b.txt", TEXTS[2])
        by_workers(store, workers := Here(), tmp_path / "files")
        assert [(type(task), task.file.source) for task in workers.done] == [
            (Look, "a.txt"),
            (Look, "b.txt"),
            (Make, "b.txt"),
        ]


def test_passages_that_stay_are_not_embedded_again(tmp_path: Path) -> None:
    sections = [f"## Pier {number}\n\nPier {number} holds {number * 7} boats." for number in range(5)]
    change(tmp_path / "files", "write", "a.md", "\n\n".join(sections))
    with open_store(tmp_path / "data") as store:
        by_workers(store, Here(), tmp_path / "files")
        sections[2] = "## Pier 2\n\nPier 2 is closed."
        change(tmp_path / "files", "write", "a.md", "\n\n".join(sections))
        NotingEncoder.noted.clear()
        by_workers(store, Here(Plan(HASHING.manifest, load_noting)), tmp_path / "files")
        assert NotingEncoder.noted == ["Pier 2 Pier 2 is closed."]
        with open_store(tmp_path / "other") as other:
            by_itself(other, tmp_path / "files")
            assert held(store) != held(other)  # the keys of what stayed, and nothing else
            assert texts_and_checksums(store) == texts_and_checksums(other)


def test_a_file_that_no_worker_can_read_is_told_and_keeps_its_version(tmp_path: Path) -> None:
    change(tmp_path / "files", "write", "a.txt", TEXTS[0])
    change(tmp_path / "files", "write", "b.txt", TEXTS[1])
    with open_store(tmp_path / "data") as store:
        by_workers(store, Here(), tmp_path / "files")
        (tmp_path / "files" / "a.txt").write_bytes(b"\0\1\2")
        unchanged, skipped = by_workers(store, Here(), tmp_path / "files", prune=True)
        assert isinstance(unchanged, Indexed) and unchanged.document.source == "b.txt"
        assert isinstance(skipped, Skipped) and skipped.failed and skipped.source == "a.txt"
        assert state(store).documents == 2


def test_a_file_that_others_do_not_see_is_told(tmp_path: Path) -> None:
    change(tmp_path / "files", "write", "a.txt", TEXTS[0])

    class Away(Here):
        def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
            for task in tasks:
                task.file.path.unlink()
                yield from super().each([task])

    with open_store(tmp_path / "data") as store:
        (skipped,) = by_workers(store, Away(), tmp_path / "files")
        assert isinstance(skipped, Skipped) and "it is not there for the worker on " in skipped.reason


def test_a_file_that_cannot_be_cut_does_not_end_the_work(tmp_path: Path) -> None:
    change(tmp_path / "files", "write", "a.txt", TEXTS[0])
    change(tmp_path / "files", "write", "b.txt", TEXTS[1])
    with open_store(tmp_path / "data") as store:
        indexed, skipped = by_workers(store, Here(Plan(HASHING.manifest, load_failing)), tmp_path / "files")
        assert isinstance(indexed, Indexed) and indexed.document.source == "b.txt"
        assert isinstance(skipped, Skipped)
        assert skipped.reason == "it cannot be indexed (ZeroDivisionError: integer division or modulo by zero)"


@pytest.mark.parametrize(
    ("load", "error", "told"),
    [
        pytest.param("load_other", IndexMismatch, "other", id="another model"),
        pytest.param("load_nothing", ModelUnavailable, "there is none", id="no model"),
    ],
)
def test_a_worker_that_would_make_another_index_refuses(tmp_path: Path, load: str, error: type, told: str) -> None:
    change(tmp_path / "files", "write", "a.txt", TEXTS[0])
    with open_store(tmp_path / "data") as store:
        with pytest.raises(error, match=told):
            by_workers(store, Here(Plan(HASHING.manifest, globals()[load])), tmp_path / "files")
        assert state(store).documents == 0


def test_what_others_wrote_meanwhile_is_made_here(tmp_path: Path) -> None:
    change(tmp_path / "files", "write", "a.txt", TEXTS[0])
    with open_store(tmp_path / "data") as store:
        by_workers(store, Here(), tmp_path / "files")
        change(tmp_path / "files", "write", "a.txt", TEXTS[0] + " It is closed in winter.")

        class Beside(Here):
            def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
                for task, answer in super().each(tasks):
                    if isinstance(task, Make):
                        (document_id,) = ids_in(store)
                        delete(store, document_id)  # and with it the vectors that the worker left out
                    yield task, answer

        (indexed,) = by_workers(store, Beside(), tmp_path / "files")
        assert isinstance(indexed, Indexed)
        with open_store(tmp_path / "other") as other:
            by_itself(other, tmp_path / "files")
            assert texts_and_checksums(store) == texts_and_checksums(other)
