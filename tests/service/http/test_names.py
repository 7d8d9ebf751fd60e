"""By which names a service may be called: without keys its own only, so that no web page leads a browser to it."""

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.errors import InvalidInput
from service.settings import Settings, read_settings
from tests.http_fixtures import FOREIGN, GUARDED, NO_SCHEMA, UNGUARDED, Serving, assert_error
from tests.server_fixtures import PATIENCE, PUBLIC_URL, Server, serving
from tests.service_fixtures import READ_KEY, WRITE_KEY, settings_of

# Every kind of route: those of the documentation, the page and its files, and what there is not.
ROUTES = {
    **GUARDED,
    **UNGUARDED,
    **FOREIGN,
    **NO_SCHEMA,
    "GET /": "/",
    "GET /source": "/source",
    "GET /assets/ask.js": "/assets/ask.js",
    "GET /docs/assets": "/docs/assets/swagger-ui.css",
    "GET /metrics": "/metrics",
    "POST /mcp": "/mcp",
    "GET /nowhere": "/nowhere",
    "OPTIONS /v1/search": "/v1/search",
}
FOREIGN_NAME = "rebound.example"


@pytest.fixture(scope="module")
def settings(served_dir: Path) -> Settings:
    return settings_of(served_dir, write_keys=WRITE_KEY)  # keys to write with close nothing to readers


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with Serving(settings) as client:
        yield client


def status_at(client: TestClient, host: str) -> int:
    return client.get("/v1/documents", headers={"Host": host}).status_code


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_answers_to_a_foreign_name(client: TestClient, route: str) -> None:
    method = route.split()[0]
    response = client.request(method, ROUTES[route], headers={"Host": f"{FOREIGN_NAME}:8000"})
    assert response.status_code == (403 if route == "POST /retrieval" else 421)  # Dify takes a 421 for a yes
    assert FOREIGN_NAME in response.text
    assert "WHEREFROM_PUBLIC_URL" in response.text and "WHEREFROM_READ_KEYS" in response.text
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_the_error_has_the_form_of_all_others(client: TestClient) -> None:
    assert_error(client.get("/", headers={"Host": FOREIGN_NAME}), 421, "Misdirected")
    dify = client.post("/retrieval", headers={"Host": FOREIGN_NAME}).json()
    assert set(dify) == {"error_code", "error_msg"}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:1", "localhost.", "localhost.:8000", "[::1]",
        "[::1]:8000", "[0:0:0:0:0:0:0:1]", "127.0.0.1:",
    ],
)  # fmt: skip
def test_its_own_names_are_right_at_any_port(client: TestClient, host: str) -> None:
    assert status_at(client, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        FOREIGN_NAME, "127.0.0.1.rebound.example", "localhost.rebound.example", "rebound.example:127.0.0.1",
        "127.0.0.1@rebound.example", "rebound.example@127.0.0.1", "127.0.0.1/rebound", "localhost:80:80",
        "localhost:x", "xlocalhost", "::1", "[::1", "::1]", "[::1]x", "[127.0.0.1]", "[", "", ".", ":8000",
        "localhost..", "127.0.0.1, rebound.example", "192.0.2.7", "[2001:db8::1]", "0.0.0.0", "local\xefhost",
        "x" * 5000,
    ],
)  # fmt: skip
def test_all_other_names_are_wrong(client: TestClient, host: str) -> None:
    told = assert_error(client.get("/v1/documents", headers={b"Host": host.encode("latin-1")}), 421, "Misdirected")
    assert len(told) < 400


def test_what_a_proxy_adds_names_nobody(client: TestClient) -> None:
    for header in ("X-Forwarded-Host", "X-Host", "Forwarded"):
        value = "host=127.0.0.1" if header == "Forwarded" else "127.0.0.1"
        assert client.get("/healthz", headers={"Host": FOREIGN_NAME, header: value}).status_code == 421
        assert client.get("/healthz", headers={header: value.replace("127.0.0.1", FOREIGN_NAME)}).status_code == 200


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://documents.example.org", "documents.example.org"),
        ("https://Documents.Example.org:8443/base/", "documents.example.org"),
        ("https://documents.example.org:8443", "documents.example.org:8443"),
        ("http://192.0.2.7/base", "192.0.2.7:8000"),
        ("http://[2001:db8::7]:80/base", "[2001:DB8:0::7]"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("https://documents.example.org./", "documents.example.org"),
    ],
)
def test_the_host_of_the_public_address_is_a_name(settings: Settings, url: str, host: str) -> None:
    with Serving(settings.model_copy(update={"public_url": url})) as client:
        assert status_at(client, host) == 200
        assert status_at(client, "127.0.0.1") == 200
        assert status_at(client, f"x.{host}") == 421


