"""An answer is given again as long as nothing it could depend on has changed."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter, sleep

import pytest

from corpus.document import make_document
from index.answer import IndexState, SearchResult
from index.filters.making import make_condition
from index.models.encoder import Encoder
from index.models.hashing import HashEncoder
from index.opening import OpenIndex
from index.query import Method, Query
from index.remembering import RememberingSearcher
from tests.index_fixtures import AskedEncoder, index_documents
from tests.store_fixtures import delete

QUESTION = Query("茶叶卖出多少吨")


def remembering(
    index: OpenIndex, encoder: Encoder | None = None, answers: int = 100, questions: int = 100
) -> RememberingSearcher:
    return RememberingSearcher(index.truth, index.index, encoder or HashEncoder(), answers=answers, questions=questions)


def untimed(result: SearchResult) -> SearchResult:
    return replace(result, timings_ms={})


def test_the_same_question_of_the_same_index_is_answered_once(index: OpenIndex) -> None:
    encoder = AskedEncoder()
    searcher = remembering(index, encoder)
    first, again = searcher.search(QUESTION), searcher.search(QUESTION)
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
    searcher = remembering(index)
    searcher.search(QUESTION)
    assert untimed(searcher.search(other)) == untimed(index.searcher.search(other))


def test_what_was_indexed_since_is_found(data_dir: Path, index: OpenIndex) -> None:
    searcher = remembering(index)
    before = searcher.search(QUESTION)
    index_documents(data_dir, [make_document("茶叶卖出多少吨？卖出九十九吨。", source="new.txt")])
    after = searcher.search(QUESTION)
    assert after.results[0].citation.source == "new.txt"
    assert after.index != before.index
    delete(index.truth, after.results[0].document_id)
    assert untimed(searcher.search(QUESTION)) == untimed(before)


def test_what_was_asked_for_longest_ago_is_forgotten_first(index: OpenIndex) -> None:
    encoder = AskedEncoder()
    searcher = remembering(index, encoder, answers=2, questions=1)
    for text in ("茶", "人", "茶", "山", "茶", "人"):
        searcher.search(Query(text))
    assert encoder.asked == ["茶", "人", "山", "人"]


def test_a_question_is_encoded_once_whatever_else_is_asked_of_it(data_dir: Path, index: OpenIndex) -> None:
    encoder = AskedEncoder()
    searcher = remembering(index, encoder)
    first = searcher.search(QUESTION)
    searcher.search(replace(QUESTION, k=1))
    index_documents(data_dir, [make_document("别的事。", source="new.txt")])
    again = searcher.search(QUESTION)
    assert encoder.asked == [QUESTION.text]
    assert again.results[0].passage_id == first.results[0].passage_id


LAST_YEAR = Query("去年茶叶卖出多少吨", today=date(2026, 11, 26))


def test_last_year_is_another_one_next_year(index: OpenIndex) -> None:
    encoder = AskedEncoder()
    searcher = remembering(index, encoder)
    for day, year in ((date(2026, 11, 26), 2025), (date(2026, 12, 31), 2025), (date(2027, 1, 1), 2026)):
        reason = searcher.search(replace(LAST_YEAR, today=day)).no_answer_reason
        assert reason is None or str(year) in reason
    assert encoder.asked == ["去年(2025年)茶叶卖出多少吨", "去年(2026年)茶叶卖出多少吨"]


def test_a_day_changes_nothing_where_the_question_speaks_of_none(index: OpenIndex) -> None:
    encoder = AskedEncoder()
    searcher = remembering(index, encoder)
    first = searcher.search(QUESTION)
    again = searcher.search(replace(QUESTION, today=date(1999, 1, 1)))
    assert encoder.asked == [QUESTION.text]
    assert first.timings_ms["encode"] > 0 and again.timings_ms["encode"] == 0


def test_the_same_words_asked_in_full_are_another_question(index: OpenIndex) -> None:
    searcher = remembering(index)
    for text in ("去年茶叶卖出多少吨", "去年(2025年)茶叶卖出多少吨"):
        query = replace(LAST_YEAR, text=text)
        assert untimed(searcher.search(query)) == untimed(index.searcher.search(query))
        assert searcher.search(query).query == text


def test_the_time_told_is_the_time_taken(data_dir: Path, index: OpenIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    searcher = remembering(index)
    state = RememberingSearcher.state

    def slow(searcher: RememberingSearcher) -> IndexState:
        sleep(0.02)  # as long as it takes to read what was written meanwhile
        return state(searcher)

    def told(least: float) -> set[str]:
        started = perf_counter()
        timings = dict(searcher.search(QUESTION).timings_ms)
        taken = (perf_counter() - started) * 1000
        assert least <= timings["search"] <= timings["total"] <= taken
        return {stage for stage, spent in timings.items() if spent}

    monkeypatch.setattr(RememberingSearcher, "state", slow)
    assert told(0) == {"encode", "search", "rerank", "total"}
    assert told(20) == {"search", "total"}  # remembered, if nothing was written
    index_documents(data_dir, [make_document("别的事。", source="new.txt")])
    assert told(20) == {"encode", "search", "rerank", "total"}


def test_a_question_in_the_words_of_the_passages_is_encoded_once_too(data_dir: Path, index: OpenIndex) -> None:
    encoder = AskedEncoder()
    searcher = remembering(index, encoder)
    asked = Query("How much tea was sold in 2022?")
    first = searcher.search(asked)
    assert first.results[0].citation.source == "tea.md"
    question, gloss = encoder.asked
    assert question == asked.text
    assert "茶" in gloss and "多少" in gloss and "tea" not in gloss
    searcher.search(replace(asked, k=1))
    assert encoder.asked == [question, gloss]
    searcher.search(replace(asked, method=Method.HYBRID))
    searcher.search(replace(QUESTION, text="2022年卖出茶叶多少吨"))
    assert encoder.asked == [question, gloss, "2022年卖出茶叶多少吨"], "nothing else is put in other words"
