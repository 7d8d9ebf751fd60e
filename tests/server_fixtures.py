"""What the tests of a served index share: `wherefrom serve` as a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest

from tests.service_fixtures import FILES, READ_KEY, make_index

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30  # seconds in which a process must start; far more than it takes
WHEREFROM = [sys.executable, "-m", "service.cli.main"]
COMMAND = [*WHEREFROM, "serve", "--model", "hash"]


def environment(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("WHEREFROM_")}
    path = os.pathsep.join((str(ROOT), str(ROOT / "client")))
    # Requests are not logged, so that what is told is what somebody must know; and one process is enough to look at.
    quiet = {"WHEREFROM_LOG_LEVEL": "warning", "WHEREFROM_WORKERS": "1"}
    return own | {"PYTHONPATH": path, "WHEREFROM_PORT": "0", **quiet, **more}


class Server:
    """A process that serves."""

    def __init__(self, process: subprocess.Popen[str], url: str, write_url: str | None = None) -> None:
        self.process, self.url, self.write_url = process, url, write_url

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host.strip("[]"), int(port)

    def stop(self, number: int) -> tuple[int, str]:
        """Send a signal, and return the exit code and what was told."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, err


def post(server: Server, path: str, **body: object) -> Any:
    """Send JSON, and return the JSON of an answer that is 200."""
    response = httpx2.post(server.url + path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def until(holds: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@contextmanager
def serving(data_dir: Path, *arguments: str, **variables: str) -> Iterator[Server]:
    command = [*COMMAND, "--json", "--data-dir", str(data_dir), *arguments]
    with serving_command(command, environment(**variables)) as server:
        yield server


@contextmanager
def serving_command(command: Sequence[str], variables: Mapping[str, str]) -> Iterator[Server]:
    """Run a command that serves and says where in JSON, with these variables and no others."""
    with subprocess.Popen(
        command, text=True, env=dict(variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            announced = json.loads(process.stdout.readline())
            assert list(announced) in (["url"], ["url", "write_url"])
            yield Server(process, **announced)
        finally:
            process.kill()


def linked_quote(link: str, key: str = READ_KEY) -> str:
    """Return what the page marks that a link leads to; the page's own tests see that it marks what stands there."""
    address, _, parameters = link.partition("?")
    assert httpx2.get(address).headers["content-type"].startswith("text/html")
    place = dict(parse_qsl(parameters, strict_parsing=True))
    assert list(place) == ["document", "start", "end", "sha256"]
    base = address.removesuffix("/source")
    headers = {"Authorization": f"Bearer {key}"}
    document = httpx2.get(f"{base}/v1/documents/{place['document']}", headers=headers).json()
    assert document["sha256"] == place["sha256"]
    quote: str = document["text"][int(place["start"]) : int(place["end"])]
    return quote


def wherefrom(*arguments: str, **variables: str) -> str:
    """Run a command in a process of its own, and return what it printed."""
    done = subprocess.run(
        [*WHEREFROM, *arguments], env=environment(**variables), capture_output=True, text=True, check=True
    )
    return done.stdout


PUBLIC_URL = "https://documents.example.org/base"
KNOWLEDGE_ID = "shanghai-yunnan"
LONG_TITLE = f"""---
title: {"long " * 400}
language: en
---
Some titles are very long.
"""


@pytest.fixture(scope="session")
def served_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a small corpus that is only read."""
    return make_index(tmp_path_factory.mktemp("served"), {**FILES, "long.md": LONG_TITLE})


@pytest.fixture(scope="session")
def server(served_dir: Path) -> Iterator[Server]:
    """A service with the settings it has by itself, one for all tests: each start takes seconds."""
    with serving(served_dir) as server:
        yield server


@pytest.fixture(scope="session")
def keyed(served_dir: Path) -> Iterator[Server]:
    """A service with a read key, a name and a public address."""
    variables = {
        "WHEREFROM_READ_KEYS": READ_KEY,
        "WHEREFROM_KNOWLEDGE_ID": KNOWLEDGE_ID,
        "WHEREFROM_PUBLIC_URL": f"{PUBLIC_URL}/",
    }
    with serving(served_dir, **variables) as server:
        yield server
