"""An answer within the room that a prompt has: whole passages, then whole sentences, the one that answers first."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from corpus.passage import Span
from corpus.splitting.layout import reading_text
from corpus.splitting.sentences import sentence_spans
from index.answer import SearchResult
from index.opening import OpenIndex
from index.query import Query
from service.budget import within
from tests.http_fixtures import Serving, ask, assert_error
from tests.service_fixtures import make_index, settings_of
from tests.store_fixtures import document_in


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Serving(settings_of(make_index(tmp_path_factory.mktemp("budget")))) as client:
        yield client


@pytest.fixture
def answer(index: OpenIndex) -> SearchResult:
    return index.searcher.search(Query("2022年到上海工作的有多少人", k=50, context_sentences=1))


def sentences_of(answer: SearchResult) -> list[set[str]]:
    return [
        {"".join(span.of(each.citation.quote).split()) for span in sentence_spans(each.citation.quote)}
        for each in answer.results
    ]


def check_budget(answer: SearchResult, budget: int, text_of: Callable[[str], str]) -> None:
    found = within(answer, budget)
    assert sum(len(each.text) for each in found.results) <= budget
    assert (found.query, found.confidence, found.answerable) == (answer.query, answer.confidence, answer.answerable)
    whole = sentences_of(answer)
    for number, (each, before) in enumerate(zip(found.results, answer.results, strict=False)):
        citation = each.citation
        assert (each.rank, each.passage_id) == (before.rank, before.passage_id)
        assert citation.quote == text_of(each.document_id)[citation.start : citation.end]
        assert each.text == reading_text(citation.quote)
        assert all(citation.start <= span.start < span.end <= citation.end for span in each.highlights)
        assert sentences_of(found)[number] <= whole[number]
        assert each == before or number == len(found.results) - 1


def test_every_budget_is_kept_and_cuts_between_sentences(index: OpenIndex, answer: SearchResult) -> None:
    texts = {each.document_id: document_in(index.truth, each.document_id).text for each in answer.results}
    total = sum(len(each.text) for each in answer.results)
    for budget in [*range(1, 500, 7), total - 1, total, total + 1]:
        check_budget(answer, budget, texts.__getitem__)
    assert within(answer, total) == answer
    assert not within(answer, 1).results


def test_more_room_never_gives_less(answer: SearchResult) -> None:
    lengths = [sum(len(each.text) for each in within(answer, room).results) for room in range(1, 400)]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 5


def test_the_answering_sentence_is_what_stays(client: TestClient) -> None:
    answer = ask(client, "How much paraffin did the lamp burn?", max_chars=50, context_sentences=1)
    (result,) = answer["results"]
    assert result["text"] == "The lamp burned 14 litres of paraffin a night."
    assert result["context"] is None
    document = client.get(f"/v1/documents/{result['document_id']}").json()
    citation = result["citation"]
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"] == result["text"]


def test_the_sentence_that_answers_best_is_what_stays_of_two(answer: SearchResult) -> None:
    result = max(answer.results, key=lambda each: len(sentence_spans(each.citation.quote)))
    first, *_, last = [
        Span(result.citation.start + span.start, result.citation.start + span.end)
        for span in sentence_spans(result.citation.quote)
    ]
    marked = replace(result, highlights=(first, last), best_highlight=last)
    room = last.end - last.start
    (cut,) = within(replace(answer, results=(marked,)), room).results
    assert (cut.citation.start, cut.citation.end) == (last.start, last.end)
    assert (cut.highlights, cut.best_highlight) == ((last,), last)


def test_no_room_is_told(client: TestClient) -> None:
    response = client.post("/v1/search", json={"query": "x", "max_chars": 0})
    assert "max_chars is 0" in assert_error(response, 422, "InvalidInput")
