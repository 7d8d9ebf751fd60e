"""The tables in the documentation that follow from the code, and the commands that it names."""

import re
from typing import Any

import pytest
import typer

from eval.__main__ import app as eval_app
from service.cli.main import app as wherefrom_app
from service.reference import SETTINGS, schemas, with_tables
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TABLES = {name: page.name for page in PAGES for name in re.findall(r"<!-- table: (\w+) -->", page.read_text("utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_its_tables_are_those_of_the_code(page: Any) -> None:
    text = page.read_text("utf-8")
    assert text == with_tables(text), "write them anew with: make docs"


def test_every_field_and_setting_has_its_table() -> None:
    expected = set(schemas()) - {"BatchResponse", "StatusOut"}  # these two are told in words
    assert set(TABLES) == expected
    assert TABLES.pop(SETTINGS) == "configuration.md"
    assert set(TABLES.values()) == {"api.md"}


def test_every_table_stands_below_its_name() -> None:
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    headings = re.findall(r"^### (\w+)\n(?:(?!^#).*\n)*?<!-- table: (\w+) -->", text, re.MULTILINE)
    assert [name for name, _ in headings] == [table for _, table in headings]
    links = set(re.findall(r"\]\(#(\w+)\)", text))
    assert links <= {name.lower() for name, _ in headings}


def commands(app: typer.Typer) -> dict[str, set[str]]:
    """Return the commands of a program, each with its options."""
    group: Any = typer.main.get_command(app)
    found = {}
    for name, command in group.commands.items():
        parts = [command, *getattr(command, "commands", {}).values()]
        options = (option for part in parts for each in part.params for option in (*each.opts, *each.secondary_opts))
        found[name] = {*options, "--help"}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_every_command_it_names_is_there(page: Any) -> None:
    known = {"wherefrom": commands(wherefrom_app), "python -m eval": commands(eval_app)}
    text = page.read_text("utf-8").replace("\\\n", " ")
    lines = re.findall(r"^[$#] +(.+)$|`([^`\n]+)`", text, re.MULTILINE)
    for line in map("".join, lines):
        for program, its in known.items():
            called = re.match(rf"(?:\S*/|runuser .*/)?{program} ([a-z-]+)(.*)", line)
            if called is None:
                continue
            name, rest = called.groups()
            assert name in its, line
            options = set(re.findall(r"(?<!\S)\[?(--?[a-z][a-z-]*)", rest))
            assert options <= its[name], line


def test_every_command_is_told() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    known = commands(wherefrom_app)
    for name in known:
        assert f"`wherefrom {name} " in text or f"`wherefrom {name}`" in text
    assert {name for name, options in known.items() if "--json" not in options} == {"mcp"}
    for option in (each for each in known["index"] if each.startswith("--")):
        assert f"{option} " in text or f"{option}`" in text
