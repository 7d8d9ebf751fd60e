"""The HTTP retriever speaks the native interface, and says clearly why it cannot."""

import json
from collections.abc import Callable
from contextlib import closing

import httpx
import pytest

from corpus.passage import Span
from eval.retriever import Answer, CitedHit, HttpRetriever
from service.http.examples import RESPONSES
from wherefrom import InvalidInput, ServiceFailed

FOUND = {
    "query": "谁？",
    "language": "zh",
    "answerable": True,
    "confidence": 0.93,
    "calibrated": True,
    "no_answer_reason": None,
    "results": [
        {
            "rank": 1,
            "passage_id": "p_1",
            "document_id": "d_1",
            "text": "甲说东",
            "score": 0.93,
            "scores": {"dense": 0.87},
            "citation": {
                "label": "[1]", "document_id": "d_1", "title": "题", "source": "one.txt",
                "publisher": None, "published": "2023",
                "url": None, "section": [], "page": None, "page_label": None, "sheet": None, "row": None, "slide": None,
                "part": None, "ocr": None, "start": 4, "end": 7, "quote": "甲说东",
                "table_header": None, "document_sha256": "ab",
            },
            "highlights": [{"start": 5, "end": 7}],
            "context": None,
            "also_in": [],
        }
    ],
    "index": {"id": "i_1", "model": "m", "documents": 5, "passages": 130},
    "timings_ms": {"total": 4.9},
    "request_id": "r",
}  # fmt: skip

Handler = Callable[[httpx.Request], httpx.Response]


def service(handler: Handler, key: str | None = None) -> closing[HttpRetriever]:
    return closing(HttpRetriever("http://service:8000/", key, httpx.MockTransport(handler)))


def answering(status: int, **content: object) -> Handler:
    return lambda request: httpx.Response(status, json=content)


def test_a_question_is_posted_with_the_key_and_the_answer_read() -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=FOUND)

    with service(handler, key="secret") as retriever:
        answer = retriever.ask("谁？", 3)
        described = retriever.describe()
    hit = CitedHit(1, "p_1", "d_1", "one.txt", 4, 7, 0.93, "甲说东", "ab", (Span(5, 7),))
    assert answer == Answer(0.93, True, (hit,))
    assert described == {
        "url": "http://service:8000/",
        "id": "i_1",
        "model": "m",
        "documents": 5,
        "passages": 130,
    }
    assert (requests[0].method, str(requests[0].url)) == ("POST", "http://service:8000/v1/search")
    assert json.loads(requests[0].content) == {"query": "谁？", "k": 3}
    assert requests[0].headers["authorization"] == "Bearer secret"


def test_a_document_is_asked_for_by_its_escaped_id() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.raw_path == b"/v1/documents/a%2Fb%3F"
        return httpx.Response(200, json={**RESPONSES["DocumentOut"][0], "text": "甲"})

    with service(handler) as retriever:
        assert retriever.document_text("a/b?") == "甲"


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("Connection refused", request=request)


@pytest.mark.parametrize(
    ("handler", "problem"),
    [
        pytest.param(unreachable, "Connection refused; start the service or correct its URL", id="not running"),
        pytest.param(answering(401, error="this service needs a read key"), "401: this service needs", id="refused"),
        pytest.param(lambda request: httpx.Response(502, text="<html>"), "502: Bad Gateway", id="a proxy answers"),
        pytest.param(answering(200, hello="world"), "query: Field required; is this a", id="another service"),
        pytest.param(lambda request: httpx.Response(200, text="hi"), "Invalid JSON", id="not JSON"),
    ],
)
def test_failures_name_the_request_and_the_reason(handler: Handler, problem: str) -> None:
    with (
        service(handler) as retriever,
        pytest.raises(ServiceFailed, match=r"POST /v1/search at http://service:8000/: ") as raised,
    ):
        retriever.ask("谁？", 3)
    assert problem in str(raised.value)


def test_what_is_no_url_is_said_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"http://host:port: .*; write a URL such as"):
        HttpRetriever("http://host:port")


def test_a_url_without_scheme_is_said_when_it_is_used() -> None:
    with closing(HttpRetriever("localhost:8000")) as retriever, pytest.raises(ServiceFailed, match="correct its URL"):
        retriever.ask("谁？", 3)
