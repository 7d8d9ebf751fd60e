"""The Python client, against a served index, and against services that fail."""

import json
from collections.abc import Callable
from typing import Any, get_type_hints

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import MAX_QUESTION
from service.http import requests
from service.http.documents import MOST_LINES
from service.http.filters import FiltersIn
from service.http.middleware.bodies import BODY_LIMIT
from service.http.requests import SearchOptions
from service.http.uploads import FORM, MOST_FILES
from service.http.written import DocumentIn, PatchIn
from service.settings import Settings
from tests.server_fixtures import Server
from tests.service_fixtures import READ_KEY
from wherefrom import (
    AsyncWherefrom,
    Changes,
    Facts,
    FileFacts,
    Filters,
    Format,
    InvalidInput,
    Options,
    ServiceFailed,
    Wherefrom,
    WherefromError,
)
from wherefrom.calls.documents import LINES, PAGE
from wherefrom.calls.jobs import UPLOAD_BYTES, UPLOAD_FILES
from wherefrom.calls.search import MAX_QUERIES, batch_calls

QUESTION = "泊位有多少个"

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(scope="module")
def client(keyed: Server) -> Any:
    with Wherefrom(keyed.url, READ_KEY) as client:
        yield client


def test_a_question_is_answered(client: Wherefrom) -> None:
    answer = client.search(QUESTION, 2)
    assert answer.query == QUESTION
    assert answer.answerable
    assert len(answer.results) == 2
    best = answer.results[0]
    assert best.citation.source == "harbour.md"
    assert best.citation.published == "2024-05-06"
    assert answer.formatted is None


def test_options_reach_the_service(client: Wherefrom) -> None:
    answer = client.search(
        "lamp paraffin", language=["en"], published_before="2023", context_sentences=1, max_chars=500, format="cohere"
    )
    assert {result.citation.source for result in answer.results} == {"library.md"}
    assert answer.results[0].context is not None
    assert isinstance(answer.formatted, list)
    assert answer.formatted[0]["id"] == answer.results[0].passage_id


def test_options_are_all_that_the_service_knows() -> None:
    known = {*SearchOptions.model_fields, *FiltersIn.model_fields, "format"} - {"k", "collection"}
    assert set(get_type_hints(Options)) == known
    assert set(get_type_hints(Filters)) == set(FiltersIn.model_fields)
    assert Format == requests.Format


def test_bounds_are_those_of_the_service() -> None:
    assert MAX_QUERIES == requests.MAX_QUERIES
    assert PAGE <= requests.MAX_PAGE
    assert LINES <= MOST_LINES
    assert UPLOAD_FILES <= MOST_FILES
    assert UPLOAD_BYTES + 1_000 * UPLOAD_FILES < Settings.model_fields["upload_bytes"].default  # with what frames them


def test_facts_are_all_that_the_service_knows() -> None:
    assert set(get_type_hints(Facts)) == set(DocumentIn.model_fields) - {"text", "collection"}
    assert set(get_type_hints(Changes)) == set(PatchIn.model_fields) - {"collection"}
    assert set(get_type_hints(FileFacts)) == set(FORM["properties"]) - {"file", "collection"}


def test_citations_are_verified(client: Wherefrom) -> None:
    for result in client.search(QUESTION, 50).results:
        citation = result.citation
        assert client.verify(citation)
        assert not client.verify(citation.model_copy(update={"start": citation.start + 1}))
        assert not client.verify(citation.model_copy(update={"quote": citation.quote + "."}))
        assert not client.verify(citation.model_copy(update={"document_sha256": "0" * 64}))


def test_a_citation_of_a_document_that_is_gone(client: Wherefrom) -> None:
    citation = client.search(QUESTION).results[0].citation
    with pytest.raises(ServiceFailed) as raised:
        client.verify(citation.model_copy(update={"document_id": "d_gone"}))
    assert (raised.value.status, raised.value.error_type) == (404, "NotFound")


def test_passages_and_documents(client: Wherefrom) -> None:
    best = client.search(QUESTION).results[0]
    passage = client.passage(best.passage_id)
    assert passage.citation.quote == best.citation.quote
    document = client.document(best.document_id)
    assert document.text[best.citation.start : best.citation.end] == best.citation.quote
    listed = list(client.documents())
    assert {each.source for each in listed} == {"harbour.md", "library.md", "lighthouse.txt", "long.md"}
    assert [each.document_id for each in listed] == sorted(each.document_id for each in listed)


def test_many_questions_are_answered_in_their_order(client: Wherefrom) -> None:
    questions = [f"{QUESTION} {number} " + "问" * (MAX_QUESTION - 20) for number in range(MAX_QUERIES + 8)]
    answers = client.search_many(questions, 1, language="zh")
    assert [answer.query for answer in answers] == questions
    assert {len(answer.results) for answer in answers} == {1}
    assert client.search_many([]) == []


