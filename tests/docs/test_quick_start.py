"""The quick start, step by step in a copy of the working copy, in every language it is written in.

What it installs stands there already, and the model is the one of the tests; everything else is done as it is written.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.server_fixtures import PATIENCE, environment

LOCAL = "http://127.0.0.1:8000"
PAGES = ["quick-start", "quick-start.zh"]
# What steps must show beside their success.
SHOWN = {"curl": "14809", "documents list": "harbour.md", "verify": "all is as it was stored"}


def steps(name: str) -> list[str]:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    return [
        line
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)
        for line in re.findall(r"^\$ (.+)$", block, re.MULTILINE)
    ]


def answers_shown(name: str) -> list[Any]:
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / f"{name}.md").read_text("utf-8"), re.DOTALL)
    return [json.loads(block) for block in blocks]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A working copy as `make install` leaves it."""
    base = tmp_path / "wherefrom"
    (base / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "client", "corpus"):
        (base / name).symlink_to(ROOT / name)
    program = base / ".venv" / "bin" / "wherefrom"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m service.cli.main "$@"\n')
    program.chmod(0o755)
    (base / ".venv" / ".installed").touch()
    return base


class Terminal:
    """Where a person types."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._variables = environment(WHEREFROM_MODEL="hash")

    def run(self, step: str) -> str:
        done = subprocess.run(
            ["bash", "-c", step], cwd=self._folder, env=self._variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (step, done.stderr)
        return done.stdout + done.stderr

    def start(self, step: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            step.split(), cwd=self._folder, env=self._variables, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
            text=True, start_new_session=True,
        )  # fmt: skip


@pytest.fixture
def terminal(copy: Path) -> Iterator[Terminal]:
    yield Terminal(copy)


def assert_shortened(example: Any, answer: Any) -> None:
    """Check that all that an example shows is in an answer, in its place and of its kind."""
    if isinstance(example, dict):
        for name, value in example.items():
            assert_shortened(value, answer[name])
    elif isinstance(example, list):
        for value, found in zip(example, answer, strict=False):
            assert_shortened(value, found)
    else:
        assert type(example) is type(answer)


@pytest.mark.parametrize("page", PAGES)
def test_every_step_works(terminal: Terminal, page: str) -> None:
    first, *others = steps(page)
    assert first == "make run"
    with terminal.start(first) as serving:
        try:
            assert serving.stderr is not None
            told = next(line for line in serving.stderr if "answers at" in line)
            address = re.search(r"http://\S+", told)
            assert address is not None
            for step in others:
                shown = terminal.run(step.replace(LOCAL, address[0]))
                for part, expected in SHOWN.items():
                    if part in step:
                        assert expected in shown, step
                if step.startswith("curl"):
                    for example in answers_shown(page):
                        assert_shortened(example, json.loads(shown))
            serving.send_signal(signal.SIGTERM)
        finally:
            os.killpg(serving.pid, signal.SIGTERM)
            serving.wait(timeout=PATIENCE)


def test_no_language_has_steps_of_its_own() -> None:
    """But for what is asked and what documents say, in quotes, and how many passages are wanted."""
    english, chinese = ({re.sub(r"\"[^\"]*\"|'[^']*'|-k \d", "…", step) for step in steps(page)} for page in PAGES)
    assert chinese <= english
