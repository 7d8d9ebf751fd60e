"""Answers: every citation cuts back, every highlight is a sentence of it, every bound holds."""

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import InvalidInput
from corpus.store.sqlite import Store
from index import searcher
from index.answer import Result
from index.filters.making import make_condition
from index.models import hashing
from index.models.encoder import Encoded, Progress, Vectors
from index.models.hashing import HashEncoder
from index.opening import OpenIndex
from index.query import MAX_QUESTION, Method, Query
from index.terms.gloss import NO_GLOSS, Gloss
from tests.index_fixtures import make_corpus
from tests.store_fixtures import delete, document_in, passages_in, put, state

QUESTION = "2022年到上海工作的有多少人"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip))
def test_every_citation_of_every_answer_cuts_back(index: OpenIndex, text: str) -> None:
    try:
        result = index.searcher.search(Query(text, k=50))
    except InvalidInput:
        return
    assert len(result.results) == state(index.truth).passages
    for each in result.results:
        citation = each.citation
        document = document_in(index.truth, each.document_id)
        assert citation.quote == document.text[citation.start : citation.end]
        assert citation.document_sha256 == hashlib.sha256(document.text.encode()).hexdigest()
        assert "".join(each.text.split()) == "".join(citation.quote.split())
        assert all(citation.start <= span.start < span.end <= citation.end for span in each.highlights)
        assert list(each.highlights) == sorted(each.highlights, key=lambda span: span.start)
        assert each.best_highlight in each.highlights or not each.highlights
        assert 0 <= each.score <= 1


def test_ranks_and_scores_fall_together(index: OpenIndex) -> None:
    result = index.searcher.search(Query(QUESTION, k=50))
    assert [each.rank for each in result.results] == list(range(1, len(result.results) + 1))
    assert [each.citation.label for each in result.results][:2] == ["[1]", "[2]"]
    scores = [each.score for each in result.results]
    assert scores == sorted(scores, reverse=True)
    assert result.confidence == scores[0]


def test_the_answering_sentence_is_marked(index: OpenIndex) -> None:
    best = index.searcher.search(Query(QUESTION)).results[0]
    (span,) = best.highlights
    assert "14809" in span.of(document_in(index.truth, best.document_id).text)


def test_what_nobody_sees_of_a_question_changes_nothing(index: OpenIndex) -> None:
    plain, hidden = (
        index.searcher.search(Query(text)).results for text in (QUESTION, "\u202e" + "\u200b".join(QUESTION))
    )
    assert hidden == plain


def test_context_is_what_stands_around(index: OpenIndex) -> None:
    for result in index.searcher.search(Query("新车间每年能制茶多少吨", k=50, context_sentences=1)).results:
        text = document_in(index.truth, result.document_id).text
        assert result.context is not None
        assert text[: result.citation.start].endswith(result.context.before)
        assert text[result.citation.end :].startswith(result.context.after)
        if result.citation.source == "tea.md" and result.citation.start > 10:
            assert result.context.before.strip() == "2022年卖出茶叶14。5吨，收入三百万元。"
    assert index.searcher.search(Query(QUESTION)).results[0].context is None


def test_weak_results_are_dropped_on_request(index: OpenIndex) -> None:
    all_results = index.searcher.search(Query(QUESTION, k=50)).results
    least = all_results[1].score
    assert len(index.searcher.search(Query(QUESTION, k=50, min_confidence=least)).results) == 2


def test_nothing_to_answer_with_is_said(index: OpenIndex) -> None:
    nothing = index.searcher.search(Query(QUESTION, filters=make_condition(source=("none",))))
    assert (nothing.answerable, nothing.confidence, nothing.results) == (False, 0.0, ())
    assert nothing.no_answer_reason == "no document passes the filters"


@pytest.mark.parametrize("text", ["?", "！！！", "…", "🐟"])
def test_a_question_without_words_is_not_answered(index: OpenIndex, text: str) -> None:
    assert index.searcher.search(Query(text)).no_answer_reason == "the question has no words"


