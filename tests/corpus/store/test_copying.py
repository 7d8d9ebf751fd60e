"""Copying from one truth to another: all of it comes over as it is, whatever stops it, and nothing is lost unsaid."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.errors import AlreadyExists
from corpus.store.copying import UNFINISHED
from corpus.store.job import Job, JobState
from corpus.store.originals import Original
from corpus.store.sqlite import Store
from corpus.store.uploads import Upload
from tests.copying_fixtures import SOURCE, TARGET, act, copy, document_of, fill, held, order
from tests.store_fixtures import document_in, put, read, state


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


@pytest.mark.parametrize("replacing", [False, True])
def test_a_store_by_another_name_is_not_copied_to_itself(source: Store, tmp_path: Path, replacing: bool) -> None:
    fill(source, [1, 2])
    before = held(source)
    with Store.open(tmp_path / "source") as same, pytest.raises(AlreadyExists, match=f"{TARGET} is {SOURCE} itself"):
        copy(source, same, replacing=replacing)
    assert held(source) == before
    assert not read(source, lambda reader: reader.meta(UNFINISHED)), "it is whole, and can be asked and copied"


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
