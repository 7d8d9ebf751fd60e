"""The documents that come with wherefrom: what they say of themselves, and that they answer."""

from pathlib import Path

import pytest

from corpus.document import Document
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.store.sqlite import Store
from index.models.encoder import Encoder
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.syncing import index_paths
from index.verify import verify
from index.writer import Indexer
from tests.conftest import STARTER_CORPUS


def starter_documents() -> list[Document]:
    found = list(read_documents([STARTER_CORPUS]))
    assert not [each for each in found if isinstance(each, Skipped)]
    return [each[1] for each in found if not isinstance(each, Skipped)]


def test_every_document_names_its_title_date_and_sources() -> None:
    documents = starter_documents()
    assert 6 <= len(documents) <= 10
    for document in documents:
        assert document.title and document.published and document.publisher
        assert document.metadata["license"] == "Apache-2.0"
        assert document.metadata["draws_on"]
    assert {document.language for document in documents} == {"zh", "en"}


# Official names may be as long as they are.
NAMES = (
    "第八届上海市对口地区特色商品展销会",
    "第二十三届中国昆明国际花卉展",
    "中国老挝磨憨—磨丁经济合作区",
    "中国（云南）自贸试验区昆明片区",
)
COPIED = 14  # characters that no two writers choose alike


def test_no_sentence_is_copied_from_the_articles(shared: Path) -> None:
    articles = "".join("".join(file.read_text("utf-8").split()) for file in (shared / "corpus").glob("0*.txt"))
    for document in starter_documents():
        words = "".join(document.text.split())
        for name in NAMES:
            words = words.replace(name, "")
        runs = {words[start : start + COPIED] for start in range(len(words) - COPIED)}
        assert not {run for run in runs if run in articles}, document.source


def test_it_is_indexed_and_verified(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        list(index_paths(store, Indexer(store, HashEncoder()), [STARTER_CORPUS]))
        assert not list(verify(store, tmp_path))


@pytest.mark.model
def test_the_first_question_is_answered_from_it(tmp_path: Path, real_encoder: Encoder) -> None:
    with Store.open(tmp_path, create=True) as store:
        list(index_paths(store, Indexer(store, real_encoder), [STARTER_CORPUS]))
    with open_index(tmp_path, lambda name: real_encoder) as index:
        for question in ("how many Yunnan workers came to Shanghai in 2022", "2022年有多少云南人到上海工作"):
            best = index.searcher.search(Query(question)).results[0].citation.quote
            assert "14809" in best or "14,809" in best
