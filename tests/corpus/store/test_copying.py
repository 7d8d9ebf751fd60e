"""Copying from one truth to another: all of it comes over as it is, whatever stops it, and nothing is lost unsaid."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.errors import AlreadyExists, Outdated, StoreDamaged, StoreUnavailable
from corpus.passage import Passage
from corpus.store import copying
from corpus.store.columns import passage_values
from corpus.store.copied import Side
from corpus.store.copying import UNFINISHED, Copying
from corpus.store.job import Job, JobState
from corpus.store.originals import Original
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.uploads import Upload
from tests.conftest import ROOT
from tests.copying_fixtures import SOURCE, TARGET, act, change, copy, document_of, fill, held, order, same_model
from tests.store_fixtures import delete, document_in, put, read, state


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "source", create=True) as store:
        yield store


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "target", create=True) as store:
        yield store


def test_all_of_it_comes_over(source: Store, target: Store) -> None:
    fill(source, [3, 1, 2])
    put(source, make_document("Nothing to find.", source="bare.txt"))
    ended = Job("j_1", JobState.DONE, "old.txt", "2026-11-26T20:51:07Z", "2026-11-26T20:51:07Z")
    waiting = replace(ended, job_id="j_2", state=JobState.EMBEDDING, facts={"title": "晨"}, document_id="f", passages=3)
    with source.writing() as writer:
        writer.originals.keep(document_of(1)[0].document_id, Original("application/pdf", b"%PDF\0\xff", 2))
        writer.uploads.add(Upload("file-1", "a.txt", "assistants", 5, 7), b"\0abc\xff")
        writer.jobs.add(ended)
        writer.jobs.add(waiting, b"# Late")
        writer.set_meta("created", "2026-11-26T20:51:07Z")
    copied = copy(source, target)
    assert (copied.documents, copied.passages, copied.uploads, copied.jobs, copied.removed) == (4, 6, 1, 1, 0)
    assert held(target) == held(source)
    assert copied.state == state(source)
    assert order(target) == order(source), "equal scores are ordered by keys"
    (job,) = read(target, lambda reader: reader.jobs.open())
    assert (job.state, job.passages) == (JobState.QUEUED, 0)
    again = copy(source, target)
    assert (again.documents, again.removed, again.uploads, again.jobs) == (0, 0, 0, 0)
    assert held(target) == held(source)


def test_an_empty_collection_is_one_afterwards(source: Store, target: Store) -> None:
    fill(source, [])
    assert copy(source, target).documents == 0
    assert read(target, lambda reader: reader.comparing.notes()) == {"model": "one", UNFINISHED: ""}


def test_nothing_that_is_there_is_lost_unless_told(source: Store, target: Store) -> None:
    fill(source, [1, 2])
    fill(target, [2, 3])
    before = held(target)
    own = document_of(3)[0].document_id
    with pytest.raises(AlreadyExists, match=f"{TARGET} holds document {own}, which {SOURCE} holds otherwise or not"):
        copy(source, target)
    assert held(target) == before
    assert copy(source, target, replacing=True).removed == 1
    assert held(target) == held(source)


def test_a_newer_version_is_another_document(source: Store, target: Store) -> None:
    fill(source, [1])
    fill(target, [1])
    document, passages, features = document_of(1, "Boat 1 was sold in spring. It is a house now.")
    put(target, document, passages, features)
    with pytest.raises(AlreadyExists, match=f"holds document {document.document_id}"):
        copy(source, target)
    assert document_in(target, document.document_id) == document
    copied = copy(source, target, replacing=True)
    assert (copied.documents, copied.removed) == (1, 0)
    assert held(target) == held(source)


def test_other_features_of_the_same_text_are_another_version(source: Store, target: Store) -> None:
    fill(source, [1])
    document, passages, features = document_of(1)
    with target.writing() as writer:
        writer.set_meta("model", "one")
        writer.put(document, passages, [replace(each, terms=b"others") for each in features])
    with pytest.raises(AlreadyExists):
        copy(source, target)
    copy(source, target, replacing=True)
    assert held(target) == held(source)


def test_vectors_of_two_models_never_stand_together(source: Store, target: Store) -> None:
    fill(source, [1, 2])
    fill(target, [2], model="two")
    with pytest.raises(AlreadyExists, match=f"{TARGET} was built with another model or by other rules than {SOURCE}"):
        copy(source, target)
    assert copy(source, target, replacing=True).documents == 2
    assert held(target) == held(source)


def test_a_target_without_documents_takes_any_model(source: Store, target: Store) -> None:
    fill(source, [1])
    fill(target, [], model="two")
    copy(source, target)
    assert held(target) == held(source)


@pytest.mark.parametrize("what", ["upload", "job"])
def test_files_of_the_target_are_not_lost_either(source: Store, target: Store, what: str) -> None:
    fill(source, [1])
    with target.writing() as writer:
        if what == "upload":
            writer.uploads.add(Upload("file-1", "a.txt", "assistants", 1, 7), b"a")
        else:
            writer.jobs.add(Job("j_1", JobState.QUEUED, "a.txt", "2026-11-26T20:51:07Z", "2026-11-26T20:51:07Z"), b"a")
    with pytest.raises(AlreadyExists, match=r"file file-1|job j_1"):
        copy(source, target)
    copy(source, target, replacing=True)
    assert held(target) == held(source)


def test_files_that_changed_hands(source: Store, target: Store) -> None:
    fill(source, [1, 2])
    copy(source, target)
    first, second = (document_of(number)[0].document_id for number in (1, 2))
    with source.writing() as writer:
        writer.set_path(first, Path("/files/aside"))
        writer.set_path(second, Path("/files/1.txt"))
        writer.set_path(first, Path("/files/2.txt"))
    copy(source, target, replacing=True)
    assert held(target) == held(source)


def test_an_original_that_is_kept_no_more(source: Store, target: Store) -> None:
    fill(source, [1])
    document, passages, features = document_of(1)
    with source.writing() as writer:
        writer.originals.keep(document.document_id, Original("text/plain", b"as it came"))
    copy(source, target)
    with source.writing() as writer:
        writer.delete(document.document_id)
        writer.put(document, passages, features)
    copy(source, target, replacing=True)
    assert held(target) == held(source)


def test_what_ended_meanwhile_is_not_done_again(source: Store, target: Store) -> None:
    fill(source, [1])
    job = Job("j_1", JobState.QUEUED, "a.txt", "2026-11-26T20:51:07Z", "2026-11-26T20:51:07Z")
    with source.writing() as writer:
        writer.jobs.add(job, b"a")
    copy(source, target)
    with source.writing() as writer:
        writer.jobs.update(replace(job, state=JobState.DONE))
    copy(source, target, replacing=True)
    assert read(target, lambda reader: (reader.jobs.count_open(), reader.jobs.get("j_1").state)) == (0, JobState.DONE)


class Watched(Store):
    """A store that has something done to another before it is written for the nth time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writes, self.work = 0, dict[int, Callable[[], object]]()

    def writing(self):  # type: ignore[no-untyped-def]
        self.writes += 1
        self.work.pop(self.writes, lambda: None)()
        return super().writing()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    Store.open(tmp_path / "target", create=True).close()
    with Watched(tmp_path / "target" / DATABASE_FILE) as store:
        yield store


