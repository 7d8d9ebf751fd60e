"""The truth in a database against the one in SQLite: whatever is written to both, both tell the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from corpus.errors import IdTaken, NotFound
from corpus.store.job import Job, JobState
from corpus.store.originals import Original
from corpus.store.sqlite import Store
from corpus.store.truth import Truth, Writer
from corpus.store.uploads import Upload
from tests.cluster.truth_fixtures import IDS, PATHS, TEXTS, document_of, everything, passages_of
from tests.store_fixtures import read

if TYPE_CHECKING:
    from index.oceanbase.connecting import Database

MOMENT = "2026-11-26T20:51:07Z"

ids, texts, paths, small = (st.sampled_from(each) for each in (IDS, TEXTS, PATHS, range(4)))

# Without looking for the smallest example that fails, each step of which is some hundred round trips.
SETTINGS = settings(max_examples=10, stateful_step_count=20, deadline=None, phases=[Phase.generate])


class Equal(RuleBasedStateMachine):
    """Writes to both, and compares what they tell and how they fail."""

    database: "ClassVar[Database]"

    @initialize()
    def begin(self) -> None:
        from index.oceanbase.truth import OceanBaseTruth

        self._place = TemporaryDirectory()
        self._sqlite = Store.open(Path(self._place.name), create=True)
        self._other = OceanBaseTruth.open(self.database, f"e{uuid4().hex}", create=True)

    @rule(document_id=ids, text=texts, number=small, passages=small, path=st.none() | paths)
    def put(self, document_id: str, text: str, number: int, passages: int, path: str | None) -> None:
        document = document_of(document_id, text, number)
        file = None if path is None else Path(path)
        self._write(lambda writer: writer.put(document, *passages_of(document, passages), file))

    @rule(document_id=ids)
    def delete(self, document_id: str) -> None:
        self._write(lambda writer: writer.delete(document_id))

    @rule(document_id=ids, size=small)
    def keep(self, document_id: str, size: int) -> None:
        original = Original("application/pdf", b"\0'\xff" * size * 100_000, size or None)

        def change(writer: Writer) -> None:
            if writer.find_document(document_id) is not None:
                writer.originals.keep(document_id, original)

        self._write(change)

    @rule(upload_id=ids, size=small)
    def upload(self, upload_id: str, size: int) -> None:
        upload = Upload(upload_id, "a.md", "assistants", size, 1_700_000_000 + size)

        def change(writer: Writer) -> None:
            if writer.uploads.find(upload_id) is None:
                writer.uploads.add(upload, b"\0" * size)

        self._write(change)

    @rule(upload_ids=st.lists(ids, max_size=3, unique=True))
    def remove(self, upload_ids: Sequence[str]) -> None:
        self._write(lambda writer: writer.uploads.remove(upload_ids))

    @rule(job_id=ids, document_id=st.none() | ids, state=st.sampled_from(JobState), content=st.none() | st.binary())
    def work(self, job_id: str, document_id: str | None, state: JobState, content: bytes | None) -> None:
        job = Job(job_id, JobState.QUEUED, "a ", MOMENT, MOMENT, document_id, {"title": "船"}, reason="\0")

        def change(writer: Writer) -> None:
            if any(each.job_id == job_id for each in writer.jobs.last(99)):
                writer.jobs.update(replace(job, state=state, passages=3, total=9, pages=2))
            else:
                writer.jobs.add(job, content)

        self._write(change)

    @rule(document_id=ids)
    def forget(self, document_id: str) -> None:
        self._write(lambda writer: writer.jobs.forget(document_id))

    @rule(name=ids, value=texts)
    def note(self, name: str, value: str) -> None:
        self._write(lambda writer: writer.set_meta(name, value))
        self._write(lambda writer: writer.record_derived(name, "0" * 64, len(value)))

    @rule(document_id=ids, path=paths)
    def move(self, document_id: str, path: str) -> None:
        if path not in read(self._sqlite, lambda reader: reader.document_paths()):
            self._write(lambda writer: writer.set_path(document_id, Path(path)))

    @rule()
    def recount(self) -> None:
        self._write(lambda writer: writer.recount())

    @rule(document_id=ids)
    def break_off(self, document_id: str) -> None:
        def work(writer: Writer) -> None:
            writer.put(document_of(document_id, "half", 1), [], [])
            writer.recount()
            raise NotFound("in between")

        self._write(work)

    @rule()
    def both_tell_the_same(self) -> None:
        one, other = read(self._sqlite, everything), read(self._other, everything)
        for name, told in one.items():
            assert other[name] == told, name

    def teardown(self) -> None:
        if hasattr(self, "_other"):
            self.both_tell_the_same()
            from index.oceanbase.collections import delete

            self._sqlite.close()
            self._place.cleanup()
            delete(self.database, self._other.name)

    def _write(self, work: Callable[[Writer], object]) -> None:
        assert result_of(self._other, work) == result_of(self._sqlite, work)


def result_of(truth: Truth, work: Callable[[Writer], object]) -> tuple[object, object]:
    """What a write returns, or how it fails."""
    try:
        with truth.writing() as writer:
            return work(writer), None
    except (IdTaken, NotFound) as error:
        return type(error), str(error)


def test_both_tell_the_same(database: "Database") -> None:
    machine = type("Equal", (Equal,), {"database": database})
    run_state_machine_as_test(machine, settings=SETTINGS)