@given(st.lists(st.text(max_size=MAX_QUESTION), max_size=60), st.sampled_from(["", "\0", "🚢" * MAX_QUESTION]))
def test_batches_hold_every_question_once_and_fit(questions: list[str], more: str) -> None:
    asked = [*questions, *[more] * 20]
    bodies = [call.sent["content"] for call in batch_calls(asked, 5, {"format": "claude"})]
    read = [json.loads(body)["queries"] for body in bodies]
    assert [query for queries in read for query in queries] == asked
    assert all(len(queries) <= MAX_QUERIES for queries in read)
    assert all(len(body) <= BODY_LIMIT for body in bodies)


async def test_with_an_event_loop(keyed: Server) -> None:
    async with AsyncWherefrom(keyed.url, READ_KEY) as client:
        answer = await client.search(QUESTION, 1, format="markdown")
        assert isinstance(answer.formatted, str)
        (result,) = answer.results
        assert await client.verify(result.citation)
        assert (await client.passage(result.passage_id)).document_id == result.document_id
        assert (await client.document(result.document_id)).source == "harbour.md"
        assert len([each async for each in client.documents()]) == 4
        assert [each.query for each in await client.search_many(["a", "b"])] == ["a", "b"]
        with pytest.raises(ServiceFailed, match="k is 0; give 1 to 50"):
            await client.search(QUESTION, 0)
    async with AsyncWherefrom("http://127.0.0.1:1") as nowhere:
        with pytest.raises(ServiceFailed, match="start the service or correct its URL"):
            await nowhere.search(QUESTION)


@pytest.mark.parametrize(
    ("key", "status", "error_type"),
    [(None, 401, "Unauthorized"), ("a-key-that-opens-nothing", 403, "Forbidden"), ("钥匙", 403, "Forbidden")],
)
def test_a_wrong_key_is_told(keyed: Server, key: str | None, status: int, error_type: str) -> None:
    with Wherefrom(keyed.url, key) as client, pytest.raises(ServiceFailed) as raised:
        client.search(QUESTION)
    assert (raised.value.status, raised.value.error_type) == (status, error_type)
    assert raised.value.request_id
    assert READ_KEY not in str(raised.value)


def test_what_the_service_says_is_told(client: Wherefrom) -> None:
    with pytest.raises(ServiceFailed, match="the question is empty; ask something") as raised:
        client.search("")
    assert (raised.value.status, raised.value.error_type) == (422, "InvalidInput")
    with pytest.raises(ServiceFailed, match="colour is not known here"):
        client.search(QUESTION, colour="red")  # type: ignore[call-arg]


def service(handler: Handler) -> Wherefrom:
    return Wherefrom("http://service:8000", transport=httpx.MockTransport(handler))


def late(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("", request=request)


def failing(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectTimeout("", request=request)


@pytest.mark.parametrize(
    ("handler", "status", "told"),
    [
        (late, None, "ReadTimeout; give the client a longer timeout"),
        (failing, None, "ConnectTimeout; start the service or correct its URL"),
        (lambda request: httpx.Response(502, text="<html>"), 502, "502: Bad Gateway"),
        (lambda request: httpx.Response(200, text="hello"), 200, "is this a wherefrom service?"),
        (lambda request: httpx.Response(200, json={"query": "x"}), 200, "language: Field required"),
        (lambda request: httpx.Response(307, headers={"Location": "/"}), 307, "307: Temporary Redirect"),
    ],
)
def test_other_failures_are_told(handler: Handler, status: int | None, told: str) -> None:
    with service(handler) as client, pytest.raises(ServiceFailed) as raised:
        client.search(QUESTION)
    assert isinstance(raised.value, WherefromError)
    assert raised.value.status == status
    assert str(raised.value).startswith("POST /v1/search at http://service:8000: ")
    assert told in str(raised.value)


def test_what_is_no_url_is_said_at_once() -> None:
    for kind in (Wherefrom, AsyncWherefrom):
        with pytest.raises(InvalidInput, match="write a URL such as http://"):
            kind("http://host:port")


def test_documents_are_read_page_by_page() -> None:
    pages = {"": (["d_1", "d_2"], "d_2"), "d_2": (["d_3"], None)}

    def handler(request: httpx.Request) -> httpx.Response:
        ids, after = pages[request.url.params["after"]]
        facts = {"source": "s", "title": "t", "language": "en", "publisher": None, "published": None, "url": None}
        documents = [
            {"document_id": each, **facts, "sha256": "", "characters": 1, "passages": 1, "sequence": 1} for each in ids
        ]
        return httpx.Response(200, json={"documents": documents, "next_after": after, "request_id": "r"})

    with service(handler) as client:
        assert [each.document_id for each in client.documents()] == ["d_1", "d_2", "d_3"]


def test_an_address_may_have_a_path() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"error": str(request.url)})

    with (
        Wherefrom("http://service/base/", transport=httpx.MockTransport(handler)) as client,
        pytest.raises(ServiceFailed, match="http://service/base/v1/documents/a%2Fb"),
    ):
        client.document("a/b")


def test_whoever_forgets_to_close_it_leaves_nothing_open(keyed: Server) -> None:
    Wherefrom(keyed.url, READ_KEY).search(QUESTION)  # an open connection would be a warning, and so an error
