"""The pages on other platforms: their examples do what they say, against a served index."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from corpus.files.metadata import FIELDS, METADATA_FILE, read_folder_metadata
from index.filters.names import NAMES
from service.platforms.mcp_tools import TOOLS
from tests.conftest import ROOT, STARTER_CORPUS
from tests.server_fixtures import Server, environment, serving, wherefrom
from tests.service_fixtures import READ_KEY
from wherefrom import Options

PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "client" / "README.md"]
FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LOCAL = "http://127.0.0.1:8000"
# What examples hold that are tried here: requests, and entries for programs that start us.
WHOLE = {"sh": "curl -", "json": '"mcpServers"'}
PARTS = "contributing"  # its blocks are parts of files, which are compared with these


def examples(language: str) -> list[Any]:
    """Return the examples in a language, each under the page and the place it stands at."""
    return [
        pytest.param(code, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, (kind, code) in enumerate(FENCE.findall(page.read_text("utf-8")), 1)
        if kind == language and WHOLE.get(language, "") in code and page.stem != PARTS
    ]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "data"
    files = [STARTER_CORPUS / name for name in ("labour-cooperation.md", "labour-cooperation-en.md")]
    wherefrom("index", "--model", "hash", "--data-dir", str(folder), *map(str, files))
    return folder


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Iterator[Server]:
    with serving(data_dir) as server:
        yield server


@pytest.mark.parametrize("code", examples("python"))
def test_a_program_runs(server: Server, data_dir: Path, tmp_path: Path, code: str) -> None:
    code = code.replace(LOCAL, server.url).replace('"KEY"', repr(READ_KEY))
    (tmp_path / "data").symlink_to(data_dir)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "print(" not in code or "14" in done.stdout or "labour" in done.stdout.lower()


def request_of(command: str) -> httpx2.Request:
    """Return what a curl command sends; those in the pages only use what is read here."""
    url, headers, data = "", {}, None
    words = iter(shlex.split(command)[1:])
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = next(words)
        elif word != "-s":
            url = word
    return httpx2.Request("POST" if data else "GET", url, headers=headers, content=data)


@pytest.mark.parametrize("code", examples("javascript"))
def test_a_program_for_node_runs(server: Server, code: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; it runs the examples in JavaScript")
    command = [node, "--input-type=module", "--eval", code.replace(LOCAL, server.url)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", examples("sh"))
def test_a_request_is_answered(server: Server, code: str) -> None:
    request = request_of(code.replace(LOCAL, server.url))
    with httpx2.Client() as client:
        response = client.send(request)
    assert response.status_code == 200, response.text
    assert response.json()
    assert "14809" in response.text or "14,809" in response.text


@pytest.mark.parametrize("code", examples("json"))
def test_an_entry_is_json_and_its_command_exists(code: str) -> None:
    (entry,) = json.loads(code)["mcpServers"].values()
    name, *arguments = entry["args"]
    assert entry["command"] == "wherefrom"
    assert arguments[0] in wherefrom(name, "--help")


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def test_what_can_be_asked_for_is_all_told() -> None:
    for name in Options.__annotations__:
        assert f"`{name}`" in page("client")
    for tool, described in TOOLS.items():
        assert f"`{tool}`" in page("mcp")
        assert described.answer.model_fields
    for names in NAMES.values():
        assert any(f"`{name}`" in page("dify") for name in names)


@pytest.mark.parametrize("code", examples("toml"))
def test_metadata_are_read_as_they_are_written(tmp_path: Path, code: str) -> None:
    (tmp_path / METADATA_FILE).write_text(code, "utf-8")
    read = read_folder_metadata(tmp_path)
    assert read is not None
    for name, said in tomllib.loads(code).items():
        assert {**{field: getattr(read[name], field) for field in FIELDS if field in said}, **read[name].other} == said


def anchors(page: Path) -> set[str]:
    """Return what links may name in a page: its headings in small letters, words joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for link, place in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", path.read_text("utf-8")):
        page = path.parent / link if link else path
        assert page.exists(), link
        assert not place or place in anchors(page), f"{link}#{place}"


# The first part of a path that is one of this repository.
OURS = "|".join(("corpus", "index", "service", "client", "eval", "tests", "docs", "deploy"))


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_files_that_are_named_are_there(path: Path) -> None:
    for name in re.findall(rf"`((?:{OURS})/[\w./-]*)`", path.read_text("utf-8")):
        assert (ROOT / name).exists(), name
