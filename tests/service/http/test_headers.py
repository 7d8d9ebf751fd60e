"""What every answer tells a browser, and which methods an address takes."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.http_fixtures import QUESTION, Serving, ask
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index, settings_of

WRITING = {"Authorization": f"Bearer {WRITE_KEY}"}
LOCKED = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
ALLOWED = {
    "/healthz": "GET, HEAD",
    "/metrics": "GET, HEAD",
    "/assets/ask.js": "GET, HEAD",
    "/docs": "GET, HEAD",
    "/mcp": "POST",
    "/retrieval": "POST",
    "/v1/search": "GET, HEAD, POST",
    "/v1/documents": "GET, HEAD, POST",
    "/v1/documents:batch": "POST",
    "/v1/documents/x": "GET, HEAD, PUT, PATCH, DELETE",
    "/v1/documents/x/original": "GET, HEAD",
    "/v1/jobs/x": "GET, HEAD, DELETE",
    "/v1/vector_stores/wherefrom": "GET, HEAD, POST, DELETE",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = settings_of(make_index(tmp_path_factory.mktemp("http")), write_keys=WRITE_KEY)
    with Serving(settings) as client:
        client.put("/v1/documents/boats", json={"text": "Forty boats lie in the harbour."}, headers=WRITING)
        yield client


def told(response: Response) -> dict[str, str]:
    return {name: response.headers.get(name, "") for name in LOCKED}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/v1/search?q={QUESTION}", 200),
        ("GET", "/v1/documents/boats", 200),
        ("GET", "/v1/documents/none", 404),
        ("GET", "/nothing", 404),
        ("GET", "/assets/none.js", 404),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("PUT", "/v1/search", 405),
        ("DELETE", "/v1/documents/boats", 401),
        ("POST", "/v1/search", 422),
        ("POST", "/mcp", 400),
        ("POST", "/retrieval", 422),
        ("OPTIONS", "/v1/search", 405),
    ],
)
def test_every_answer_is_locked(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert (response.status_code, told(response)) == (status, LOCKED)


def test_answers_to_what_comes_before_everything_are_locked(client: TestClient) -> None:
    assert told(client.get("/v1/search", headers={"Host": "elsewhere.example"})) == LOCKED
    with Serving(settings_of(Path("/nowhere"), read_keys=READ_KEY)) as keyed:
        assert told(keyed.get("/v1/search")) == LOCKED


def test_a_file_that_is_downloaded_is_not_run(client: TestClient) -> None:
    files = {"file": ("page.html", b"<script>1</script><p>Forty boats.", "text/html")}
    job = client.post("/v1/documents", files=files, headers=WRITING).json()["jobs"][0]
    while client.get(f"/v1/jobs/{job['id']}").json()["state"] != "done":
        time.sleep(0.05)
    response = client.get(f"/v1/documents/{job['documents'][0]}/original")
    assert response.headers["content-disposition"].startswith("attachment")
    policy = "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert told(response) == LOCKED | {"content-security-policy": policy}


@pytest.mark.parametrize("path", ALLOWED)
def test_a_refusal_names_every_method_of_the_address(client: TestClient, path: str) -> None:
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"} - {*ALLOWED[path].split(", ")}:
        response = client.request(method, path, headers=WRITING)
        assert (response.status_code, response.headers["allow"]) == (405, ALLOWED[path]), method


@pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/metrics", "/v1/documents/boats", "/none"])
def test_what_can_be_got_can_be_asked_for_its_head(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in {*got.headers} - {"x-request-id"}:
        assert head.headers[name] == got.headers[name] or (path, name) == ("/metrics", "content-length"), name


def test_a_head_is_counted_as_one_by_its_route(client: TestClient) -> None:
    client.head("/v1/documents/boats")
    ask(client)
    assert 'count{method="HEAD",route="/v1/documents/{document_id}",status="200"}' in client.get("/metrics").text
