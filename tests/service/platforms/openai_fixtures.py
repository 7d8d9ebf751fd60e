"""What the tests of OpenAI's files and vector stores share: a service that may be written, and its real client."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import openai
import pytest

from tests.server_fixtures import Server, serving
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index

PIERS_KEY = "a-key-that-writes-piers-only"
PIERS_READ_KEY = "a-key-that-reads-piers-only"
PIER = "# The long pier\n\nThe long pier has 1,204 planks of oak and was built by 77 carpenters in 1903.\n"
BELL = "# The fog bell\n\nThe fog bell weighs 312 kilograms and is rung every 20 seconds in thick weather.\n"
FERRY = "# 渡轮时刻\n\n北岸渡轮每日往返14班，末班船于22时30分离港，票价为6元。\n"


def client_of(server: Server, key: str = WRITE_KEY) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0)


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


@contextmanager
def writable(data_dir: Path, **variables: str) -> Iterator[Server]:
    """A service with keys that read, that write, and that do so in one collection only."""
    keys = data_dir.parent / "keys"
    keys.write_text(
        f"{digest(WRITE_KEY)} write\n{digest(READ_KEY)} read\n"
        f"{digest(PIERS_KEY)} write piers\n{digest(PIERS_READ_KEY)} read piers\n"
    )
    with serving(data_dir, WHEREFROM_WRITE_KEYS=str(keys), **variables) as server:
        yield server


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service whose collections the tests of a module write."""
    with writable(make_index(tmp_path_factory.mktemp("openai"))) as server:
        yield server


@pytest.fixture(scope="module")
def client(shelf: Server) -> Iterator[openai.OpenAI]:
    with client_of(shelf) as client:
        yield client


def upload(client: openai.OpenAI, text: str = PIER, name: str = "pier.md") -> str:
    return client.files.create(file=(name, text.encode()), purpose="assistants").id
