"""Dify's external knowledge: requests byte for byte as Dify sends them, to a served index."""

import json
from typing import Any

import httpx2
import pytest

from service.http.middleware.bodies import BODY_LIMIT
from tests.server_fixtures import KNOWLEDGE_ID, PUBLIC_URL, Server, linked_quote
from tests.service_fixtures import READ_KEY

QUESTION = "泊位有多少个"
OPEN_KEY = "any-key-will-do"


def dify(
    server: Server,
    *,
    query: object = QUESTION,
    knowledge_id: str = "wherefrom",
    top_k: object = 4,
    score_threshold: object = 0.0,
    condition: object = None,
    key: str = OPEN_KEY,
) -> httpx2.Response:
    """Send a request as Dify does: the fields in its order, all but ASCII escaped, no condition unless one is set."""
    parameters: dict[str, Any] = {
        "retrieval_setting": {"top_k": top_k, "score_threshold": score_threshold},
        "query": query,
        "knowledge_id": knowledge_id,
    }
    if condition is not None:
        parameters["metadata_condition"] = condition
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    return httpx2.post(f"{server.url}/retrieval", content=json.dumps(parameters), headers=headers)


def records(response: httpx2.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    body = response.json()
    assert list(body) == ["records"]
    found: list[dict[str, Any]] = body["records"]
    return found


def assert_told(response: httpx2.Response, status: int, code: int, told: str) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert list(body) == ["error_code", "error_msg"]
    assert body["error_code"] == code
    assert told in body["error_msg"]
    assert ("retry-after" in response.headers) == (status == 503)


def sources(response: httpx2.Response) -> set[str]:
    return {record["metadata"]["source"] for record in records(response)}


def where(name: object, comparison_operator: str, value: object = None) -> dict[str, Any]:
    """Return a condition as Dify dumps its model, with what is unset as null."""
    condition = {"name": name, "comparison_operator": comparison_operator, "value": value}
    return {"logical_operator": "and", "conditions": [condition]}


def test_registering_sends_the_key_and_nothing_else(server: Server, keyed: Server) -> None:
    for url, key in ((server.url, OPEN_KEY), (keyed.url, READ_KEY)):
        response = httpx2.post(f"{url}/retrieval", headers={"Authorization": f"Bearer {key}"})
        assert_told(response, 422, 422, "the body is missing")


def test_registering_with_a_wrong_key_fails(keyed: Server) -> None:
    response = httpx2.post(f"{keyed.url}/retrieval", headers={"Authorization": "Bearer a-key-that-opens-nothing"})
    assert_told(response, 403, 1002, "this key does not open this")


@pytest.mark.parametrize("header", [{}, {"Authorization": READ_KEY}, {"Authorization": f"Basic {READ_KEY}"}])
def test_a_header_without_a_bearer_key_is_told(keyed: Server, header: dict[str, str]) -> None:
    assert_told(httpx2.post(f"{keyed.url}/retrieval", headers=header), 403, 1001, "Authorization: Bearer KEY")


def test_records_have_every_field_that_dify_reads(server: Server) -> None:
    found = records(dify(server))
    assert found
    for record in found:
        assert list(record) == ["content", "score", "title", "metadata"]
        assert isinstance(record["content"], str)
        assert record["content"]
        assert isinstance(record["title"], str)
        assert 0 <= record["score"] <= 1
        metadata = record["metadata"]
        assert isinstance(metadata["document_id"], str)
        assert metadata["url"].startswith("http")
        assert None not in metadata.values()
    assert found[0]["title"] == "海湾渔港改造通报"
    assert found[0]["metadata"]["published_at"] == "2024-05-06"
    assert [record["score"] for record in found] == sorted((record["score"] for record in found), reverse=True)


def test_a_record_can_be_checked(server: Server) -> None:
    metadata = records(dify(server))[0]["metadata"]
    document = httpx2.get(f"{server.url}/v1/documents/{metadata['document_id']}").json()
    assert linked_quote(metadata["url"]) == document["text"][metadata["start"] : metadata["end"]]
    assert document["sha256"] == metadata["document_sha256"]
    quote = document["text"][metadata["start"] : metadata["end"]]
    assert "".join(quote.split()) == "".join(records(dify(server))[0]["content"].split())


def test_a_document_with_an_address_of_its_own_is_linked_there(server: Server) -> None:
    (record,) = records(dify(server, condition=where("title", "contains", "library")))
    assert record["metadata"]["url"] == "https://example.org/library"


def test_settings_are_obeyed(server: Server) -> None:
    assert len(records(dify(server, top_k=1))) == 1
    scores = [record["score"] for record in records(dify(server))]
    threshold = (scores[0] + scores[1]) / 2
    assert len(records(dify(server, score_threshold=threshold))) == 1
    assert records(dify(server, score_threshold=1.0)) == []


def test_settings_that_are_null_are_those_of_the_service(server: Server) -> None:
    assert len(records(dify(server, top_k=None, score_threshold=None))) == 5


def test_a_condition_is_met_before_results_are_counted(server: Server) -> None:
    assert sources(dify(server, top_k=1)) == {"harbour.md"}
    assert sources(dify(server, top_k=1, condition=where("title", "contains", "Lighthouse"))) == {"lighthouse.txt"}


@pytest.mark.parametrize(
    ("name", "operator", "value", "expected"),
    [
        ("published_at", "after", "2023-12-31", {"harbour.md"}),
        ("published_at", "before", "2024", {"library.md"}),
        (["published_at"], "empty", None, {"lighthouse.txt", "long.md"}),
        ("published_at", "after", 1_704_067_200, {"harbour.md"}),  # a time of Dify's, in seconds
        ("rating", "≥", 4, {"harbour.md"}),  # what the front matter says besides
        ("author", "is", "A. Reader", {"library.md"}),
        ("author", "is not", "A. Reader", {"harbour.md", "lighthouse.txt", "long.md"}),
        ("language", "in", ["zh"], {"harbour.md"}),
        ("language", "is", "fr", set()),
        ("folder", "empty", None, {"harbour.md", "library.md", "lighthouse.txt", "long.md"}),
        ("mentions_year", "is", "1931", {"lighthouse.txt"}),
        ("metadata.rating", "is", "5", {"harbour.md"}),
    ],
)
def test_conditions(server: Server, name: object, operator: str, value: object, expected: set[str]) -> None:
    assert sources(dify(server, top_k=10, condition=where(name, operator, value))) == expected


def test_conditions_that_are_null_are_none(server: Server) -> None:
    condition = {"logical_operator": None, "conditions": None}
    assert records(dify(server, condition=condition)) == records(dify(server))


def test_an_unknown_knowledge_is_told(server: Server, keyed: Server) -> None:
    assert_told(dify(server, knowledge_id="nowhere"), 404, 2001, "there is no collection nowhere")
    assert_told(dify(keyed, key=READ_KEY), 404, 2001, "there is no collection")
    assert records(dify(keyed, key=READ_KEY, knowledge_id=KNOWLEDGE_ID))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"query": ""}, "the question is empty"),
        ({"query": None}, "query is None"),
        ({"top_k": 0}, "retrieval_setting.top_k is 0"),
        ({"top_k": 100}, "retrieval_setting.top_k is 100"),
        ({"score_threshold": 2}, "retrieval_setting.score_threshold is 2"),
        ({"condition": where("colour", "is", "red")}, "the condition is on 'colour', which no document has"),
        ({"condition": where("title", "resembles", "x")}, "comparison_operator is 'resembles'"),
        ({"condition": where("published_at", "after", "soon")}, "the condition on published_at is 'soon'"),
        ({"condition": where("title", "is")}, "the condition on title has no value"),
        ({"condition": {"logical_operator": "xor", "conditions": []}}, "logical_operator is 'xor'"),
        ({"condition": "title"}, "metadata_condition is 'title'"),
    ],
)
def test_what_is_wrong_is_told_in_the_form_of_dify(server: Server, given: dict[str, Any], told: str) -> None:
    assert_told(dify(server, **given), 422, 422, told)


def test_other_failures_have_the_form_too(server: Server) -> None:
    large = httpx2.post(f"{server.url}/retrieval", content=b"x" * (BODY_LIMIT + 1))
    assert_told(large, 413, 413, "the body is larger")
    assert_told(httpx2.get(f"{server.url}/retrieval"), 405, 405, "method not allowed")
    no_json = httpx2.post(f"{server.url}/retrieval", content=b"{", headers={"Content-Type": "application/json"})
    assert_told(no_json, 422, 422, "the body is no JSON")


def test_health_needs_no_key(keyed: Server) -> None:
    assert httpx2.get(f"{keyed.url}/health").json() == {"status": "ok"}


def test_links_begin_with_the_public_address(keyed: Server) -> None:
    metadata = records(dify(keyed, key=READ_KEY, knowledge_id=KNOWLEDGE_ID))[0]["metadata"]
    address, _, place = metadata["url"].partition("?")
    assert address == f"{PUBLIC_URL}/source"
    # The same place is there at the address that is really listened on.
    assert linked_quote(f"{keyed.url}/source?{place}").startswith("# 渔港改造")
