"""A small corpus of our own and an index of it with the shipped hash encoder, for the tests that need one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.document import Document, make_document
from corpus.store.sqlite import Store
from index.cutting import Entry, Indexed
from index.models.encoder import Encoded, Encoder
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from index.writer import Indexer

TEXTS = {
    "tea.md": (
        "# 茶\n\n山上的村子从上世纪开始种茶。2022年卖出茶叶14。5吨，收入三百万元。\n\n"
        "## 制茶\n\n新车间在2023年建成，每年能制茶四十吨。"
    ),
    "work.txt": (
        "就业的数字\n\n2022年到上海工作的有14809人，其中6460人曾是贫困户。\n\n留在省内的有131173人。去别处的有34128人。"
    ),
    "school.md": (
        "# Schools\n\nThirty-five schools sent teachers to the mountains. They stay for three years and teach together."
    ),
}


class AskedEncoder(HashEncoder):
    """Takes down which questions it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        self.asked.extend(texts)
        return super().encode_queries_with_tokens(texts)


def make_corpus() -> list[Document]:
    return [make_document(text, source=source, published=f"202{n}") for n, (source, text) in enumerate(TEXTS.items())]


def index_documents(data_dir: Path, documents: list[Document], encoder: Encoder | None = None) -> list[Indexed]:
    with Store.open(data_dir, create=True) as store:
        return list(Indexer(store, encoder or HashEncoder()).add(map(Entry, documents)))


def save_snapshot(data_dir: Path) -> None:
    with open_index(data_dir, lambda name: HashEncoder()) as index:
        index.index.save()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder with the small corpus indexed and its vector index saved."""
    folder = tmp_path / "data"
    index_documents(folder, make_corpus())
    save_snapshot(folder)
    return folder


@pytest.fixture
def index(data_dir: Path) -> Iterator[OpenIndex]:
    """The small corpus, open for searching."""
    with open_index(data_dir, lambda name: HashEncoder()) as opened:
        yield opened
