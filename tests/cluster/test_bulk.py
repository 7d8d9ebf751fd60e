"""Files indexed into a database by workers, and by those of Ray, are what one process makes of them."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from index.bulk.processes import LOST
from tests.conftest import ROOT
from tests.index.bulk.bulk_fixtures import ALWAYS, ONCE

SECONDS = 120
TEXTS = {
    "ferry.md": "# The ferry\n\nIt leaves at nine and takes forty cars.\n\n## Fares\n\nA car costs 12 crowns.",
    "森林.txt": "森林里有三百种鸟。2019年种了两万棵树。",
    "deep/река.md": "Река замерзает в ноябре. Мост построили в 1978 году.",
    "broken.pdf": "%PDF-1.7\n no more of it",
}
needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed; run: pip install 'wherefrom[ray]'"
)


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    variables = {name: value for name, value in os.environ.items() if not name.startswith("WHEREFROM_")}
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        env=variables | {"PYTHONPATH": str(ROOT), "WHEREFROM_MODEL": "hash"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def index(*arguments: object) -> Any:
    """Return the report of `wherefrom index`; one file of `TEXTS` cannot be read."""
    done = run("service.cli.main", "index", *arguments, "--json")
    assert done.returncode == 1 and done.stderr.splitlines()[-1].startswith("error: 1 file could not be read"), done
    return json.loads(done.stdout)


@pytest.mark.parametrize("workers", ["2", pytest.param("ray://local", marks=needs_ray)])
def test_workers_write_into_a_database_what_one_process_writes_into_a_folder(
    tmp_path: Path, store: str, name: str, workers: str
) -> None:
    files = write(tmp_path / "files", TEXTS)
    alone = index(files, "--data-dir", tmp_path / "data", "--collection", name)
    place = ("--store", store, "--collection", name)
    assert index(files, *place, "--workers", workers) == alone
    again = index(files, *place)
    assert {each["outcome"] for each in again["documents"]} == {"unchanged"}
    assert again["index"] == alone["index"]


@needs_ray
def test_workers_of_ray_that_are_lost_lose_nothing_but_the_file_that_takes_them_along(tmp_path: Path) -> None:
    note = tmp_path / "note"
    texts = {f"{number:02}.txt": f"Train {number} stops at {number * 4} stations." for number in range(12)}
    texts |= {"03.txt": f"{ONCE}{note} as it should.", "07.txt": ALWAYS}
    done = run("tests.cluster.ray_script", write(tmp_path / "files", texts))
    assert done.returncode == 0, done.stderr
    assert note.exists()
    assert json.loads(done.stdout) == [[name, LOST if name == "07.txt" else True] for name in sorted(texts)]
    assert "Traceback" not in done.stderr


@needs_ray
def test_a_cluster_that_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    files = write(tmp_path / "files", TEXTS)
    done = run("service.cli.main", "index", files, "--data-dir", tmp_path / "data", "--workers", "ray://127.0.0.1:1")
    assert done.returncode == 1
    assert "error: ray://127.0.0.1:1: no cluster answers there" in done.stderr.splitlines()[-1]
