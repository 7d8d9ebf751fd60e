"""Errors over HTTP: one form, the right status, what is wrong with what value, and nothing of the server's own."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from corpus.errors import WherefromError
from service.errors import STATUSES
from service.http.middleware.bodies import BODY_LIMIT
from tests.http_fixtures import JSON, QUESTION, Serving, ask, assert_error
from tests.service_fixtures import FailingEncoder, make_index, settings_of


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("http"))


@pytest.fixture(scope="module")
def client(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir)) as client:
        yield client


@pytest.mark.parametrize("path", ["/v1/documents/d_none", "/v1/passages/p_none"])
def test_an_unknown_id_is_named(client: TestClient, path: str) -> None:
    assert path.rpartition("/")[2] in assert_error(client.get(path), 404, "NotFound")


@pytest.mark.parametrize(
    "path", ["/v1", "/v2/search", "/v1/searches", "/.env", "/v1/documents/a/b", "/%00", "/static/../secret"]
)
def test_an_unknown_path_is_404(client: TestClient, path: str) -> None:
    assert "/docs" in assert_error(client.get(path), 404, "NotFound")


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/search"), ("PUT", "/v1/passages/p_1"), ("POST", "/healthz"), ("DELETE", "/readyz")],
)
def test_another_method_is_405_and_names_the_right_one(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)
    assert_error(response, 405, "MethodNotAllowed")
    assert "GET" in response.headers["allow"]


# JSON that is posted, and what must be told of it.
BAD_BODIES: dict[str, tuple[object, str]] = {
    "no question": ({}, "query is missing"),
    "empty": ({"query": ""}, "the question is empty"),
    "blank": ({"query": " \n\t\u3000"}, "the question is empty"),
    "invisible": ({"query": "\u200b\u200d"}, "the question is empty"),
    "too long": ({"query": "问" * 10_000}, "the question has 10000 characters; ask in at most 2048"),
    "NUL": ({"query": "a\0b"}, "NUL"),
    "lone surrogate": ({"query": "a\ud800b"}, "surrogate"),
    "no text": ({"query": 5}, "query is 5"),
    "null": ({"query": None}, "query is None"),
    "k of 0": ({"query": "x", "k": 0}, "k is 0; give 1 to 50"),
    "k of -1": ({"query": "x", "k": -1}, "k is -1; give 1 to 50"),
    "k of 1000": ({"query": "x", "k": 1000}, "k is 1000; give 1 to 50"),
    "k of a text": ({"query": "x", "k": "x"}, "k is 'x'"),
    "k of digits in a text": ({"query": "x", "k": "5"}, "k is '5'"),
    "k of a fraction": ({"query": "x", "k": 1.5}, "k is 1.5"),
    "k of true": ({"query": "x", "k": True}, "k is True"),
    "k of null": ({"query": "x", "k": None}, "k is None"),
    "k beyond 64 bits": ({"query": "x", "k": 10**30}, "k is 1000"),
    "min_confidence of NaN": ({"query": "x", "min_confidence": float("nan")}, "min_confidence is nan"),
    "min_confidence of infinity": ({"query": "x", "min_confidence": float("inf")}, "min_confidence is inf"),
    "min_confidence of 2": ({"query": "x", "min_confidence": 2}, "min_confidence is 2"),
    "min_confidence of true": ({"query": "x", "min_confidence": True}, "min_confidence is True"),
    "context of 11": ({"query": "x", "context_sentences": 11}, "context_sentences is 11; give 0 to 10"),
    "today is no day": ({"query": "x", "today": "2026-02-30"}, "today is '2026-02-30'; give a day that exists"),
    "today is a month": ({"query": "x", "today": "2026-02"}, "today is '2026-02'"),
    "today is a week": ({"query": "x", "today": "2026-W01-1"}, "today is '2026-W01-1'"),
    "today is a number": ({"query": "x", "today": 2026}, "today is 2026"),
    "unknown field": ({"query": "x", "top_k": 3}, "top_k is not known"),
    "unknown filter": ({"query": "x", "filters": {"author": "y"}}, "filters.author is not known"),
    "filters of null": ({"query": "x", "filters": None}, "filters is None"),
    "filter of a number": ({"query": "x", "filters": {"source": 5}}, "filters.source is 5"),
    "filter of numbers": ({"query": "x", "filters": {"source": [5]}}, "filters.source.0 is 5"),
    "filter of half a character": ({"query": "x", "filters": {"source": "\udc00"}}, "filters.source.0 is '\\udc00'"),
    "bad date": ({"query": "x", "filters": {"published_after": "2024-02-30"}}, "published_after is '2024-02-30'"),
    "slashed date": ({"query": "x", "filters": {"published_before": "5/6/24"}}, "published_before is '5/6/24'"),
    "empty date": ({"query": "x", "filters": {"published_before": ""}}, "published_before is ''"),
    "a list": ([], "the body is []"),
    "a text": ("query", "the body is 'query'"),
    "a number": (7, "the body is 7"),
}
DEEP = "[" * 20_000 + "]" * 20_000
# What is posted as it stands, its type, and what must be told of it.
BAD_JSON: dict[str, tuple[str | bytes, str | None, str]] = {
    "nothing": ("", None, "the body is missing"),
    "no JSON": ("{'query'", "application/json", "the body is no JSON"),
    "cut": ('{"query": "x', "application/json", "the body is no JSON"),
    "deep": (DEEP, "application/json", "nested"),
    "deep value": ('{"query": ' + DEEP + "}", "application/json", "nested"),
    "endless number": ('{"k": ' + "9" * 5000 + "}", "application/json", "cannot be read as JSON"),
    "no UTF-8": (b'{"query": "\xff"}', "application/json", "UTF-8"),
    "another type": ('{"query": "x"}', "text/plain", "Content-Type: application/json"),
    "no type": ('{"query": "x"}', None, "Content-Type: application/json"),
    "a form": ("query=x", "application/x-www-form-urlencoded", "Content-Type: application/json"),
}
BAD_ADDRESSES: dict[str, str] = {
    "/v1/search": "q is missing",
    "/v1/search?q=": "the question is empty",
    "/v1/search?q=%20%E3%80%80": "the question is empty",
    "/v1/search?q=" + "x" * 10_000: "the question has 10000 characters",
    "/v1/search?q=a%00b": "NUL",
    "/v1/search?q=%ff%fe": "not UTF-8",
    "/v1/search?q=%ED%A0%80": "not UTF-8",  # half of a surrogate pair
    "/v1/search?q=%D4%C6%C4%CF": "not UTF-8",  # GBK
    "/v1/search?q=x&source=%ff": "not UTF-8",
    "/v1/documents/%ff": "not UTF-8",
    "/v1/search?q=x&k=0": "k is 0; give 1 to 50",
    "/v1/search?q=x&k=-1": "k is -1; give 1 to 50",
    "/v1/search?q=x&k=1000": "k is 1000; give 1 to 50",
    "/v1/search?q=x&k=x": "k is 'x'",
    "/v1/search?q=x&k=1.5": "k is '1.5'",
    "/v1/search?q=x&k=true": "k is 'true'",
    "/v1/search?q=x&k=": "k is ''",
    "/v1/search?q=x&min_confidence=nan": "min_confidence is nan",
    "/v1/search?q=x&today=": "today is ''",
    "/v1/search?q=x&today=tomorrow": "today is 'tomorrow'",
    "/v1/search?q=x&today=%D9%A2%D9%A0%D9%A2%D9%A6-01-01": "give a day that exists",
    "/v1/search?q=x&top=3": "top is not known",
    "/v1/search?q=x&published_after=soon": "published_after is 'soon'",
}


def assert_told(response: Response, told: str, data_dir: Path) -> None:
    message = assert_error(response, 422, "InvalidInput", data_dir)
    assert told in message
    assert len(message) < 300


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_422_and_told(client: TestClient, data_dir: Path, name: str) -> None:
    body, told = BAD_BODIES[name]
    # Encoded here, for the client would refuse NaN and half a character.
    assert_told(client.post("/v1/search", content=json.dumps(body), headers=JSON), told, data_dir)


@pytest.mark.parametrize("name", BAD_JSON)
def test_a_body_that_is_no_json_is_422_and_told(client: TestClient, data_dir: Path, name: str) -> None:
    content, kind, told = BAD_JSON[name]
    headers = {} if kind is None else {"Content-Type": kind}
    assert_told(client.post("/v1/search", content=content, headers=headers), told, data_dir)


@pytest.mark.parametrize("address", BAD_ADDRESSES, ids=lambda address: address[:40])
def test_a_bad_address_is_422_and_told(client: TestClient, data_dir: Path, address: str) -> None:
    assert_told(client.get(address), BAD_ADDRESSES[address], data_dir)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_413(client: TestClient, chunked: bool) -> None:
    body = b'{"query": "' + b"x" * BODY_LIMIT + b'"}'
    content: Any = (body[start : start + 8192] for start in range(0, len(body), 8192)) if chunked else body
    response = client.post("/v1/search", content=content, headers=JSON)
    assert f"larger than {BODY_LIMIT} bytes" in assert_error(response, 413, "TooLarge")
    assert ("content-length" in response.request.headers) is not chunked


def test_a_body_in_chunks_is_read_to_its_end(client: TestClient) -> None:
    body = json.dumps({"query": QUESTION}).encode()
    response = client.post("/v1/search", content=(body[at : at + 3] for at in range(0, len(body), 3)), headers=JSON)
    assert response.json()["query"] == QUESTION


def test_a_question_as_long_as_may_be_is_answered(client: TestClient) -> None:
    longest = "🚢" * 2048
    assert ask(client, longest)["query"] == longest
    assert client.get("/v1/search", params={"q": "问" * 2048}).status_code == 200


def test_what_nobody_foresaw_is_500_with_a_constant_text_and_logged(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Serving(settings_of(data_dir), lambda name: FailingEncoder()) as client:
        response = client.post("/v1/search", json={"query": FailingEncoder.FATAL}, headers={"X-Request-ID": "job-8"})
        message = assert_error(response, 500, "InternalError", FailingEncoder.SECRET, "RuntimeError")
        assert message == "something went wrong here, not in the request; the log tells more under this request id"
        assert response.headers["x-request-id"] == "job-8"
        assert client.get("/v1/search?q=x").status_code == 200
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "job-8" in record.getMessage()
    assert record.exc_info is not None
    assert FailingEncoder.SECRET in str(record.exc_info[1])


def test_every_error_of_ours_has_a_status() -> None:
    def kinds(base: type[WherefromError]) -> set[type[WherefromError]]:
        return {base}.union(*(kinds(each) for each in base.__subclasses__()))

    product = {
        kind for kind in kinds(WherefromError) if kind.__module__.split(".")[0] in ("corpus", "index", "service")
    }
    untold = {kind for kind in product if not any(base in STATUSES for base in kind.__mro__)}
    assert untold == {WherefromError}  # nobody raises it
