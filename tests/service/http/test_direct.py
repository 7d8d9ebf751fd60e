"""Routes that read what is asked themselves take what FastAPI takes, as it takes that, and refuse the rest."""

import json
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InvalidInput
from service.errors import first_problem
from service.http.direct import Direct
from service.http.requests import SearchParameters, SearchRequest

NAMES = [*SearchParameters.model_fields, "unknown", "Q", "q[]", "metadata[]", ""]
VALUES = [
    "",
    " ",
    "3",
    "3.0",
    "+3",
    "0",
    "-1",
    "true",
    "json",
    "zh",
    "2024",
    "2024-05",
    "a:b",
    "a=b&c",
    "云南",
    "%",
    "null",
]
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=6)), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 60) | st.floats(allow_nan=False) | st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from([*SearchRequest.model_fields, "unknown"]), JSON, max_size=5) | JSON
TYPES = ["application/json", "application/json; charset=utf-8", "application/vnd.api+json", "text/plain", "json", ""]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A service whose routes below /direct read what is asked themselves, and those below /plain as FastAPI does."""
    app = FastAPI()
    for prefix, kind in (("/direct", {"route_class": Direct}), ("/plain", {})):
        router = APIRouter(prefix=prefix, **kind)  # type: ignore[arg-type] # one of its arguments

        @router.get("/search")
        async def by_url(request: Request, asked: Annotated[SearchParameters, Query()]) -> Response:
            return Response(asked.model_dump_json(), media_type="application/json")

        @router.post("/search")
        async def by_body(request: Request, asked: SearchRequest) -> Response:
            return Response(asked.model_dump_json(), media_type="application/json")

        app.include_router(router)

    @app.exception_handler(InvalidInput)
    async def refuse(request: Request, error: InvalidInput) -> JSONResponse:
        return JSONResponse(str(error), 422)

    @app.exception_handler(RequestValidationError)
    async def refuse_as_fastapi(request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse(first_problem(error.errors()), 422)

    with TestClient(app) as client:
        yield client


@given(PAIRS)
@settings(max_examples=300)
def test_an_address_is_read_as_fastapi_reads_it(client: TestClient, pairs: list[tuple[str, str]]) -> None:
    address = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    ways = (client.get(f"/{way}/search?{address}") for way in ("direct", "plain"))
    direct, plain = ((answer.status_code, answer.json()) for answer in ways)
    assert direct == plain


@pytest.mark.parametrize(
    "address",
    [
        "q=a+b&k=3",
        "q=%E4%BA%91&q=b",
        "&&q=a&&",
        "q",
        "q=a;k=3",
        "q=a&metadata=x:1&metadata=y:2",
        "q=a&metadata=",
        "?q=a",
        "q=a&k=%33",
        "q=a%00b",
        "q==a",
        "%71=a",
    ],
)
def test_an_address_is_taken_apart_as_fastapi_does(client: TestClient, address: str) -> None:
    ways = (client.get(f"/{way}/search?{address}") for way in ("direct", "plain"))
    direct, plain = ((answer.status_code, answer.json()) for answer in ways)
    assert direct == plain


@given(BODIES, st.sampled_from(TYPES))
@settings(max_examples=300)
def test_a_body_is_read_as_fastapi_reads_it(client: TestClient, body: Any, kind: str) -> None:
    content, headers = json.dumps(body).encode(), {"Content-Type": kind} if kind else {}
    direct, plain = (client.post(f"/{way}/search", content=content, headers=headers) for way in ("direct", "plain"))
    assert direct.status_code == plain.status_code
    assert direct.status_code != 200 or direct.json() == plain.json()


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"query": "a"', b"[]", b"null", b'"a"', b"1e999", b"\xff", b"[" * 100_000]
)
def test_what_is_no_body_is_refused_in_words(client: TestClient, body: bytes) -> None:
    answer = client.post("/direct/search", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert isinstance(answer.json(), str) and "\n" not in answer.json()


def test_an_address_that_is_not_utf8_is_refused(client: TestClient) -> None:
    for address in ("q=%ff", "q=a&unknown=%C3", "q=%ED%A0%80"):
        answer = client.get(f"/direct/search?{address}")
        assert (answer.status_code, "not UTF-8" in answer.json()) == (422, True)
