"""The native filters over HTTP: every field, in a body and, where it fits, in an address."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.http_fixtures import Serving, ask, assert_error
from tests.service_fixtures import make_index, settings_of

FILES = {
    "pier.md": "---\nauthor: A. Reader\nrating: 4\n---\nThe pier was painted in 2019.\n",
    "reports/2024/berths.md": "---\ntags: [harbour, boats]\ndepartment: Law\nid: own\n---\n36 berths in the harbour.\n",
    "reports/2025/ferry.md": "---\ntag: harbour, ferries\ndepartment: sales\nrating: 12\n---\nThe ferry leaves at 8.\n",
    "reports.md": "An overview of the reports of 2021, of which 2,019 were read.\n",
}
PIER, BERTHS, FERRY, OVERVIEW = FILES


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Serving(settings_of(make_index(tmp_path_factory.mktemp("filters"), FILES))) as client:
        yield client


def found(answer: dict[str, Any]) -> set[str]:
    return {result["citation"]["source"] for result in answer["results"]}


@pytest.mark.parametrize(
    ("filters", "parameters", "expected"),
    [
        ({"source": "reports/"}, {}, {BERTHS, FERRY}),
        ({"source": "reports/*/b*"}, {}, {BERTHS}),
        ({"source": ["*.md", "none"]}, {}, set(FILES)),
        ({"folder": "reports"}, {}, {BERTHS, FERRY}),
        ({"folder": ["reports/2024", "reports/2023"]}, {}, {BERTHS}),
        ({"folder": "2024"}, {}, set()),
        ({"tag": "harbour"}, {}, {BERTHS, FERRY}),
        ({"tag": ["boats", "ferries"]}, {}, {BERTHS, FERRY}),
        ({"tag": "ferries", "folder": "reports/2024"}, {}, set()),
        ({"metadata": {"department": "law"}}, {"metadata": "department:law"}, {BERTHS}),
        (
            {"metadata": {"department": ["law", "sales"], "rating": "12"}},
            {"metadata": ["department:law", "department:sales", "rating:12"]},
            {FERRY},
        ),
        ({"metadata": {"id": "own"}}, {"metadata": "id:own"}, {BERTHS}),
        ({"mentions_year": 2019}, {}, {PIER}),
    ],
)
def test_filters(client: TestClient, filters: dict[str, Any], parameters: dict[str, Any], expected: set[str]) -> None:
    assert found(ask(client, "what is there", k=50, filters=filters)) == expected
    address = {"q": "what is there", "k": 50, **filters, **parameters}
    response = client.get("/v1/search", params=address)
    assert response.status_code == 200, response.text
    assert found(response.json()) == expected


def where(kind: str, key: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "value": value}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (where("eq", "author", "a. reader"), {PIER}),
        (where("ne", "author", "A. Reader"), {BERTHS, FERRY, OVERVIEW}),
        (where("gt", "rating", 4), {FERRY}),
        (where("gte", "rating", 4), {PIER, FERRY}),
        (where("lte", "rating", "4"), {PIER}),
        (where("in", "folder", ["reports/2024", "reports/2025"]), {BERTHS, FERRY}),
        (where("eq", "source", "reports/"), {BERTHS, FERRY}),
        (where("ne", "file_name", "reports/2024/"), {PIER, FERRY, OVERVIEW}),
        (where("in", "filename", ["pier.md", "*/2025/*"]), {PIER, FERRY}),
        (where("nin", "tag", ["boats"]), {PIER, FERRY, OVERVIEW}),
        (where("eq", "mentions_year", 2021), {OVERVIEW}),
        (where("gt", "mentions_year", 2018), {PIER, OVERVIEW}),
        ({"type": "or", "filters": [where("eq", "tag", "boats"), where("eq", "rating", 4)]}, {BERTHS, PIER}),
        (
            {
                "type": "and",
                "filters": [
                    where("eq", "folder", "reports"),
                    {"type": "or", "filters": [where("ne", "tag", "boats"), where("eq", "mentions_year", 2019)]},
                ],
            },
            {FERRY},
        ),
    ],
)
def test_where(client: TestClient, condition: dict[str, Any], expected: set[str]) -> None:
    assert found(ask(client, "what is there", k=50, filters={"where": condition})) == expected
    narrower = ask(client, "what is there", k=50, filters={"where": condition, "source": BERTHS})
    assert found(narrower) == expected & {BERTHS}


NESTED = where("eq", "title", "x")
for _ in range(11):
    NESTED = {"type": "and", "filters": [NESTED]}


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"metadata": {"colour": "red"}}, "the condition is on 'colour'"),
        ({"metadata": {"colour": []}}, "the condition on metadata.colour has no value"),
        ({"metadata": {"colour": None}}, "filters.metadata.colour"),
        ({"metadata": "law"}, "filters.metadata is 'law'"),
        ({"folder": ""}, "the condition on folder has no value"),
        ({"tag": "\0"}, "the condition on tag holds a NUL"),
        ({"where": where("eq", "size", 1)}, "the condition is on 'size', which no document has; there are author, "),
        ({"where": where("like", "title", "x")}, "'like'"),
        ({"where": {"type": "and", "filters": []}}, "filters.where.and.filters"),
        ({"where": NESTED}, "the filters are nested 11 deep"),
        (
            {"where": {"type": "or", "filters": [where("eq", "title", str(n)) for n in range(101)]}},
            "the filters are 101 comparisons; give 100 at most",
        ),
    ],
)
def test_what_is_wrong_is_told(client: TestClient, filters: dict[str, Any], told: str) -> None:
    response = client.post("/v1/search", json={"query": "x", "filters": filters})
    message = assert_error(response, 422, "InvalidInput")
    assert told in message


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/v1/search?q=x&metadata=law", "metadata is 'law'; write key:value"),
        ("/v1/search?q=x&metadata=colour:red", "the condition is on 'colour'"),
        ("/v1/search?q=x&where=eq", "where is not known here"),
    ],
)
def test_what_is_wrong_with_an_address_is_told(client: TestClient, address: str, told: str) -> None:
    assert told in assert_error(client.get(address), 422, "InvalidInput")