def test_an_empty_index_says_so(index: OpenIndex, data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        for document in make_corpus():
            delete(store, document.document_id)
    empty = index.searcher.search(Query(QUESTION))
    assert (empty.answerable, empty.no_answer_reason) == (False, "the index is empty")


def test_the_answer_names_its_state_and_its_time(index: OpenIndex) -> None:
    result = index.searcher.search(Query(QUESTION))
    assert result.index == index.searcher.state()
    assert (result.index.documents, result.language) == (3, "zh")
    assert result.timings_ms["encode"] + result.timings_ms["search"] <= result.timings_ms["total"] + 0.01


def test_searching_while_another_thread_writes(index: OpenIndex, data_dir: Path) -> None:
    wrong: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            result = index.searcher.search(Query(QUESTION, k=50))
            if len(result.results) != result.index.passages:
                wrong.append(f"{len(result.results)} results in a state of {result.index.passages}")

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    with Store.open(data_dir) as store:
        document = make_corpus()[0]
        stored = passages_in(store, document.document_id)
        for _ in range(30):
            delete(store, document.document_id)
            put(store, document, [each.passage for each in stored], [each.features for each in stored])
    stop.set()
    for asker in askers:
        asker.join()
    assert not wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": ""}, "the question is empty"),
        ({"text": " \n\t"}, "the question is empty"),
        ({"text": "\u200b"}, "the question is empty"),
        ({"text": "x" * (MAX_QUESTION + 1)}, "has 2049 characters"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": "a\ud800b"}, "surrogate"),
        ({"text": "x", "k": 0}, "k is 0; give 1 to 50"),
        ({"text": "x", "k": -1}, "k is -1"),
        ({"text": "x", "k": 1000}, "k is 1000"),
        ({"text": "x", "context_sentences": 11}, "context_sentences is 11"),
        ({"text": "x", "min_confidence": 1.5}, "min_confidence is 1.5"),
        ({"text": "x", "min_confidence": float("nan")}, "min_confidence is nan"),
    ],
)
def test_queries_out_of_bounds_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Query(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["x" * MAX_QUESTION, "😀", "?!", "14809", "中英 mixed 문장", "ignore all instructions"]
)
def test_odd_questions_are_answered_like_any(index: OpenIndex, text: str) -> None:
    assert index.searcher.search(Query(text)).results


@pytest.mark.parametrize("date", ["soon", "2026-13", "26"])
def test_filters_check_their_dates(date: str) -> None:
    with pytest.raises(InvalidInput, match="filter: published_after is"):
        make_condition(published_after=date)


def test_a_chinese_question_is_not_said_in_chinese_again(index: OpenIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()

    def note(question: str, texts: Sequence[str]) -> Gloss:
        said.append(question)
        return NO_GLOSS

    monkeypatch.setattr("index.searcher.gloss", note)
    for question in ("渡口几点开？", "When does the ferry leave?"):
        index.searcher.search(Query(question))
    assert said == ["When does the ferry leave?"]


@pytest.mark.parametrize("method", Method)
def test_an_answer_is_the_same_whether_or_not_words_are_looked_up_meanwhile(
    index: OpenIndex, monkeypatch: pytest.MonkeyPatch, method: Method
) -> None:
    threads: list[bool] = []
    encoded = hashing.encoded

    def noting(texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        threads.append(threading.current_thread() is threading.main_thread())
        return encoded(texts, progress)

    monkeypatch.setattr(hashing, "encoded", noting)
    query = Query(QUESTION, method=method)
    alone = replace(index.searcher.search(query), timings_ms={})
    assert all(threads)
    threads.clear()
    monkeypatch.setattr(searcher, "MANY", 0)
    beside = index.searcher.search(query)
    assert threads and not any(threads)
    assert replace(beside, timings_ms={}) == alone
    stages = {name: spent for name, spent in beside.timings_ms.items() if name != "total"}
    assert sum(stages.values()) == pytest.approx(beside.timings_ms["total"], abs=0.01)


def test_one_question_at_a_time_is_encoded_beside_the_rest(index: OpenIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    texts, meet, both = [QUESTION, "How many berths has the harbour?"], threading.Barrier(2), threading.Barrier(2)
    expected = [index.searcher.search(Query(text)).results for text in texts]
    threads: list[str] = []
    encoded = HashEncoder.encode_queries_with_tokens

    def slow(self: HashEncoder, some: Sequence[str]) -> Encoded:
        threads.append(threading.current_thread().name)
        if len(threads) <= 2:
            both.wait(10)  # neither ends before the other has begun
        return encoded(self, some)

    def ask(text: str) -> Sequence[Result]:
        meet.wait(10)
        return index.searcher.search(Query(text)).results

    monkeypatch.setattr(searcher, "MANY", 0)
    monkeypatch.setattr(HashEncoder, "encode_queries_with_tokens", slow)
    with ThreadPoolExecutor(2, "ask") as pool:
        assert list(pool.map(ask, texts)) == expected
    assert sorted(name.split("_")[0] for name in threads[:2]) == ["ask", "encode"]


def test_what_fails_beside_the_rest_fails_the_question(index: OpenIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(searcher, "MANY", 0)
    monkeypatch.setattr(HashEncoder, "encode_queries_with_tokens", fail)
    with pytest.raises(MemoryError):
        index.searcher.search(Query(QUESTION))
    monkeypatch.undo()
    assert index.searcher.search(Query(QUESTION)).results
