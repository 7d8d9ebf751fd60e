"""The native HTTP interface: every field of its envelopes, and that every citation can be checked."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.http_fixtures import (
    ANSWER,
    CITATION,
    DOCUMENT,
    QUESTION,
    SUMMARY,
    Serving,
    ask,
    assert_error,
    assert_shape,
)
from tests.service_fixtures import make_index, settings_of, without_space


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("http"))


@pytest.fixture(scope="module")
def client(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir)) as client:
        yield client


def text_of(client: TestClient, document_id: str) -> str:
    text: str = client.get(f"/v1/documents/{document_id}").json()["text"]
    return text


def sources(answer: dict[str, Any]) -> set[str]:
    return {result["citation"]["source"] for result in answer["results"]}


def test_the_envelope_has_every_field_in_its_type(client: TestClient) -> None:
    answer = ask(client, k=50, context_sentences=1)
    assert_shape(answer, ANSWER)
    assert answer["query"] == QUESTION
    assert answer["language"] == "zh"
    assert answer["answerable"] is True
    assert answer["no_answer_reason"] is None
    assert answer["index"]["model"] == "hash"
    assert answer["index"]["documents"] == 3
    assert answer["index"]["passages"] == len(answer["results"])
    assert all(0 <= stage <= answer["timings_ms"]["total"] for stage in answer["timings_ms"].values())


def test_get_answers_as_post_does(client: TestClient) -> None:
    by_url = client.get("/v1/search", params={"q": QUESTION, "k": 2, "language": "zh", "context_sentences": 1}).json()
    by_body = ask(client, k=2, filters={"language": ["zh"]}, context_sentences=1)
    for answer in (by_url, by_body):
        assert_shape(answer, ANSWER)
        del answer["timings_ms"], answer["request_id"]
    assert by_url == by_body


def test_results_are_ranked_and_scored(client: TestClient) -> None:
    answer = ask(client, k=50)
    results = answer["results"]
    assert [result["rank"] for result in results] == [*range(1, len(results) + 1)]
    assert [result["citation"]["label"] for result in results] == [f"[{rank}]" for rank in range(1, len(results) + 1)]
    scores = [result["score"] for result in results]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] == answer["confidence"] <= 1
    assert results[0]["citation"]["source"] == "harbour.md"


def test_every_citation_cuts_back_exactly(client: TestClient) -> None:
    broken = 0
    for result in ask(client, k=50)["results"]:
        citation = result["citation"]
        text = text_of(client, result["document_id"])
        assert citation["quote"] == text[citation["start"] : citation["end"]]
        assert citation["document_sha256"] == sha256(text.encode()).hexdigest()
        assert citation["document_id"] == result["document_id"]
        assert without_space(result["text"]) == without_space(citation["quote"])
        broken += result["text"] != citation["quote"]
    assert broken, "no passage has a sentence that a line break cuts, so the test shows nothing of reading text"


def test_a_citation_says_what_is_known_of_its_document(client: TestClient) -> None:
    result = next(each for each in ask(client, k=50)["results"] if "14。24亿元" in each["citation"]["quote"])
    citation = result["citation"]
    assert citation["title"] == "海湾渔港改造通报"
    assert citation["publisher"] == "海湾日报"
    assert citation["published"] == "2024-05-06"
    assert citation["section"] == ["渔港改造 🚢"]
    assert "可停靠渔船420艘" in result["text"]


def test_highlights_lie_in_the_passage_and_are_sentences(client: TestClient) -> None:
    for result in ask(client, "每期为期多久", k=50)["results"]:
        citation = result["citation"]
        (span,) = result["highlights"]
        assert citation["start"] <= span["start"] < span["end"] <= citation["end"]
    best = ask(client, "How much paraffin did the lamp burn?")["results"][0]
    (span,) = best["highlights"]
    sentence = text_of(client, best["document_id"])[span["start"] : span["end"]]
    assert sentence == "The lamp burned 14 litres of paraffin a night."


def places(blocks: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Return where the pieces of blocks stand."""
    return [
        place
        for block in blocks
        for place in [(each["start"], each["end"]) for each in block.get("pieces", [])]
        + places(block.get("blocks", []))
    ]


