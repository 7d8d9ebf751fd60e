"""The rooms of corpus point one way: nouns, then splitting, then files; the store stands beside them on the nouns."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
# What each room may import of the others; the nouns are the modules of corpus itself, and import no room.
ARROWS = {
    "nouns": set[str](),
    "splitting": {"nouns"},
    "files": {"nouns", "splitting"},
    "store": {"nouns"},
}


def imported_rooms(file: Path) -> set[str]:
    imports = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom))
    names = [f"{node.module}.{alias.name}".split(".") for node in imports for alias in node.names]
    return {name[1] if name[1] in ARROWS else "nouns" for name in names if name[0] == "corpus"}


def test_the_rooms_are_these() -> None:
    assert {path.parent.name for path in CORPUS.glob("*/__init__.py")} == set(ARROWS) - {"nouns"}


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    files = list(CORPUS.glob("*.py") if room == "nouns" else (CORPUS / room).rglob("*.py"))
    assert files
    for file in files:
        wrong = imported_rooms(file) - ARROWS[room] - {room}
        assert not wrong, f"{file.relative_to(ROOT).as_posix()} imports {wrong}"


def test_the_check_sees_a_wrong_arrow(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from corpus.store.sqlite import Store\nfrom corpus.files import html\nfrom corpus import errors\n"
    )
    assert imported_rooms(wrong) == {"store", "files", "nouns"}
