"""Uploaded files in a truth, the jobs and sizes of documents by their ids."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import make_document
from corpus.store.job import Job, JobState
from corpus.store.originals import Original
from corpus.store.uploads import Upload
from tests.conformance.truths import opened

MOMENT = "2026-11-26T20:51:07Z"


def upload(number: int) -> Upload:
    return Upload(f"file-{number}", f"{number}.md", "assistants", number, 1_700_000_000 + number)


def test_uploads_are_kept_listed_and_removed(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as store:
        with store.writing() as writer:
            for number in (2, 1, 3):
                writer.uploads.add(upload(number), b"x" * number)
        with pytest.raises(RuntimeError, match="in between"), store.writing() as writer:
            writer.uploads.remove(["file-1"])
            raise RuntimeError("in between")
        with store.writing() as writer:
            assert writer.uploads.remove(["file-2", "file-9"]) == 1
        with store.reading() as reader:
            assert reader.uploads.all() == [upload(1), upload(3)]
            assert reader.uploads.total() == (2, 4)
            assert reader.uploads.find("file-3") == upload(3)
            assert reader.uploads.content("file-3") == b"xxx"
            assert reader.uploads.created(["file-3", "file-2"]) == {"file-3": 1_700_000_003}
            assert reader.uploads.find("file-2") is None
            assert reader.uploads.content("file-2") is None


def test_the_last_job_of_a_document_counts_until_it_is_stored(kind: str, tmp_path: Path) -> None:
    def job(job_id: str, state: JobState, document_id: str | None) -> Job:
        return Job(job_id, state, "a.md", MOMENT, MOMENT, document_id)

    with opened(kind, tmp_path) as store, store.writing() as writer:
        writer.put(make_document("A buoy.", source="a.md", document_id="there"), [], [])
        for each in (
            job("b_1", JobState.FAILED, "failed"),
            job("b_2", JobState.QUEUED, "again"),
            job("b_3", JobState.DONE, "deleted"),
            job("b_4", JobState.FAILED, "there"),
            job("c_5", JobState.QUEUED, None),
        ):
            writer.jobs.add(each)
        renewed = replace(job("c_6", JobState.READING, "again"), source="b.md")
        writer.jobs.add(renewed)
        assert [each.job_id for each in writer.jobs.unstored()] == ["b_1", "c_6"]
        assert writer.jobs.unstored("again") == [renewed]
        assert writer.jobs.unstored("there") == writer.jobs.unstored("deleted") == []
        assert [each.job_id for each in writer.jobs.beginning("b_")] == ["b_1", "b_2", "b_3", "b_4"]
        writer.jobs.forget("again")
        assert [each.job_id for each in writer.jobs.unstored()] == ["b_1"]


def test_a_document_has_the_bytes_of_its_file_or_else_of_its_text(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as store, store.writing() as writer:
        assert writer.originals.total() == 0
        for name, text in (("a", "船"), ("b", "boat"), ("c", "buoys")):
            writer.put(make_document(text, source=name, document_id=name), [], [])
        writer.originals.keep("c", Original("text/plain", b"x" * 100))
        assert writer.originals.sizes(["a", "b", "c", "d"]) == {"a": 3, "b": 4, "c": 100}
        assert writer.originals.total() == 107


def test_ids_are_read_in_stretches(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as store, store.writing() as writer:
        for name in ("a", "b", "c", "船"):
            writer.put(make_document(name, source=name, document_id=name), [], [])
        assert writer.document_ids() == ["a", "b", "c", "船"]
        assert writer.document_ids(above="a", below="c") == ["b"]
        assert writer.document_ids(above="a", most=2) == ["b", "c"]
        assert writer.document_ids(below="船", most=2, back=True) == ["c", "b"]
