"""How to contribute: the rooms are those that are there, and every block of code is one that is run."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from textwrap import dedent, indent

import pytest

from corpus.store.sqlite import DATABASE_FILE, Store
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.verify import verify
from tests.conftest import ROOT
from tests.service_fixtures import make_index
from tests.store_fixtures import state
from tests.test_architecture import ARROWS, FOLDERS

PAGE = (ROOT / "docs" / "contributing.md").read_text("utf-8")
ROW = re.compile(r"^\| `([\w/]+/)` \| .+ \|(.*)\|$", re.MULTILINE)
FILE = r"`([\w/]+\.py)`"
# A block and the last file that the paragraph above it names.
BLOCK = re.compile(rf"{FILE}(?:(?!\n\n|{FILE}).)*:\n\n *```(?:python|text)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
DUMP = re.compile(r"^( *)```python\n( *import sqlite3\n.*?)^ *```", re.MULTILINE | re.DOTALL)


def rooms() -> set[str]:
    """Return the packages, and the folders with code in them."""
    return {
        f"{file.parent.relative_to(ROOT).as_posix()}/"
        for package in FOLDERS.values()
        for file in package.rglob("__init__.py")
    }


def test_the_map_has_every_room_and_no_other() -> None:
    told = {room for room, _ in ROW.findall(PAGE)}
    assert told ^ rooms() == {"service/web/"}  # the page is no Python
    assert (ROOT / "service" / "web" / "index.html").exists()


def test_the_arrows_are_those_that_are_checked() -> None:
    arrows = {Path(room).name: told.strip() for room, told in ROW.findall(PAGE) if told.strip()}
    assert arrows == {
        package: ", ".join(f"`{each}`" for each in sorted(known)) or "nothing" for package, known in ARROWS.items()
    }


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, _, code in BLOCK.findall(PAGE)])
def test_a_block_of_code_stands_in_its_file(name: str, code: str) -> None:
    block, text = dedent(code), (ROOT / name).read_text("utf-8")
    assert any(indent(block, depth) in text for depth in ("", "    ", "        ")), name


def test_no_block_of_code_is_without_a_file() -> None:
    assert len(re.findall("```(?:python|text)", PAGE)) == len(BLOCK.findall(PAGE)) + len(DUMP.findall(PAGE))


def test_a_store_written_down_as_told_is_a_store(tmp_path: Path) -> None:
    ((_, code),) = DUMP.findall(PAGE)
    data_dir = make_index(tmp_path)
    assert data_dir == tmp_path / "data"
    command = [sys.executable, "-W", "error", "-c", dedent(code)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    (tmp_path / "again").mkdir()
    with closing(sqlite3.connect(tmp_path / "again" / DATABASE_FILE)) as connection:
        connection.executescript(done.stdout)
    with Store.open(data_dir) as before, open_index(tmp_path / "again", lambda choice: HashEncoder()) as after:
        assert state(before) == state(after.truth)
        assert not list(verify(after.truth, tmp_path / "again"))
