"""Every route with every kind of key, with read keys and without: the routes are the app's own, the statuses a rule."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.http.access import Scope
from tests.http_fixtures import Serving
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index, settings_of

OTHER = "other"  # a collection, and keys of it alone
OTHER_READ, OTHER_WRITE, TOKEN = "a-key-that-reads-elsewhere", "a-key-that-writes-elsewhere", "a-token-of-the-page"
KEYS = {
    "no key": None,
    "wrong key": "a-key-that-opens-nothing",
    "read key": READ_KEY,
    "write key": WRITE_KEY,
    "other's read key": OTHER_READ,
    "other's write key": OTHER_WRITE,
    "page token": TOKEN,
}


class Needs(Enum):
    """What a route asks of a key; of no one collection is what is told of all those that the key opens."""

    NOTHING = auto()
    READ = auto()
    READ_ANY = auto()
    WRITE = auto()
    WRITE_ANY = auto()


# Every route, and what it needs. A new one must be told here; `test_the_table_is_true_to_its_rule` holds it to a rule.
ROUTES: dict[str, Needs] = {
    "GET /": Needs.NOTHING,
    "GET /source": Needs.NOTHING,
    "GET /library": Needs.NOTHING,
    "GET /assets/formats.js": Needs.NOTHING,
    "GET /assets/{path}": Needs.NOTHING,
    "GET /docs": Needs.NOTHING,
    "GET /docs/assets/{path}": Needs.NOTHING,
    "GET /openapi.json": Needs.NOTHING,
    "GET /healthz": Needs.NOTHING,
    "GET /readyz": Needs.NOTHING,
    "GET /health": Needs.NOTHING,
    "GET /metrics": Needs.READ_ANY,
    "GET /v1/search": Needs.READ,
    "POST /v1/search": Needs.READ,
    "GET /v1/passages/{passage_id}": Needs.READ,
    "GET /v1/documents": Needs.READ,
    "POST /v1/documents": Needs.WRITE,
    "POST /v1/documents:batch": Needs.WRITE,
    "GET /v1/documents/{document_id}": Needs.READ,
    "PUT /v1/documents/{document_id}": Needs.WRITE,
    "PATCH /v1/documents/{document_id}": Needs.WRITE,
    "DELETE /v1/documents/{document_id}": Needs.WRITE,
    "GET /v1/documents/{document_id}/original": Needs.READ,
    "GET /v1/documents/{document_id}/pages/{number}": Needs.READ,
    "GET /v1/jobs": Needs.READ,
    "GET /v1/jobs/{job_id}": Needs.READ_ANY,
    "GET /v1/jobs/{job_id}/events": Needs.READ_ANY,
    "DELETE /v1/jobs/{job_id}": Needs.WRITE_ANY,
    "GET /v1/collections": Needs.READ_ANY,
    "POST /v1/collections": Needs.WRITE,
    "GET /v1/collections/{name}": Needs.READ,
    "DELETE /v1/collections/{name}": Needs.WRITE,
    "POST /retrieval": Needs.READ,
    "POST /v1/vector_stores/{vector_store_id}/search": Needs.READ,
    "POST /v1/vector_stores": Needs.WRITE,
    "GET /v1/vector_stores": Needs.READ_ANY,
    "GET /v1/vector_stores/{vector_store_id}": Needs.READ,
    "POST /v1/vector_stores/{vector_store_id}": Needs.WRITE,
    "DELETE /v1/vector_stores/{vector_store_id}": Needs.WRITE,
    "POST /v1/vector_stores/{vector_store_id}/files": Needs.WRITE,
    "GET /v1/vector_stores/{vector_store_id}/files": Needs.READ,
    "GET /v1/vector_stores/{vector_store_id}/files/{file_id}": Needs.READ,
    "POST /v1/vector_stores/{vector_store_id}/files/{file_id}": Needs.WRITE,
    "DELETE /v1/vector_stores/{vector_store_id}/files/{file_id}": Needs.WRITE,
    "GET /v1/vector_stores/{vector_store_id}/files/{file_id}/content": Needs.READ,
    "POST /v1/vector_stores/{vector_store_id}/file_batches": Needs.WRITE,
    "GET /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}": Needs.READ,
    "POST /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel": Needs.WRITE,
    "GET /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files": Needs.READ,
    "POST /v1/files": Needs.WRITE_ANY,
    "GET /v1/files": Needs.READ_ANY,
    "GET /v1/files/{file_id}": Needs.READ_ANY,
    "DELETE /v1/files/{file_id}": Needs.WRITE_ANY,
    "GET /v1/files/{file_id}/content": Needs.READ_ANY,
    "POST /open-webui/search": Needs.READ,
    "POST /mcp": Needs.READ_ANY,  # its tools ask for a collection of their own
}
# Routes whose platforms have statuses of their own for what is refused; the tests of each say which.
FOREIGN = ("/retrieval", "/v1/vector_stores", "/v1/files", "/mcp")
# What is sent, where that is more than `{}`; who may write no more than nothing is refused before it is read.
BODIES = {
    "POST /v1/vector_stores/{vector_store_id}/files": b'{"file_id": "x"}',
    "POST /v1/vector_stores/{vector_store_id}/files/{file_id}": b'{"attributes": {}}',
    "POST /v1/vector_stores/{vector_store_id}/file_batches": b'{"file_ids": ["x"]}',
    "POST /v1/search": b'{"query": "boats"}',
    "POST /open-webui/search": b'{"query": "boats", "count": 1}',
    "POST /retrieval": b'{"query": "boats", "knowledge_id": "wherefrom", "retrieval_setting": {"top_k": 1}}',
    "POST /v1/vector_stores/{vector_store_id}/search": b'{"query": "boats"}',
    "PUT /v1/documents/{document_id}": b'{"text": "Forty boats lie in the harbour."}',
    "POST /v1/documents": (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\nBoats.\r\n--x--\r\n'
    ),
}
MEDIA_TYPES = {
    "POST /v1/documents": "multipart/form-data; boundary=x",
    "POST /v1/documents:batch": "application/x-ndjson",
}
PARAMETERS = {"name": "default", "vector_store_id": "wherefrom", "number": "1", "n": "1"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("http"))


@dataclass(frozen=True)
class Setup:
    """Which keys a service has."""

    read: bool = False
    write: bool = False
    token: bool = False

    def held(self) -> dict[str, tuple[Scope, bool]]:
        """Return what each key opens, and whether everywhere; what is not here opens nothing."""
        readers = {"read key": (Scope.READ, True), "other's read key": (Scope.READ, False)}
        writers = {"write key": (Scope.WRITE, True), "other's write key": (Scope.WRITE, False)}
        token = {"page token": (Scope.WRITE, True)}
        return {**(readers if self.read else {}), **(writers if self.write else {}), **(token if self.token else {})}

    def status(self, needs: Needs, key: str, of_other: bool) -> int | None:
        """Return the status by which a route refuses a key, none if it does not; asked in `OTHER` or in `default`."""
        wanted = Scope.WRITE if needs in (Needs.WRITE, Needs.WRITE_ANY) else Scope.READ
        if needs is Needs.NOTHING or (wanted is Scope.READ and not self.read):
            return None
        if KEYS[key] is None:
            return 401
        scope, everywhere = self.held().get(key, (Scope.NOTHING, False))
        opens = everywhere or of_other or needs in (Needs.READ_ANY, Needs.WRITE_ANY)
        return None if scope >= wanted and opens else 403


SETUPS = {
    "read keys and write keys": Setup(read=True, write=True),
    "write keys": Setup(write=True),
    "read keys and the page's token": Setup(read=True, token=True),
    "the page's token": Setup(token=True),
    "no keys": Setup(),
}


@pytest.fixture(params=SETUPS)
def setup(request: pytest.FixtureRequest) -> Setup:
    return SETUPS[request.param]


@pytest.fixture
def client(setup: Setup, data_dir: Path, tmp_path: Path) -> Iterator[TestClient]:
    def keys(name: str, key: str, other: str) -> str:
        file = tmp_path / name
        file.write_text(f"{sha256(other.encode()).hexdigest()} {name} {OTHER}\n")
        return f"{key},{file}"

    settings = settings_of(
        data_dir,
        read_keys=keys("read", READ_KEY, OTHER_READ) if setup.read else "",
        write_keys=keys("write", WRITE_KEY, OTHER_WRITE) if setup.write else "",
    )
    with Serving(settings, page_token=TOKEN if setup.token else None) as client:
        yield client


def routes_of(routes: Iterable[Any]) -> Iterator[str]:
    """Yield the routes of an app, those too that its documentation leaves out."""
    for route in routes:
        if (router := getattr(route, "original_router", None)) is not None:
            yield from routes_of(router.routes)
        elif (methods := getattr(route, "methods", None)) is not None:
            yield from (f"{method} {route.path}" for method in methods - {"HEAD"})
        else:
            yield f"GET {route.path}/{{path}}"


def filled(route: str, collection: str | None = None) -> str:
    """Return a route with something in place of each of its parameters."""
    for name in re.findall(r"{(\w+)}", route):
        route = route.replace(f"{{{name}}}", collection if name == "name" and collection else PARAMETERS.get(name, "x"))
    return route


def ask(client: TestClient, route: str, key: str | None, collection: str | None = None) -> int:
    method, _, path = filled(route, collection).partition(" ")
    parameters = {"q": "x"} | ({} if collection is None else {"collection": collection})
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    if method in ("POST", "PUT", "PATCH"):
        headers["Content-Type"] = MEDIA_TYPES.get(route, "application/json")
    body = BODIES.get(route, b"{}") if "Content-Type" in headers else None
    if route == "POST /v1/collections":
        body = json.dumps({"name": collection or "default"}).encode()
    return client.request(method, path, params=parameters, content=body, headers=headers).status_code


def test_every_route_is_in_the_table(data_dir: Path) -> None:
    assert sorted(routes_of(Serving(settings_of(data_dir)).app.routes)) == sorted(ROUTES)


def test_the_table_is_true_to_its_rule() -> None:
    reading_posts = {
        "/v1/search",
        "/retrieval",
        "/open-webui/search",
        "/mcp",
        "/v1/vector_stores/{vector_store_id}/search",
    }
    for route, needs in ROUTES.items():
        method, _, path = route.partition(" ")
        if path.startswith("/v1/") or path in reading_posts:
            reads = method == "GET" or path in reading_posts
            assert needs in ((Needs.READ, Needs.READ_ANY) if reads else (Needs.WRITE, Needs.WRITE_ANY)), route


def test_what_a_key_opens(client: TestClient, setup: Setup) -> None:
    wrong = {}
    for route, needs in ROUTES.items():
        foreign = route.partition(" ")[2].startswith(FOREIGN)
        for name, key in KEYS.items():
            for collection in (None,) if foreign else (None, OTHER):
                wanted = setup.status(needs, name, collection == OTHER)
                found = ask(client, route, key, collection)
                refused = found in (401, 403)
                if refused != (wanted is not None) or (refused and not foreign and found != wanted) or found >= 500:
                    wrong[route, name, collection] = (found, wanted)
    assert not wrong


# What is wrong with a request besides its key: of all of these, who is refused hears nothing.
SPOILED: dict[str, dict[str, Any]] = {
    "body and parameters": {"content": b"\xff{", "headers": {"Content-Type": "application/json"}},
    "type and size": {"content": b"x", "headers": {"Content-Type": "text/plain", "Content-Length": "9" * 12}},
}
OUT_OF_BOUNDS = {"limit": "0", "k": "x", "width": "9", "today": "never"}
IN_BODY = ("POST /v1/collections", "POST /v1/vector_stores", "POST /retrieval")  # the collection is named there alone


@pytest.mark.parametrize("spoiled", SPOILED)
def test_who_is_refused_is_not_told_what_else_is_wrong(client: TestClient, setup: Setup, spoiled: str) -> None:
    wrong = {}
    for route, needs in ROUTES.items():
        method, _, path = filled(route, "default").partition(" ")
        for name, key in KEYS.items():
            wanted = setup.status(needs, name, False)
            if wanted is None or (route in IN_BODY and name.startswith("other's")):
                continue
            sent = SPOILED[spoiled]
            headers = {**sent.get("headers", {}), **({} if key is None else {"Authorization": f"Bearer {key}"})}
            parameters = {"collection": "default", **OUT_OF_BOUNDS}
            found = client.request(method, path, params=parameters, content=sent.get("content"), headers=headers)
            if found.status_code not in ((401, 403) if path.startswith(FOREIGN) else (wanted,)):
                wrong[route, name] = (found.status_code, wanted)
    assert not wrong


def test_who_may_read_nothing_is_not_told_what_there_is(client: TestClient, setup: Setup) -> None:
    unknown = ("GET /v1/nothing", "PUT /v1/search", "DELETE /metrics", "GET /retrieval", "BREW /v1/documents/x")
    for method, _, path in (each.partition(" ") for each in unknown):
        for key in ("no key", "wrong key"):
            headers = {"Authorization": f"Bearer {KEYS[key]}"} if KEYS[key] else {}
            found = client.request(method, path, headers=headers).status_code
            wanted = setup.status(Needs.READ_ANY, key, False)
            assert found == (wanted or (404 if "nothing" in path else 405)) or (path in FOREIGN and found == 403), path


def test_a_key_in_the_address_opens_nothing(client: TestClient, setup: Setup) -> None:
    for route, needs in ROUTES.items():
        method, _, path = filled(route, "default").partition(" ")
        if (wanted := setup.status(needs, "no key", False)) is not None:
            for name in ("key", "api_key", "token", "access_token", "Authorization"):
                found = client.request(method, path, params={name: WRITE_KEY, "q": "x"}).status_code
                assert found == wanted or (path in FOREIGN and found == 403), route


def test_a_key_of_one_collection_may_name_it_in_the_body(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{sha256(OTHER_WRITE.encode()).hexdigest()} write {OTHER}\n")
    with Serving(settings_of(data_dir, write_keys=str(file))) as client:
        client.headers["Authorization"] = f"Bearer {OTHER_WRITE}"
        client.post("/v1/collections", json={"name": OTHER})
        for method, body in (("PUT", {"text": "Forty boats."}), ("PATCH", {"title": "Boats"})):
            answers = [
                client.request(method, "/v1/documents/boats", json={**body, **more}).status_code
                for more in ({"collection": OTHER}, {}, {"collection": "default"})
            ]
            assert answers == [201 if method == "PUT" else 200, 403, 403]
