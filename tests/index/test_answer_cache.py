"""An answer is given again as long as nothing it could depend on has changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import make_document
from index.answer import SearchResult
from index.answer_cache import AnswerCache
from index.filters.making import make_condition
from index.opening import OpenIndex, open_index
from index.query import Method, Query
from tests.index_fixtures import AskedEncoder, index_documents

QUESTION = Query("茶叶卖出多少吨")


def untimed(result: SearchResult) -> SearchResult:
    return replace(result, timings_ms={})


def test_the_same_question_of_the_same_index_is_answered_once(data_dir: Path) -> None:
    encoder = AskedEncoder()
    cache = AnswerCache()
    with open_index(data_dir, lambda name: encoder) as index:
        first = cache.search(index.searcher, QUESTION)
        again = cache.search(index.searcher, QUESTION)
        assert encoder.asked == [QUESTION.text]
        assert untimed(first) == untimed(again) == untimed(index.searcher.search(QUESTION))
        assert again.timings_ms.keys() == first.timings_ms.keys()
        assert again.timings_ms["encode"] == again.timings_ms["rerank"] == 0


@pytest.mark.parametrize(
    "other",
    [
        Query("茶叶卖出多少吨？"),
        replace(QUESTION, k=1),
        replace(QUESTION, context_sentences=1),
        replace(QUESTION, min_confidence=0.5),
        replace(QUESTION, filters=make_condition(source=("tea.md",))),
        replace(QUESTION, method=Method.LEXICAL),
    ],
)
def test_whatever_differs_is_another_question(index: OpenIndex, other: Query) -> None:
    cache = AnswerCache()
    cache.search(index.searcher, QUESTION)
    assert untimed(cache.search(index.searcher, other)) == untimed(index.searcher.search(other))


def test_what_was_indexed_since_is_found(data_dir: Path, index: OpenIndex) -> None:
    cache = AnswerCache()
    before = cache.search(index.searcher, QUESTION)
    index_documents(data_dir, [make_document("茶叶卖出多少吨？卖出九十九吨。", source="new.txt")])
    after = cache.search(index.searcher, QUESTION)
    assert after.results[0].citation.source == "new.txt"
    assert after.index != before.index
    index.store.delete(after.results[0].document_id)
    assert untimed(cache.search(index.searcher, QUESTION)) == untimed(before)


def test_the_answer_asked_for_longest_ago_is_forgotten_first(data_dir: Path) -> None:
    encoder = AskedEncoder()
    cache = AnswerCache(answers=2)
    with open_index(data_dir, lambda name: encoder) as index:
        for text in ("茶", "人", "茶", "山", "茶", "人"):
            cache.search(index.searcher, Query(text))
    assert encoder.asked == ["茶", "人", "山", "人"]
