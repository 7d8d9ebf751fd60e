"""The README is short, shows what really comes out, and leads to everything else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.models.hashing import HashEncoder
from service.app import create_app
from service.settings import Settings, read_settings
from tests.conftest import ROOT, STARTER_CORPUS
from tests.docs.test_quick_start import Terminal, copy, terminal
from tests.server_fixtures import WHEREFROM, environment

__all__ = ["copy", "terminal"]

README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
LONGEST = 60  # lines
SCORE = re.compile(r"\b[01]\.\d\d$", re.MULTILINE)  # of an answer; its last digit is the processor's


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= LONGEST


def test_it_begins_with_what_to_type() -> None:
    heading, fence, run, test, *_ = [line for line in README.splitlines() if line]
    assert (heading, fence, run.split()[:2], test.split()[:2]) == (
        "# wherefrom", "```sh", ["make", "run"], ["make", "test"]
    )  # fmt: skip
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.model
def test_the_example_shows_what_comes_out(tmp_path: Path, model_cache: Path) -> None:
    example, _ = CONSOLE.findall(README)
    command, _, shown = example.partition("\n")
    variables = environment(COLUMNS="80", WHEREFROM_CACHE_DIR=str(model_cache), WHEREFROM_DATA_DIR=str(tmp_path))
    subprocess.run([*WHEREFROM, "index", STARTER_CORPUS], env=variables, check=True, capture_output=True)
    asked = command.replace("$ .venv/bin/wherefrom", f"{sys.executable} -m service.cli.main")
    done = subprocess.run(["bash", "-c", asked], env=variables, capture_output=True, text=True, check=True)
    assert SCORE.sub("…", done.stdout).startswith(SCORE.sub("…", shown))  # and how long it took
    assert SCORE.search(shown)


def test_the_commands_for_own_documents_work(terminal: Terminal, copy: Path) -> None:
    _, commands = CONSOLE.findall(README)
    index, ask, serve = (line.removeprefix("$ ").partition("#")[0].strip() for line in commands.splitlines())
    (copy / "FOLDER").mkdir()
    (copy / "FOLDER" / "harbour.md").write_text("# The harbour\n\nIn 2024 the harbour got 36 new berths.\n")
    assert "1 added" in terminal.run(index)
    assert "1 unchanged" in terminal.run(index)
    assert "36 new berths" in terminal.run(ask.replace("QUESTION", "How many berths?"))
    with terminal.start(serve) as serving:
        try:
            assert serving.stderr is not None
            assert any("answers at" in line for line in serving.stderr)
        finally:
            os.killpg(serving.pid, 15)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_a_page_names_no_setting_that_is_not_there(page: Path) -> None:
    named = set(re.findall(r"\bWHEREFROM_([A-Z_]+)", page.read_text("utf-8")))
    known = {name.upper() for name in Settings.model_fields}
    if page.stem == "evaluation":
        known.add("KEY")  # the read key that `python -m eval` asks a service with
    assert named <= known


def test_every_route_is_in_the_documentation() -> None:
    paths = create_app(read_settings(), lambda name: HashEncoder()).openapi()["paths"]
    assert paths
    api = (ROOT / "docs" / "api.md").read_text("utf-8")
    for path in paths:
        assert f"`GET {path}`" in api or f"`POST {path}`" in api


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), {ROOT / "README.md"}
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = re.findall(r"\]\((?!https?:)([^)#]+\.md)", page.read_text("utf-8"))
        waiting |= {(page.parent / link).resolve() for link in links} - reached
    assert set((ROOT / "docs").glob("*.md")) <= reached
