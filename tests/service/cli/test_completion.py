"""Completion: what a shell is told, and that bash, zsh and fish make use of it."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command_fixtures import Command
from tests.service_fixtures import make_index, write_files
from tests.terminal_fixtures import WHEREFROM, environment, terminal


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


def completed(wherefrom: Command, line: str) -> list[str]:
    """Return what a bash is told that completes the last word of a line."""
    words = line.split(" ")
    wherefrom.monkeypatch.setenv("_WHEREFROM_COMPLETE", "complete_bash")
    wherefrom.monkeypatch.setenv("COMP_WORDS", line)
    wherefrom.monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    done = wherefrom().succeeded()
    wherefrom.monkeypatch.delenv("_WHEREFROM_COMPLETE")
    assert done.err == ""
    return done.out.split()


def test_commands_and_options_are_completed(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHEREFROM_PROT", "80")  # is told by commands, not between what is typed
    assert completed(wherefrom, "wherefrom st") == ["status"]
    assert completed(wherefrom, "wherefrom documents s") == ["show"]
    assert completed(wherefrom, "wherefrom ask --c") == ["--context-sentences", "--collection"]
    assert completed(wherefrom, "wherefrom index no") == []  # so that the shell names files


def test_names_of_collections_are_completed(wherefrom: Command, tmp_path: Path) -> None:
    assert completed(wherefrom, "wherefrom ask --collection ") == ["default"]
    other = tmp_path / "other"
    for name in ("news", "notes"):
        files = write_files(tmp_path / name, {f"{name}.md": name})
        wherefrom("index", files, "--data-dir", other, "--collection", name).succeeded()
    assert completed(wherefrom, f"wherefrom ask --data-dir {other} --collection n") == ["news", "notes"]
    assert completed(wherefrom, f"wherefrom status --data-dir {other} --collection ne") == ["news"]
    assert completed(wherefrom, f"wherefrom ask --data-dir {tmp_path / 'none'} --collection ") == []
    wherefrom.monkeypatch.setenv("WHEREFROM_PORT", "eighty")
    assert completed(wherefrom, "wherefrom ask --collection ") == []
    assert not (tmp_path / "none").exists()


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """Return variables of a shell that finds `wherefrom` among its programs, and of nobody's settings."""
    file = tmp_path / "bin" / "wherefrom"
    file.parent.mkdir()
    file.write_text(f'#!/bin/sh\nexec {shlex.join(WHEREFROM)} "$@"\n')
    file.chmod(0o755)
    return {"PATH": f"{file.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "PS1": "> "}


@pytest.mark.parametrize(
    ("shell", "begin"),
    [
        ("bash --norc -i", "source <(_WHEREFROM_COMPLETE=source_bash wherefrom)"),
        ("zsh -f -i", "autoload -Uz compinit; compinit -D -u; source =(_WHEREFROM_COMPLETE=source_zsh wherefrom)"),
    ],
    ids=["bash", "zsh"],
)
def test_a_shell_completes_what_is_typed(shell: str, begin: str, program: dict[str, str], tmp_path: Path) -> None:
    if shutil.which(shell.split()[0], path=program["PATH"]) is None:
        pytest.skip(f"there is no {shell.split()[0]} here")
    (tmp_path / "文档").mkdir()
    with terminal(shell.split(), program, cwd=tmp_path) as screen:
        screen.wait_for("> ")
        screen.type(f"{begin}; echo rea''dy\r")
        screen.wait_for("ready")
        screen.type("wherefrom verif\t")
        screen.wait_for("verify")
        screen.type("文\t")
        screen.wait_for("文档")


def test_fish_completes_what_is_typed(program: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("fish", path=program["PATH"]) is None:
        pytest.skip("there is no fish here")
    script = "_WHEREFROM_COMPLETE=source_fish wherefrom | source; complete -C 'wherefrom verif'"
    command = ["fish", "--no-config", "-c", script]
    done = subprocess.run(command, env=environment(**program), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verify\t")
