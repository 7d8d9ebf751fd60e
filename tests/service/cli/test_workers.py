"""`wherefrom index --workers`: what is told and kept is what one process tells and keeps."""

import json
import sys
from pathlib import Path

import pytest

from tests.command_fixtures import Command
from tests.service_fixtures import write_files


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = write_files(tmp_path / "files")
    (folder / "song.mp3").write_text("a,b")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n no more of it")
    return folder


def test_the_report_and_the_index_are_those_of_one_process(wherefrom: Command, files: Path, tmp_path: Path) -> None:
    by_workers = wherefrom("index", files, "--workers", 2, "--json")
    by_itself = wherefrom("index", files, "--data-dir", tmp_path / "other", "--json")
    assert by_workers.code == by_itself.code == 1  # for a file could not be read
    assert json.loads(by_workers.out) == json.loads(by_itself.out)
    wherefrom("verify").succeeded()


def test_workers_do_what_is_new_only(wherefrom: Command, files: Path) -> None:
    (files / "broken.pdf").unlink()
    wherefrom("index", files, "--workers", 2).succeeded()
    (files / "new.txt").write_text("A new file.")
    done = wherefrom("index", files, "--workers", 1).succeeded()
    assert done.out.splitlines()[0] == "1 added, 3 unchanged"


@pytest.mark.parametrize("option", ["--rebuild", "--upgrade"])
def test_what_one_process_does_is_done_without_workers(wherefrom: Command, files: Path, option: str) -> None:
    wherefrom("index", files, option, "--workers", 2).failed(2, "--workers goes without --rebuild and --upgrade")


def test_a_wrong_number_is_told_before_anything_is_made(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files, "--workers", "many").failed(2, "--workers is 'many'; write a number from 1 to 256")
    assert not wherefrom.data_dir.exists()


def test_without_ray_it_is_told_how_to_install_it(wherefrom: Command, files: Path) -> None:
    wherefrom.monkeypatch.setitem(sys.modules, "ray", None)
    wherefrom("index", files, "--workers", "ray://local").failed(1, "pip install 'wherefrom[ray]'")
