"""The bounds that the schema tells are those that are held: at each of them a request passes, beyond it none does."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.http_fixtures import Serving
from tests.service_fixtures import WRITE_KEY, make_index, settings_of

ROUTES = ("/v1/search", "/v1/documents", "/v1/jobs")
QUESTION = {"q": "How many boats lie in the harbour?"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = settings_of(make_index(tmp_path_factory.mktemp("http")), write_keys=WRITE_KEY)
    with Serving(settings) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        yield client


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def edges(schema: dict[str, Any]) -> Iterator[tuple[Any, bool]]:
    """Yield values at the bounds of a schema, and those right beyond them, each with whether it is right."""
    kind = int if schema.get("type") == "integer" else float
    for bound, step in (("minimum", -1), ("maximum", 1)):
        if bound in schema:
            yield kind(schema[bound]), True
            yield kind(schema[bound] + step), False
    if "minLength" in schema:
        yield "x" * schema["minLength"], True
        yield "x" * (schema["minLength"] - 1), False
    if "maxLength" in schema:
        yield "x" * schema["maxLength"], True
        yield "x" * (schema["maxLength"] + 1), False


def flat(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what it says of values that are not null."""
    return {**next((each for each in schema.get("anyOf", ()) if each["type"] != "null"), {}), **schema}


@pytest.mark.parametrize("path", ROUTES)
def test_the_bounds_of_parameters(client: TestClient, described: dict[str, Any], path: str) -> None:
    tried = 0
    for parameter in described["paths"][path]["get"]["parameters"]:
        name, required = parameter["name"], QUESTION if path == "/v1/search" else {}
        for value, right in edges(flat(parameter["schema"])):
            found = client.get(path, params={**required, name: value}).status_code
            assert found == (200 if right else 422), (name, value)
            tried += 1
    assert tried >= 4


def test_the_bounds_of_a_question(client: TestClient, described: dict[str, Any]) -> None:
    fields = described["components"]["schemas"]["SearchRequest"]["properties"]
    for name, schema in fields.items():
        for value, right in edges(flat(schema)):
            found = client.post("/v1/search", json={"query": QUESTION["q"], name: value}).status_code
            assert found == (200 if right else 422), (name, value)
    for number in (fields["queries"]["minItems"] - 1, fields["queries"]["maxItems"] + 1):
        assert client.post("/v1/search", json={"queries": ["x"] * number}).status_code == 422
    assert client.post("/v1/search", json={"queries": ["x"] * fields["queries"]["minItems"]}).status_code == 200


def test_the_names_of_collections(client: TestClient, described: dict[str, Any]) -> None:
    (pattern,) = {
        flat(parameter["schema"])["pattern"]
        for path in described["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "collection"
    }
    assert pattern.startswith("^(?:[a-z0-9]") and pattern.endswith(")?$")
    for name, status in (("", 200), ("a" * 63, 404), ("a" * 64, 422), ("-a", 422), ("A", 422)):
        assert client.get("/v1/documents", params={"collection": name}).status_code == status


def test_an_id_of_a_document(client: TestClient, described: dict[str, Any]) -> None:
    (schema,) = (
        each["schema"]
        for each in described["paths"]["/v1/documents/{document_id}"]["put"]["parameters"]
        if each["name"] == "document_id"
    )
    for value, right in edges(schema):
        if value:
            found = client.put(f"/v1/documents/{value}", json={"text": "Boats."}).status_code
            assert found == (201 if right else 422), value
