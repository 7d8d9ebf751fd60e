"""The interactive documentation: its examples work, and it tells every status that a route really gives."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from service.http import filters, requests, schemas, written
from service.http.examples import RESPONSES
from service.http.middleware.bodies import BODY_LIMIT
from service.platforms import dify, open_webui
from service.platforms.openai import errors, models, search
from service.platforms.openai.models import FILE_ID
from tests.conftest import ROOT
from tests.http_fixtures import ANSWER, FOREIGN, GUARDED, UNGUARDED, Serving, ask, assert_shape, operations, send
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index, put_text, settings_of, unservable


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
    "GET /health": {"200"},
    "GET /v1/search": {"200", "401", "403", "404", "422", "503"},
    "POST /v1/search": {"200", "401", "403", "404", "413", "422", "503"},
    "GET /v1/documents": {"200", "401", "403", "404", "422", "503"},
    "GET /v1/documents/{document_id}": {"200", "401", "403", "404", "422", "503"},
    "GET /v1/passages/{passage_id}": {"200", "401", "403", "404", "422", "503"},
}
FOREIGN_DOCUMENTED: dict[str, set[str]] = {
    "POST /retrieval": {"200", "403", "404", "413", "422", "503"},
    "POST /v1/vector_stores/{vector_store_id}/search": {"200", "400", "401", "404", "413", "503"},
    "POST /open-webui/search": {"200", "401", "403", "404", "413", "422", "503"},
}
# Errors have one form, but where another platform has given it its own.
ERROR_FORMS = {"POST /retrieval": "RetrievalError"}
OPENAI = r"\w+ /v1/(vector_stores|files)"


def real_statuses(route: str, path: str, keyed: TestClient, unready: TestClient, found: str) -> set[str]:
    """Return the statuses that a route gives in all the situations that the documentation speaks of."""
    read = f"Bearer {READ_KEY}"
    responses = [
        send(keyed, route, path, read),
        send(keyed, route, found, read),
        send(keyed, route, path, None),
        send(keyed, route, path, "Bearer a-key-that-opens-nothing"),
        send(keyed, route, f"{path}{'&' if '?' in path else '?'}q=%ff", read),
        send(keyed, route, f"{path}{'&' if '?' in path else '?'}collection=nowhere", read),
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
    with Serving(settings_of(unservable(tmp_path))) as unready:
        assert real_statuses(route, path, keyed, unready, found) == DOCUMENTED[route]


@pytest.mark.parametrize("route", FOREIGN_DOCUMENTED)
def test_documented_statuses_of_other_platforms_are_real(
    client: TestClient, keyed: TestClient, tmp_path: Path, route: str
) -> None:
    assert set(operations(client)[route]["responses"]) == FOREIGN_DOCUMENTED[route]
    path, body = FOREIGN[route], {"query": "x", "knowledge_id": "wherefrom"}
    with Serving(settings_of(unservable(tmp_path))) as unready:
        responses = [
            client.post(path, json=body),
            client.post(path),
            client.post(path, content=b"x" * (BODY_LIMIT + 1)),
            keyed.post(path, json=body),
            keyed.post(path, json=body, headers={"Authorization": "Bearer a-key-that-opens-nothing"}),
            unready.post(path, json=body),
        ]
        if route == "POST /open-webui/search":
            responses.append(client.post(f"{path}?collection=other", json=body))
        elif "404" in FOREIGN_DOCUMENTED[route]:
            responses.append(client.post(path.replace("wherefrom", "other"), json={**body, "knowledge_id": "other"}))
    assert {str(response.status_code) for response in responses} == FOREIGN_DOCUMENTED[route]


def test_every_documented_error_has_its_one_form(client: TestClient) -> None:
    for route, operation in operations(client).items():
        form = "OpenAIError" if re.match(OPENAI, route) else ERROR_FORMS.get(route, "ErrorOut")
        for status, response in operation["responses"].items():
            if status >= "400":
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": f"#/components/schemas/{form}"}


def json_of(content: dict[str, Any]) -> bool:
    """Return whether what is sent or answered is JSON; pictures, files and lines have forms of their own."""
    return "application/json" in content


def examples_of(content: dict[str, Any], schemas: dict[str, Any]) -> list[Any]:
    """Return the examples of what is sent or answered: those of its schema, or of any schema it may be."""
    schema = content["application/json"]["schema"]
    schema = schema.get("items", schema)
    return [
        example
        for each in schema.get("anyOf", [schema])
        for example in schemas[each["$ref"].rpartition("/")[2]].get("examples", [])
    ]


def test_every_route_has_an_example_of_what_it_takes_and_answers(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for route, operation in operations(client).items():
        for status, response in operation["responses"].items():
            if status < "300" and json_of(response.get("content", {})):
                assert examples_of(response["content"], schemas), route
        if json_of(operation.get("requestBody", {}).get("content", {})):
            assert examples_of(operation["requestBody"]["content"], schemas), route
        for parameter in operation.get("parameters", []):
            assert not parameter["required"] or parameter["schema"].get("examples"), (route, parameter["name"])


def test_every_example_of_a_request_works(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path)
    with Serving(settings_of(data_dir, write_keys=WRITE_KEY)) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        assert_examples_work(client, put_text(data_dir, "A buoy was laid out.", "buoy.txt"))


def assert_examples_work(client: TestClient, document_id: str) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    file = {"file": ("buoy.txt", b"Another buoy was laid out.")}
    file_id = client.post("/v1/files", files=file, data={"purpose": "assistants"}).json()["id"]
    for route, operation in operations(client).items():
        if json_of(operation.get("requestBody", {}).get("content", {})):
            method, _, path = route.partition(" ")
            path = path.replace("{vector_store_id}", "wherefrom").replace("{document_id}", document_id)
            path = path.replace("{file_id}", document_id)
            for example in examples_of(operation["requestBody"]["content"], schemas):
                given = json.loads(json.dumps(example).replace(FILE_ID, file_id))
                assert client.request(method, path, json=given).is_success, example
    parameters = {each["name"]: each for each in operations(client)["GET /v1/search"]["parameters"]}
    for question in parameters["q"]["schema"]["examples"]:
        assert client.get("/v1/search", params={"q": question}).status_code == 200


MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for module in (filters, requests, schemas, written, dify, open_webui, errors, models, search)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
}


def test_every_example_of_an_answer_has_all_that_an_answer_has(client: TestClient) -> None:
    documented = client.get("/openapi.json").json()["components"]["schemas"]
    checked = 0
    for name, schema in documented.items():
        for example in schema.get("examples", []):
            shown = MODELS[name].model_validate(example)
            if not name.endswith(("Request", "In")):
                assert shown.model_dump(exclude_unset=True) == example
                checked += 1
    assert checked > len(RESPONSES)


def test_the_example_of_a_search_has_every_field(client: TestClient) -> None:
    plain, *formatted = client.get("/openapi.json").json()["components"]["schemas"]["SearchResponse"]["examples"]
    assert_shape(plain, ANSWER)
    for example in formatted:
        assert set(example) == {*ANSWER, "formatted"}


def test_the_parameters_of_a_search(client: TestClient) -> None:
    parameters = {each["name"] for each in operations(client)["GET /v1/search"]["parameters"]}
    assert parameters == {
        "q",
        "k",
        "format",
        "collection",
        "layout",
        "max_chars",
        "context_sentences",
        "min_confidence",
        "today",
        "source",
        "document_id",
        "folder",
        "tag",
        "language",
        "metadata",
        "published_after",
        "published_before",
        "mentions_year",
    }


GOLDEN = ROOT / "tests" / "golden" / "openapi.json"


def test_the_interface_is_the_one_on_record(client: TestClient) -> None:
    """Who changes the interface on purpose writes it anew with `GOLDEN=1 pytest -k on_record`, and reads the diff."""
    found = client.get("/openapi.json").json()
    del found["info"]["version"]
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if "GOLDEN" in os.environ:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8"), "the interface changed; if on purpose: GOLDEN=1 pytest -k on_record"


def test_every_operation_stands_once_on_the_page(client: TestClient) -> None:
    """The page lists an operation below each of its tags."""
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            assert len(operation["tags"]) == 1, (method, path)


def test_the_schema_takes_one_filter_value_or_several(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    kinds = {each["type"] for each in schemas["FiltersIn"]["properties"]["source"]["anyOf"]}
    assert kinds == {"array", "string"}


def test_the_documentation_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    sources = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert sources
    for source in sources:
        assert re.match(r"\w", source) and "//" not in source, source
        assert client.get(f"/{source}").status_code == 200