def test_the_address_it_listens_on_is_a_name(settings: Settings) -> None:
    with Serving(settings.model_copy(update={"host": "127.1.2.3"})) as client:
        assert status_at(client, "127.1.2.3:8000") == 200
        assert status_at(client, "127.1.2.4:8000") == 421


def test_with_keys_to_read_any_name_is_right(served_dir: Path) -> None:
    with Serving(settings_of(served_dir, read_keys=READ_KEY)) as client:
        for host in (FOREIGN_NAME, "10.1.2.3:8000", "["):
            opened = client.get("/v1/documents", headers={"Host": host, "Authorization": f"Bearer {READ_KEY}"})
            assert opened.status_code == 200
            assert_error(client.get("/v1/documents", headers={"Host": host}), 401, "Unauthorized")
            assert client.get("/healthz", headers={"Host": host}).status_code == 200


ORIGINS = {
    "https://rebound.example": 403,
    "null": 403,
    "http://127.0.0.1.rebound.example": 403,
    "chrome-extension://abcdefgh": 403,
    "http://127.0.0.1:8000": 200,
    "http://localhost:3000": 200,
    "http://[::1]": 200,
    "https://documents.example.org": 200,
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_of_another_site_may_not_ask(settings: Settings, origin: str) -> None:
    with Serving(settings.model_copy(update={"public_url": PUBLIC_URL})) as client:
        response = client.post("/v1/search", json={"query": "x"}, headers={"Origin": origin})
        assert response.status_code == ORIGINS[origin]
        if response.status_code == 403:
            assert origin in assert_error(response, 403, "Forbidden")
        preflight = client.options("/v1/search", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        for answer in (response, preflight):  # so that no browser shows them to a page of another site
            assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "url", ["http:///path", "http://[::1", "http://[x]/", "https://:80/", f"http://{'x' * 64}.org"]
)
def test_a_public_address_without_a_host_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("WHEREFROM_PUBLIC_URL", url)
    with pytest.raises(InvalidInput, match="WHEREFROM_PUBLIC_URL"):
        read_settings()


# Over the wire, where no client mends what is sent

HEADS: Mapping[str, tuple[bytes, int]] = {
    "its own name": (b"GET /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\n", 200),
    "a foreign name": (b"GET /v1/documents HTTP/1.1\r\nHost: rebound.example\r\n", 421),
    "no name": (b"GET /v1/documents HTTP/1.1\r\n", 400),
    "no name, as may be in 1.0": (b"GET /v1/documents HTTP/1.0\r\n", 421),
    "two names": (b"GET /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: rebound.example\r\n", 400),
    "two names in 1.0": (b"GET /v1/documents HTTP/1.0\r\nHost: rebound.example\r\nHost: 127.0.0.1\r\n", 400),
    "a foreign name in the target": (b"GET http://rebound.example/v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\n", 404),
    "its own name in the target": (b"GET http://127.0.0.1/v1/documents HTTP/1.1\r\nHost: rebound.example\r\n", 421),
    "a name that is a folded line": (b"GET /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\n .rebound.example\r\n", 400),
    "an upgrade": (
        b"GET /v1/documents HTTP/1.1\r\nHost: rebound.example\r\nUpgrade: websocket\r\n",
        421,
    ),
    "a name in the name of an upper case header": (b"GET /v1/documents HTTP/1.1\r\nHOST: rebound.example\r\n", 421),
}


@pytest.mark.parametrize("name", HEADS)
def test_over_the_wire(server: Server, name: str) -> None:
    head, status = HEADS[name]
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        connection.sendall(head + b"Connection: close\r\n\r\n")
        response = b"".join(iter(lambda: connection.recv(65536), b""))
    assert int(response.split()[1]) == status, response
    assert (b"lighthouse" in response) == (status == 200)


def test_a_name_that_is_no_name_is_no_failure_where_keys_are_set(keyed: Server) -> None:
    with socket.create_connection(keyed.address, timeout=PATIENCE) as connection:
        connection.sendall(b"GET /v1/documents HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n")
        assert int(connection.recv(65536).split()[1]) == 401


def test_a_service_with_a_public_address_answers_to_it(served_dir: Path) -> None:
    with serving(served_dir, WHEREFROM_PUBLIC_URL=PUBLIC_URL) as server:
        for host, status in ((b"documents.example.org", 200), (b"rebound.example", 421)):
            with socket.create_connection(server.address, timeout=PATIENCE) as connection:
                connection.sendall(b"GET /v1/documents HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
                assert int(connection.recv(65536).split()[1]) == status