def test_a_result_says_how_its_quote_is_set_if_that_is_asked_for(client: TestClient) -> None:
    answer = ask(client, k=50, layout=True)
    for result in answer["results"]:
        text, citation = text_of(client, result["document_id"]), result["citation"]
        shown = places(result["layout"])
        assert citation["start"] <= shown[0][0] <= shown[-1][1] <= citation["end"]
        seen = without_space([text[start:end] for start, end in shown])
        assert seen == without_space(citation["quote"]).replace("#", "")
    heading = answer["results"][0]["layout"][0]
    assert (heading["kind"], heading["number"]) == ("heading", 1)
    by_url = client.get("/v1/search", params={"q": QUESTION, "k": 50, "layout": "true"}).json()
    assert by_url["results"] == answer["results"]
    assert all("layout" not in result for result in ask(client, k=50)["results"])


def test_a_document_says_how_it_is_set_if_that_is_asked_for_and_it_is_markdown(client: TestClient) -> None:
    for summary in client.get("/v1/documents").json()["documents"]:
        address = f"/v1/documents/{summary['document_id']}"
        plain, laid_out = client.get(address).json(), client.get(address, params={"layout": "true"}).json()
        assert "layout" not in plain
        layout = laid_out.pop("layout")
        assert laid_out == plain | {"request_id": laid_out["request_id"]}
        assert (layout is None) == (summary["source"] == "lighthouse.txt")
        assert not layout or without_space([plain["text"][start:end] for start, end in places(layout)]) == (
            without_space(plain["text"]).replace("#", "")
        )


def test_context_is_what_stands_around_the_passage(client: TestClient) -> None:
    assert ask(client)["results"][0]["context"] is None
    around = 0
    for result in ask(client, k=50, context_sentences=2)["results"]:
        text, citation = text_of(client, result["document_id"]), result["citation"]
        before, after = result["context"]["before"], result["context"]["after"]
        assert text[: citation["start"]].endswith(before)
        assert text[citation["end"] :].startswith(after)
        around += bool(before or after)
    assert around


def test_k_is_the_most_there_are(client: TestClient) -> None:
    assert len(ask(client, k=1)["results"]) == 1
    everything = ask(client, k=50)
    assert len(everything["results"]) == everything["index"]["passages"] < 50


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"source": "library.md"}, {"library.md"}),
        ({"source": ["library.md", "harbour.md"]}, {"library.md", "harbour.md"}),
        ({"language": "en"}, {"library.md", "lighthouse.txt"}),
        ({"language": ["zh"]}, {"harbour.md"}),
        ({"published_after": "2024"}, {"harbour.md"}),
        ({"published_after": "2024-05-06"}, {"harbour.md"}),
        ({"published_after": "2024-05-07"}, set()),
        ({"published_before": "2023"}, {"library.md"}),
        ({"published_before": "2024-05"}, {"library.md", "harbour.md"}),
        ({"published_after": "2023", "published_before": "2023-06-30"}, {"library.md"}),
        ({"language": "en", "source": "harbour.md"}, set()),
        ({}, {"library.md", "harbour.md", "lighthouse.txt"}),
    ],
)
def test_filters(client: TestClient, filters: dict[str, Any], found: set[str]) -> None:
    answer = ask(client, k=50, filters=filters)
    assert sources(answer) == found
    assert sources(client.get("/v1/search", params={"q": QUESTION, "k": 50, **filters}).json()) == found
    if not found:
        assert answer["answerable"] is False
        assert answer["no_answer_reason"] == "no document passes the filters"


def test_the_filter_for_documents(client: TestClient) -> None:
    ids = [each["document_id"] for each in client.get("/v1/documents").json()["documents"]]
    for document_id in ids:
        answer = ask(client, k=50, filters={"document_id": document_id})
        assert {result["document_id"] for result in answer["results"]} == {document_id}
    everything = client.get("/v1/search", params={"q": QUESTION, "k": 50, "document_id": ids})
    assert len(sources(everything.json())) == len(ids)


