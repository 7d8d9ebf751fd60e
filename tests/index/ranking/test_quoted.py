"""What is quoted is read, and checked, once in each state of an index."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.passage import Passage
from corpus.store.reader import SqliteReader
from corpus.store.sqlite import Store
from corpus.store.stored import Key
from index.opening import OpenIndex
from index.query import Query
from index.ranking import quoted
from index.ranking.quoted import Quoted
from tests.index_fixtures import index_documents, make_corpus

QUESTION = "上海援助了多少万元？"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Key]:
    """The keys that a store is asked for, to be quoted."""
    keys: list[Key] = []
    cited = SqliteReader.cited

    def noting(self: SqliteReader, some: Sequence[Key]) -> dict[Key, Passage]:
        keys.extend(some)
        return cited(self, some)

    monkeypatch.setattr(SqliteReader, "cited", noting)
    return keys


def test_what_is_quoted_again_is_not_read_again(index: OpenIndex, asked: list[Key]) -> None:
    first = index.searcher.search(Query(QUESTION))
    before = list(asked)
    assert before and index.searcher.search(Query(QUESTION)).results == first.results
    assert asked == before


def test_what_is_known_of_a_document_changes_with_it(data_dir: Path, index: OpenIndex) -> None:
    first = index.searcher.search(Query(QUESTION)).results[0].citation
    changed = [replace(each, title="Another title") for each in make_corpus() if each.document_id == first.document_id]
    index_documents(data_dir, changed)
    again = index.searcher.search(Query(QUESTION))
    assert {each.citation.title for each in again.results if each.document_id == first.document_id} == {"Another title"}


def test_no_more_is_remembered_than_so_much(data_dir: Path, asked: list[Key], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoted, "MOST", 2)
    remembered = Quoted()
    with Store.open(data_dir) as store, store.reading() as reader:
        keys = reader.keys()
        assert remembered.passages(reader, "one", keys, ()) == reader.cited(keys)
        asked.clear()
        remembered.passages(reader, "one", keys[-2:], ())
        assert asked == []
        remembered.passages(reader, "one", keys[:1], ())
        assert asked == keys[:1]
        asked.clear()
        remembered.passages(reader, "two", keys[-2:], ())  # another state: nothing is taken from the one before
        assert asked == keys[-2:]
        asked.clear()
        assert remembered.passages(reader, "two", (), keys[-2:]) == reader.named(keys[-2:])
        assert asked == [], "what was computed of them is not read"
        ids = {each.document_id for each in remembered.passages(reader, "two", keys, ()).values()}
        assert remembered.facts(reader, "two", ids) == remembered.facts(reader, "two", ids) == reader.facts(ids)
