"""The interactive documentation: its examples work, and it tells every status that a route really gives."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.middleware import BODY_LIMIT
from service.schemas import ErrorOut, SearchResponse
from tests.http_fixtures import ANSWER, GUARDED, UNGUARDED, Serving, ask, assert_shape, operations, send
from tests.service_fixtures import READ_KEY, make_index, settings_of


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("http"))


@pytest.fixture(scope="module")
def client(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir)) as client:
        yield client


@pytest.fixture(scope="module")
def keyed(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir, read_keys=READ_KEY)) as client:
        yield client


DOCUMENTED: dict[str, set[str]] = {
    "GET /healthz": {"200"},
    "GET /readyz": {"200", "503"},
    "GET /v1/search": {"200", "401", "403", "422", "503"},
    "POST /v1/search": {"200", "401", "403", "413", "422", "503"},
    "GET /v1/documents": {"200", "401", "403", "422", "503"},
    "GET /v1/documents/{document_id}": {"200", "401", "403", "404", "422", "503"},
    "GET /v1/passages/{passage_id}": {"200", "401", "403", "404", "422", "503"},
}


def real_statuses(route: str, path: str, keyed: TestClient, unready: TestClient, found: str) -> set[str]:
    """Return the statuses that a route gives in all the situations that the documentation speaks of."""
    read = f"Bearer {READ_KEY}"
    responses = [
        send(keyed, route, path, read),
        send(keyed, route, found, read),
        send(keyed, route, path, None),
        send(keyed, route, path, "Bearer a-key-that-opens-nothing"),
        send(keyed, route, f"{path}{'&' if '?' in path else '?'}q=%ff", read),
        send(unready, route, path, None),
    ]
    if route.startswith("POST"):
        responses.append(keyed.post(path, content=b"x" * (BODY_LIMIT + 1), headers={"Authorization": read}))
    return {str(response.status_code) for response in responses}


@pytest.mark.parametrize("route", DOCUMENTED)
def test_documented_statuses_are_real(client: TestClient, keyed: TestClient, tmp_path: Path, route: str) -> None:
    assert set(operations(client)[route]["responses"]) == DOCUMENTED[route]
    result = ask(client)["results"][0]
    path = {**GUARDED, **UNGUARDED}[route]
    found = path.replace("d_1", result["document_id"]).replace("p_1", result["passage_id"])
    with Serving(settings_of(tmp_path / "nowhere")) as unready:
        assert real_statuses(route, path, keyed, unready, found) == DOCUMENTED[route]


def test_every_documented_error_has_the_one_form(client: TestClient) -> None:
    for operation in operations(client).values():
        for status, response in operation["responses"].items():
            if status != "200":
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorOut"}


def test_the_documentation_has_examples_that_work(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for example in schemas["SearchRequest"]["examples"]:
        assert client.post("/v1/search", json=example).status_code == 200
    (answer,) = schemas["SearchResponse"]["examples"]
    assert SearchResponse.model_validate(answer).model_dump() == answer
    assert_shape(answer, ANSWER)
    (error,) = schemas["ErrorOut"]["examples"]
    assert ErrorOut.model_validate(error).model_dump() == error
    parameters = {each["name"]: each for each in operations(client)["GET /v1/search"]["parameters"]}
    for question in parameters["q"]["schema"]["examples"]:
        assert client.get("/v1/search", params={"q": question}).status_code == 200
    assert set(parameters) == {
        "q",
        "k",
        "context_sentences",
        "min_confidence",
        "source",
        "document_id",
        "language",
        "published_after",
        "published_before",
        "mentions_year",
    }


def test_the_schema_takes_one_filter_value_or_several(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    kinds = {each["type"] for each in schemas["FiltersIn"]["properties"]["source"]["anyOf"]}
    assert kinds == {"array", "string"}


def test_the_documentation_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    sources = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert sources
    for source in sources:
        assert source.startswith("/"), source
        assert client.get(source).status_code == 200
