"""The truth in a database against the one in SQLite: whatever is written to both, both tell the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from corpus.document import Document, DocumentFacts, make_document
from corpus.errors import IdTaken, NotFound
from corpus.passage import Page, Passage, Quotation, Span
from corpus.store.job import Job, JobState
from corpus.store.large import Large
from corpus.store.originals import Original
from corpus.store.sqlite import Store
from corpus.store.stored import Features, Key, Selection, Years
from corpus.store.truth import Reader, Truth, Writer
from corpus.store.uploads import Upload
from index.models.vectors import STORED
from index.terms.packing import pack_terms
from tests.store_fixtures import read

if TYPE_CHECKING:
    from index.oceanbase.connecting import Database

# Equal but for what a database may overlook: spaces at the end, case, composition, NUL, code points beyond the first
# plane, quotes, marks of values; and one as long as an id may be.
IDS = ("a", "a ", "A", "á", "a\u0301", "a\0", "𝒳", "'\"\\", "%s", "船" * 200)
TEXTS = ("", "a", "Ein Kai, 泊位三十六个, 🚢🚢.\n" * 3, "x" * 262_143 + "泊位🚢", "ＦＵＬＬ straße ẞ\t\\ ' \" %s\r\n")
PATHS = ("/a/b.md", "/a/B.md", "/船/c d.md", "/" + "long/" * 60 + "e.md")
MOMENT = "2026-11-26T20:51:07Z"

ids, texts, paths, small = (st.sampled_from(each) for each in (IDS, TEXTS, PATHS, range(4)))


def document_of(document_id: str, text: str, number: int) -> Document:
    return make_document(
        text,
        source=f"{document_id[:3]}{'ß' * number}.md",
        document_id=document_id,
        title=text[:40].replace("\n", " ") or None,
        language=("en", "EN", "zh", "und")[number],
        published=(None, "2026", "2026-04", "2026-04-16")[number],
        url=None if number else "",
        author=None if number % 2 else "某 ",
        metadata={"tags": ["甲", 1], "nested": {"a": None}, "null": "\0"} if number else {},
        synonyms={"船": ("boat", "舟")} if number == 2 else {},
        page_labels=("i", None) if number == 3 else (),
    )


def passages_of(document: Document, number: int) -> tuple[list[Passage], list[Features]]:
    """So many passages of a document, with all that passages may have."""
    passages = [
        Passage(
            f"p_{document.document_id}_{document.sha256[:8]}_{each}",
            document.document_id,
            each,
            each + 3,
            document.text[each : each + 3],
            "t ",
            ("茶", ""),
            f"searched {each}",
            (Span(0, 1),),
            (Page(0, 3, "iv"), Page(2, 4)),
            Quotation(0, 1, "#") if each else None,
        )
        for each in range(number)
    ]
    vector = np.array([1, 0, 0, 0], STORED).tobytes()
    features = [
        Features(vector, bytes(range(256)), b"", b"\0'\\%s", pack_terms({"茶": each + 1, "boat": 1}), (2022, each))
        for each in range(number)
    ]
    return passages, features


def everything(reader: Reader) -> dict[str, Any]:
    """All that a reader tells."""
    found = reader.document_ids()
    keys = reader.keys()
    return {
        "state": reader.state(),
        "sequence": reader.sequence(),
        "keys": keys,
        "documents": [reader.document(each) for each in found],
        "stored": [reader.passages_of(each) for each in found],
        "texts": [reader.text(each, 1, 262_144) for each in found],
        "places": [reader.large.place(each, 2, 262_145) for each in found],
        "sizes": [reader.large.size(kind, each) for each in found for kind in Large],
        "pieces": [reader.large.piece(kind, each, 3, 262_144) for each in found for kind in Large],
        "known": [
            (reader.document_sequence(each), reader.document_path(each), reader.document_checksum(each)) for each in IDS
        ],
        "counts": [reader.count_passages(each) for each in IDS],
        "facts": reader.facts(IDS),
        "facets": in_order(reader.facets()),
        "some facets": in_order(reader.facets(IDS[:3])),
        "paths": reader.document_paths(),
        "changes": [reader.changes(since) for since in range(reader.sequence() + 1)],
        "summaries": reader.summaries(3, "a"),
        "selected": [reader.summaries(9, "", each) for each in SELECTIONS],
        "ids": reader.document_ids("a", "船", 2, back=True),
        "cited": reader.cited(keys),
        "dates": reader.dates(keys),
        "synonyms": reader.synonyms(keys),
        "vectors": reader.vectors(keys),
        "tokens": reader.tokens(keys),
        "terms": reader.terms(keys),
        "searched": reader.search_texts(keys),
        "originals": [reader.originals.find(each) for each in IDS],
        "bytes": (reader.originals.sizes(IDS), reader.originals.total()),
        "uploads": (reader.uploads.all(), reader.uploads.total(), reader.uploads.created(IDS)),
        "contents": [reader.uploads.content(each) for each in IDS],
        "jobs": (
            reader.jobs.last(9),
            reader.jobs.last(2, JobState.FAILED),
            reader.jobs.open(),
            reader.jobs.count_open(),
        ),
        "unstored": [reader.jobs.unstored(), *(reader.jobs.unstored(each) for each in IDS)],
        "beginning": reader.jobs.beginning("a"),
        "files": [reader.jobs.content(each) for each in IDS],
        "notes": [reader.meta(each) for each in IDS],
        "derived": [reader.derived(each) for each in IDS],
        "errors": reader.integrity_errors(),
    }


def in_order(facets: Iterable[tuple[DocumentFacts, dict[Key, Years]]]) -> list[object]:
    """Facets by the keys of their passages, and those without passages, whose order is not said, by their ids."""
    return sorted(facets, key=lambda each: (min(each[1], default=10**9), each[0].document_id))


# Without looking for the smallest example that fails, each step of which is some hundred round trips.
SETTINGS = settings(max_examples=10, stateful_step_count=20, deadline=None, phases=[Phase.generate])
SELECTIONS = (
    Selection(words="SS"),
    Selection(words="%"),
    Selection(language="en"),
    Selection(language="EN", source="aß.md"),
    Selection(source="A.md"),
)


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
        self._write(lambda writer: writer.find_document(document_id) and writer.originals.keep(document_id, original))

    @rule(upload_id=ids, size=small)
    def upload(self, upload_id: str, size: int) -> None:
        upload = Upload(upload_id, "a.md", "assistants", size, 1_700_000_000 + size)
        self._write(lambda writer: writer.uploads.find(upload_id) or writer.uploads.add(upload, b"\0" * size))

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