def test_min_confidence_drops_what_is_below_it(client: TestClient) -> None:
    results = ask(client, k=50)["results"]
    bound = (results[0]["score"] + results[-1]["score"]) / 2
    wanted = [each["passage_id"] for each in results if each["score"] >= bound]
    kept = ask(client, k=50, min_confidence=bound)["results"]
    assert [each["passage_id"] for each in kept] == wanted
    assert 0 < len(wanted) < len(results)
    assert ask(client, min_confidence=1)["results"] == []


def test_the_request_id_is_the_clients_where_it_is_fit_to_be_logged(client: TestClient) -> None:
    for path in ("/v1/search?q=x", "/healthz", "/v1/documents/none"):
        brought = client.get(path, headers={"X-Request-ID": "job-7.a_B"})
        assert brought.headers["x-request-id"] == "job-7.a_B"
        if path != "/healthz":
            assert brought.json()["request_id"] == "job-7.a_B"
    ids = set()
    for unfit in ("", "a b", "x" * 65, "a;b", "ü", None):
        headers: dict[bytes, bytes] = {} if unfit is None else {b"X-Request-ID": unfit.encode()}
        response = client.get("/v1/search?q=x", headers=headers)
        given = response.json()["request_id"]
        assert response.headers["x-request-id"] == given != unfit
        ids.add(given)
    assert len(ids) == 6


def test_documents_are_listed_page_by_page(client: TestClient) -> None:
    whole = client.get("/v1/documents").json()
    assert_shape(whole, {"documents": [SUMMARY], "next_after": (str, None), "request_id": str})
    assert whole["next_after"] is None
    assert {each["source"] for each in whole["documents"]} == {"harbour.md", "lighthouse.txt", "library.md"}
    paged: list[dict[str, Any]] = []
    after: str | None = ""
    for _ in whole["documents"]:
        page = client.get("/v1/documents", params={"limit": 1, "after": after}).json()
        paged += page["documents"]
        after = page["next_after"]
    assert paged == whole["documents"]
    assert after is None
    beyond = client.get("/v1/documents", params={"after": paged[-1]["document_id"]}).json()
    assert (beyond["documents"], beyond["next_after"]) == ([], None)


@pytest.mark.parametrize(
    "parameters", ["limit=0", "limit=-1", "limit=1001", "limit=x", "limit=", "limt=5", "key=value", "after=%ff"]
)
def test_a_list_refuses_what_it_does_not_know(client: TestClient, parameters: str) -> None:
    assert_error(client.get(f"/v1/documents?{parameters}"), 422, "InvalidInput")


def test_a_document_is_returned_as_it_was_read(client: TestClient) -> None:
    for summary in client.get("/v1/documents").json()["documents"]:
        document = client.get(f"/v1/documents/{summary['document_id']}").json()
        assert_shape({**document, "metadata": {}}, DOCUMENT)
        assert document["sha256"] == sha256(document["text"].encode()).hexdigest() == summary["sha256"]
        assert len(document["text"]) == summary["characters"]
        if document["source"] == "harbour.md":
            assert document["metadata"] == {"rating": "5"}
            assert document["text"].startswith("# 渔港改造 🚢\n\n2024年")
        if document["source"] == "library.md":
            assert (document["author"], document["url"]) == ("A. Reader", "https://example.org/library")


def test_a_passage_is_returned_by_its_id(client: TestClient) -> None:
    for result in ask(client, k=50)["results"]:
        found = client.get(f"/v1/passages/{result['passage_id']}").json()
        assert list(found) == ["passage_id", "document_id", "text", "citation", "request_id"]
        assert_shape(found["citation"], CITATION)
        assert found["text"] == result["text"]
        assert {**found["citation"], "label": ""} == {**result["citation"], "label": ""}