def elsewhere(store: Store, work: Callable[[Store], object]) -> Callable[[], None]:
    """Return what does something to a store as another process would."""

    def do() -> None:
        with Store(store.path) as own:
            work(own)

    return do


def test_what_is_written_meanwhile_comes_over_too(
    source: Store, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH_BYTES", 1)
    monkeypatch.setattr(copying, "PAGE_PASSAGES", 3)
    fill(source, range(1, 9))
    watched.work[6] = elsewhere(source, change)
    assert copy(source, watched).removed == 1
    assert held(watched) == held(source)


def test_a_source_that_is_built_anew_meanwhile(source: Store, watched: Watched) -> None:
    fill(source, [1, 2])
    watched.work[3] = elsewhere(source, lambda own: fill(own, [], model="two"))
    with pytest.raises(Outdated, match=f"{SOURCE} was built anew meanwhile; run the same command again"):
        copy(source, watched)
    copy(source, watched)
    assert held(watched) == held(source)


def test_a_target_that_others_write(source: Store, watched: Watched) -> None:
    fill(source, [1, 2])
    watched.work[4] = elsewhere(watched, lambda own: put(own, *document_of(50)))  # once all was compared
    with pytest.raises(Outdated, match="see that nobody else writes there, and run the same command again"):
        copy(source, watched)
    assert copy(source, watched).removed == 1
    assert held(watched) == held(source)


def test_a_copy_that_is_not_whole_is_no_source(source: Store, watched: Watched, tmp_path: Path) -> None:
    fill(source, [1, 2])

    def stop() -> None:
        raise KeyboardInterrupt

    watched.work[3] = stop
    with pytest.raises(KeyboardInterrupt):
        copy(source, watched)
    with Store.open(tmp_path / "third", create=True) as third:
        with pytest.raises(StoreUnavailable, match=f"{SOURCE} is no whole copy itself; finish that first"):
            copy(watched, third)
        fill(third, [7])
        work = Copying(Side("another", third), Side(TARGET, watched), same_model)
        with pytest.raises(AlreadyExists, match=f"{TARGET} is an unfinished copy of {SOURCE}"):
            list(work.run())
    copy(source, watched)
    assert held(watched) == held(source)


DAMAGES = {
    "vector": "UPDATE vectors SET vector = x'00' WHERE key = 3",
    "terms": "DELETE FROM terms WHERE key = 3",
    "quote": "UPDATE passages SET quote = 'Boat 9' WHERE key = 3",
    "sentences": "UPDATE passages SET sentences = '[[' WHERE key = 3",
    "passage": "DELETE FROM passages WHERE key = 3",
    "text": "UPDATE texts SET text = 'Boat 9' WHERE document_id = (SELECT document_id FROM passages WHERE key = 3)",
    "title": "UPDATE documents SET title = 'x' WHERE document_id = (SELECT document_id FROM passages WHERE key = 3)",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_damaged_is_copied_in_silence(source: Store, target: Store, damage: str) -> None:
    fill(source, [1, 2, 3])
    own = document_of(2)[0].document_id
    with closing(sqlite3.connect(source.path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(DAMAGES[damage])
    copied = copy(source, target)
    assert list(copied.damaged) == [own]
    assert (copied.documents, copied.state) == (2, None)
    assert own not in read(target, lambda reader: reader.document_ids())
    delete(source, own)
    put(source, *document_of(2))
    assert copy(source, target).damaged == {}
    assert held(target) == held(source)


def test_what_the_target_does_not_give_back_is_told(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source, [1, 2])

    def padded(passage: Passage) -> list[str | int | None]:
        return passage_values(replace(passage, section=("of another store",)))

    monkeypatch.setattr("corpus.store.writer.passage_values", padded)
    with pytest.raises(StoreDamaged, match=f"{TARGET} does not give document .* back as it was written to it"):
        copy(source, target)
    assert state(target).documents == 0


# As a process that is killed before it writes for a time, and after it.
KILLED = """
import os, sys
from contextlib import contextmanager
from pathlib import Path
from corpus.store import copying
from corpus.store.copied import Side
from corpus.store.sqlite import DATABASE_FILE, Store
copying.BATCH_BYTES, copying.PAGE_PASSAGES = 1, 3
class Killed(Store):
    left = int(sys.argv[3])
    def stopping(self):
        Killed.left -= 1
        if not Killed.left:
            os._exit(9)
    @contextmanager
    def writing(self):
        self.stopping()
        with super().writing() as writer:
            yield writer
            self.stopping()
        self.stopping()
Store.open(Path(sys.argv[2]), create=True).close()
with Store.open(Path(sys.argv[1])) as source, Killed(Path(sys.argv[2]) / DATABASE_FILE) as target:
    sides = Side("the source", source), Side("the target", target)
    for _ in copying.Copying(*sides, lambda *_: True).run():
        pass
"""


def test_a_copy_that_is_killed_goes_on(source: Store, tmp_path: Path) -> None:
    fill(source, range(3))
    with source.writing() as writer:
        writer.uploads.add(Upload("file-1", "a.txt", "assistants", 1, 7), b"a")
        writer.jobs.add(Job("j_1", JobState.QUEUED, "a.txt", "2026-11-26T20:51:07Z", "2026-11-26T20:51:07Z"), b"a")
    at = 0
    code = 9
    while code == 9:
        at += 1
        folder = tmp_path / f"killed-{at}"
        command = [sys.executable, "-c", KILLED, str(tmp_path / "source"), str(folder), str(at)]
        done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
        code = done.returncode
        assert code in (0, 9), done.stderr
        with Store.open(folder, create=True) as target:
            before = state(target).documents
            copied = copy(source, target)
            assert copied.documents == 3 - before, "what was durable is not copied again"
            assert held(target) == held(source)
            assert order(target) == order(source)
    assert at > 15, "it was killed everywhere"


CHANGES = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["put", "other", "delete", "file"])), max_size=8)


@given(CHANGES, CHANGES)
@settings(max_examples=25)
def test_whatever_both_held(mine: list[tuple[int, str]], theirs: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder:
        with (
            Store.open(Path(folder) / "a", create=True) as source,
            Store.open(Path(folder) / "b", create=True) as target,
        ):
            for store, changes in ((source, mine), (target, theirs)):
                for number, what in changes:
                    act(store, number, what)
            copy(source, target, replacing=True)
            assert held(target) == held(source)
