"""Who may do what over HTTP: every route with every kind of key, and the settings that say which keys there are."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.errors import InvalidInput
from service.app import create_app
from service.http.access import make_access
from tests.http_fixtures import (
    FOREIGN,
    GUARDED,
    NO_SCHEMA,
    UNGUARDED,
    WRITTEN,
    Serving,
    assert_error,
    hash_encoder,
    operations,
    send,
)
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index, settings_of

CREDENTIALS = {
    "no key": None,
    "empty": "Bearer ",
    "wrong key": "Bearer a-key-that-opens-nothing",
    "wrong scheme": f"Basic {READ_KEY}",
    "half a key": f"Bearer {READ_KEY[:-1]}",
    "hash of the key": f"Bearer {sha256(READ_KEY.encode()).hexdigest()}",
    "two keys": f"Bearer {READ_KEY},{WRITE_KEY}",
    "read key": f"Bearer {READ_KEY}",
    "read key, lower case scheme": f"bearer {READ_KEY}",
    "write key": f"Bearer {WRITE_KEY}",
}
UNAUTHORIZED = {"no key", "empty", "wrong scheme"}
ADMITTED = {"read key", "read key, lower case scheme", "write key"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("http"))


@pytest.fixture(scope="module")
def keyed(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir, read_keys=READ_KEY, write_keys=WRITE_KEY)) as client:
        yield client


@pytest.fixture(scope="module")
def open_to_read(data_dir: Path) -> Iterator[TestClient]:
    with Serving(settings_of(data_dir, write_keys=WRITE_KEY)) as client:
        yield client


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize("route", GUARDED)
def test_what_a_key_opens(keyed: TestClient, open_to_read: TestClient, route: str, name: str) -> None:
    found = 404 if "{" in route else 200
    response = send(keyed, route, GUARDED[route], CREDENTIALS[name])
    if name in ADMITTED:
        assert response.status_code == found
    elif name in UNAUTHORIZED:
        assert "Authorization: Bearer KEY" in assert_error(response, 401, "Unauthorized", READ_KEY, WRITE_KEY)
        assert response.headers["www-authenticate"] == "Bearer"
    else:
        assert_error(response, 403, "Forbidden", READ_KEY, WRITE_KEY)
    assert send(open_to_read, route, GUARDED[route], CREDENTIALS[name]).status_code == found


@pytest.mark.parametrize("route", GUARDED)
def test_a_key_in_the_address_opens_nothing(keyed: TestClient, route: str) -> None:
    path = GUARDED[route]
    for parameter in ("key", "api_key", "token", "access_token"):
        address = f"{path}{'&' if '?' in path else '?'}{parameter}={READ_KEY}"
        assert_error(send(keyed, route, address, None), 401, "Unauthorized", READ_KEY)


@pytest.mark.parametrize("route", UNGUARDED | NO_SCHEMA)
def test_health_and_documentation_need_no_key(keyed: TestClient, route: str) -> None:
    for credential in (None, "Bearer nonsense"):
        assert send(keyed, route, (UNGUARDED | NO_SCHEMA)[route], credential).status_code == 200


def test_the_table_of_access_names_every_route(keyed: TestClient) -> None:
    assert set(operations(keyed)) == {*GUARDED, *UNGUARDED, *FOREIGN, *WRITTEN}


def test_a_service_that_others_can_reach_needs_keys(data_dir: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org", ""):
        settings = settings_of(data_dir).model_copy(update={"host": host})
        with pytest.raises(InvalidInput, match="WHEREFROM_READ_KEYS"):
            create_app(settings, hash_encoder)
        create_app(settings.model_copy(update={"read_keys": READ_KEY}), hash_encoder)
    for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost"):
        create_app(settings_of(data_dir).model_copy(update={"host": host}), hash_encoder)


def test_a_file_of_hashes_stands_for_its_keys(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("".join(sha256(key.encode()).hexdigest() + "\n" for key in (READ_KEY, "another-key-to-read")))
    with Serving(settings_of(data_dir, read_keys=f"{file}, a-key-beside-the-file")) as client:
        for key in (READ_KEY, "another-key-to-read", "a-key-beside-the-file"):
            assert client.get("/v1/documents", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        assert client.get("/v1/documents", headers={"Authorization": f"Bearer {file}"}).status_code == 403


@pytest.mark.parametrize(
    "content", ["", "\n", "not a hash\n", READ_KEY, sha256(b"x").hexdigest()[:-1], sha256(b"x").hexdigest().upper()]
)
def test_a_file_that_holds_no_hashes_is_refused(data_dir: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys"
    file.write_text(content)
    with pytest.raises(InvalidInput, match=r"WHEREFROM_READ_KEYS.*must hold SHA-256") as told:
        make_access(settings_of(data_dir, read_keys=str(file)))
    assert READ_KEY not in str(told.value)


def test_a_file_of_keys_that_cannot_be_read_is_refused_by_name(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("missing", "binary", "."):
        with pytest.raises(InvalidInput, match="WHEREFROM_READ_KEYS"):
            make_access(settings_of(data_dir, read_keys=str(tmp_path / name)))


@pytest.mark.parametrize("keys", [",", " , ", "short", f"{READ_KEY},short"])
def test_keys_that_would_open_more_than_meant_are_refused(data_dir: Path, keys: str) -> None:
    with pytest.raises(InvalidInput, match="WHEREFROM_READ_KEYS") as told:
        make_access(settings_of(data_dir, read_keys=keys))
    assert "short" not in str(told.value)
    assert READ_KEY not in str(told.value)


def test_a_key_may_be_longer_than_any_file_name(data_dir: Path) -> None:
    key = "k" * 5000
    with Serving(settings_of(data_dir, read_keys=key)) as client:
        assert client.get("/v1/documents", headers={"Authorization": f"Bearer {key}"}).status_code == 200
