"""What the kit shares: an engine over an empty folder, and documents of our own to put into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.document import Document, make_document
from corpus.store.stored import Key
from corpus.store.truth import Truth
from index.cutting import Entry
from index.engine import Engine, Index
from index.filters.conditions import Condition
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from index.terms.terms import read_question
from index.writer import Indexer
from tests.conformance.engines import ENGINES
from tests.conformance.truths import TRUTHS, opened

PLACES = ("山村", "渡口", "茶园", "市场", "学校", "车间", "the harbour", "the library", "the mill", "the orchard")
DEEDS = (
    "在2022年卖出茶叶14吨",
    "在2023年来了三十名工人",
    "修好了旧桥",
    "opened in 1931",
    "owns 6200 books",
    "was closed",
)


def document_of(number: int, version: int = 0) -> Document:
    """A document whose words depend on its number and version, with a date, a language of its own, and metadata."""
    place, deed = PLACES[number % len(PLACES)], DEEDS[(number // len(PLACES) + version) % len(DEEDS)]
    other = f"{place} {number} 的另一段话，与{deed}有关。"
    text = f"# {place} {number}\n\n{place}{deed}。这是第{version}版。\n\n## 其他\n\n{other}"
    return make_document(
        text,
        source=f"folder{number % 3}/{number}.md",
        published=f"20{10 + number % 12}-0{1 + number % 9}",
        publisher=PLACES[number % 3],
        metadata={"department": DEEDS[number % 2], "tags": [PLACES[number % 4]]},
    )


@dataclass(frozen=True)
class Folder:
    """A data folder of an engine."""

    engine: Engine
    path: Path

    @contextmanager
    def truth(self) -> Iterator[Truth]:
        with self.engine.open_truth(self.path, True) as truth:
            yield truth

    def put(self, *documents: Document) -> None:
        with self.truth() as truth:
            list(Indexer(truth, HashEncoder()).add(map(Entry, documents)))

    def delete(self, document_id: str) -> None:
        with self.truth() as truth, truth.writing() as writer:
            writer.delete(document_id)

    @contextmanager
    def open(self) -> Iterator[OpenIndex]:
        with open_index(self.path, lambda name: HashEncoder(), engine=self.engine) as opened:
            yield opened

    def save(self) -> None:
        with self.open() as opened:
            opened.index.save()


@pytest.fixture(params=ENGINES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """An empty data folder of each engine in turn."""
    return Folder(ENGINES[request.param], tmp_path / "data")


def found(opened: OpenIndex, question: str, k: int, condition: Condition | None = None) -> tuple[list[Key], list[Key]]:
    """Return what both sides of an index find for a question."""
    (vector,) = HashEncoder().encode_queries([question])
    with opened.truth.reading() as reader, opened.index.refreshed(reader):
        return opened.index.dense(vector, k, condition), opened.index.lexical(read_question(question), k, condition)


def held(index: Index, truth: Truth) -> set[Key]:
    """Return the keys that an index finds when it is asked for all."""
    (vector,) = HashEncoder().encode_queries(["x"])
    with truth.reading() as reader, index.refreshed(reader):
        return set(index.dense(vector, 10_000, None))


@pytest.fixture(params=TRUTHS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of truth in turn."""
    return str(request.param)


@pytest.fixture
def truth(kind: str, tmp_path: Path) -> Iterator[Truth]:
    """An empty truth of each kind in turn."""
    with opened(kind, tmp_path / "truth") as found:
        yield found
