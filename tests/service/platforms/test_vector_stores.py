"""OpenAI's vector stores: the real client, with a served index as its base address."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types import VectorStoreSearchResponse

from tests.server_fixtures import KNOWLEDGE_ID, Server, linked_quote
from tests.service_fixtures import READ_KEY, without_space

QUESTION = "泊位有多少个"


def client_of(server: Server, key: str = "any-key-will-do") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0)


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[openai.OpenAI]:
    with client_of(server) as client:
        yield client


def search(client: openai.OpenAI, query: Any = QUESTION, **more: Any) -> list[VectorStoreSearchResponse]:
    return client.vector_stores.search("wherefrom", query=query, **more).data


def sources(results: list[VectorStoreSearchResponse]) -> set[str]:
    return {result.filename for result in results}


def test_the_client_reads_every_field(client: openai.OpenAI) -> None:
    page = client.vector_stores.search("wherefrom", query=QUESTION)
    assert page.object == "vector_store.search_results.page"
    best = page.data[0]
    assert best.filename == "harbour.md"
    assert best.file_id.startswith("d_")
    assert 0 <= best.score <= 1
    (content,) = best.content
    assert content.type == "text"
    assert "泊位36个" in content.text
    assert best.attributes is not None
    assert best.attributes["published_at"] == "2024-05-06"
    assert best.attributes["answerable"] is True
    assert [result.score for result in page.data] == sorted((result.score for result in page.data), reverse=True)


def test_the_answer_is_what_the_client_declares(client: openai.OpenAI) -> None:
    raw = client.vector_stores.with_raw_response.search("wherefrom", query=QUESTION).http_response.json()
    assert list(raw) == ["object", "search_query", "data", "has_more", "next_page"]
    assert raw["search_query"] == [QUESTION]
    for result in raw["data"]:
        VectorStoreSearchResponse.model_validate(result, strict=True)


def test_the_link_of_a_result_leads_to_its_quote(client: openai.OpenAI) -> None:
    best = search(client)[0]
    assert best.attributes is not None
    assert without_space(linked_quote(str(best.attributes["url"]))) == without_space(best.content[0].text)


def test_attributes_keep_to_the_bounds_that_clients_rely_on(client: openai.OpenAI) -> None:
    for result in search(client, max_num_results=50):
        attributes = result.attributes or {}
        assert 0 < len(attributes) <= 16
        for key, value in attributes.items():
            assert len(key) <= 64
            assert not isinstance(value, str) or len(value) <= 512


def test_all_pages_are_one(client: openai.OpenAI) -> None:
    assert len(list(client.vector_stores.search("wherefrom", query=QUESTION))) == len(search(client))


def test_ten_results_unless_told_otherwise(client: openai.OpenAI) -> None:
    everything = len(search(client, max_num_results=50))
    assert len(search(client)) == min(10, everything)
    assert len(search(client, max_num_results=1)) == 1


def test_several_questions_are_merged(client: openai.OpenAI) -> None:
    questions = [QUESTION, "How many books does the library own?"]
    best: dict[Any, float] = {}
    for question in questions:
        for result in search(client, question):
            passage_id = (result.attributes or {})["passage_id"]
            best[passage_id] = max(result.score, best.get(passage_id, 0))
    merged = search(client, questions)
    assert {(result.attributes or {})["passage_id"]: result.score for result in merged} == best
    assert [result.score for result in merged] == sorted(best.values(), reverse=True)
    assert merged[:2] == search(client, questions, max_num_results=2)


def test_the_score_threshold_cuts(client: openai.OpenAI) -> None:
    scores = [result.score for result in search(client)]
    middle = (scores[0] + scores[1]) / 2
    assert len(search(client, ranking_options={"ranker": "auto", "score_threshold": middle})) == 1
    assert len(search(client, ranking_options={"ranker": "none"}, rewrite_query=True)) == len(scores)


def one(kind: str, key: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "value": value}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (one("eq", "author", "A. Reader"), {"library.md"}),
        (one("ne", "language", "en"), {"harbour.md"}),
        (one("gt", "published_at", "2023"), {"harbour.md"}),
        (one("gte", "published_at", 2023), {"harbour.md", "library.md"}),
        (one("lt", "published_at", "2024-05-06"), {"library.md"}),
        (one("lte", "published_at", 1_714_953_600), {"harbour.md", "library.md"}),
        (one("in", "source", ["lighthouse.txt", "library.md"]), {"lighthouse.txt", "library.md"}),
        (one("nin", "source", ["lighthouse.txt", "library.md", "long.md"]), {"harbour.md"}),
        (one("gte", "rating", 4), {"harbour.md"}),
        (
            {"type": "and", "filters": [one("eq", "language", "en"), one("ne", "author", "A. Reader")]},
            {"lighthouse.txt", "long.md"},
        ),
        (
            {
                "type": "or",
                "filters": [
                    one("eq", "source", "library.md"),
                    {"type": "and", "filters": [one("eq", "language", "zh"), one("gte", "rating", 5)]},
                ],
            },
            {"library.md", "harbour.md"},
        ),
        (one("eq", "language", "fr"), set()),
    ],
)
def test_filters(client: openai.OpenAI, filters: Any, expected: set[str]) -> None:
    assert sources(search(client, filters=filters)) == expected


def test_a_filter_is_met_before_results_are_counted(client: openai.OpenAI) -> None:
    only = one("eq", "source", "lighthouse.txt")
    assert sources(search(client, max_num_results=1)) == {"harbour.md"}
    assert sources(search(client, max_num_results=1, filters=only)) == {"lighthouse.txt"}


@pytest.mark.parametrize("key", ["a-key-that-opens-nothing", "x"])
def test_a_wrong_key_is_an_authentication_error(keyed: Server, key: str) -> None:
    with client_of(keyed, key) as client, pytest.raises(openai.AuthenticationError) as raised:
        search(client)
    assert raised.value.code == "invalid_api_key"
    assert "this key does not open this" in raised.value.message


def test_an_unknown_store_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        client.vector_stores.search("vs_other", query=QUESTION)
    assert raised.value.type == "invalid_request_error"
    assert "there is no collection vs_other" in raised.value.message
    assert raised.value.request_id


DEEP: dict[str, Any] = one("eq", "title", "x")
for _ in range(300):
    DEEP = {"type": "and", "filters": [DEEP]}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"query": ""}, "the question is empty"),
        ({"query": []}, "query is []"),
        ({"query": ["x"] * 33}, "at most 32"),
        ({"max_num_results": 0}, "max_num_results is 0"),
        ({"max_num_results": 51}, "max_num_results is 51"),
        ({"ranking_options": {"score_threshold": 7}}, "ranking_options.score_threshold is 7"),
        ({"filters": one("like", "title", "x")}, "'like'"),
        ({"filters": {"type": "eq", "key": "title"}}, "value is missing"),
        ({"filters": one("eq", "colour", "red")}, "the condition is on 'colour', which no document has"),
        ({"filters": one("gt", "published_at", "soon")}, "the condition on published_at is 'soon'"),
        ({"filters": {"type": "and", "filters": []}}, "filters"),
        ({"filters": DEEP}, "filters"),
    ],
)
def test_what_is_wrong_is_a_bad_request(client: openai.OpenAI, given: dict[str, Any], told: str) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        search(client, **{"query": QUESTION, **given})
    assert raised.value.type == "invalid_request_error"
    assert told in raised.value.message


def test_a_line_end_in_the_address_does_not_change_the_form_of_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError):
        client.post("/vector_stores/wherefrom%0A/search", cast_to=object, body={})


def test_an_empty_body_is_a_bad_request(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="the body is missing"):
        client.post("/vector_stores/wherefrom/search", cast_to=object)


async def test_the_asynchronous_client_with_a_key_and_a_store_of_another_name(keyed: Server) -> None:
    async with openai.AsyncOpenAI(base_url=f"{keyed.url}/v1", api_key=READ_KEY) as client:
        page = await client.vector_stores.search(KNOWLEDGE_ID, query=QUESTION)
    assert page.data[0].filename == "harbour.md"
