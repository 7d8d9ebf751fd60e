"""The tables in the documentation that follow from the code, and the commands that it names."""

import re
import shlex
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import typer

from eval.__main__ import app as eval_app
from service.cli.main import app as wherefrom_app
from service.errors import PRIVATE, STATUSES
from service.reference import SETTINGS, schemas, with_tables
from tests.conftest import ROOT
from tests.docs.examples import EXAMPLES, FENCE, PAGES, SHELL, typed

PROGRAMS: dict[str, Any] = {
    "wherefrom": typer.main.get_command(wherefrom_app),
    "python -m eval": typer.main.get_command(eval_app),
}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
FOREIGN_OPTIONS = {"--help", "--read-only", "--network", "--constraint"}  # Docker's, and pip's
TABLES = {name: page.name for page in PAGES for name in re.findall(r"<!-- table: (\w+) -->", page.read_text("utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_its_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text == with_tables(text), "write them anew with: make docs"


def test_every_field_and_setting_has_its_table() -> None:
    told_in_words = {"BatchResponse", "StatusOut", "JobsOut", "OneJobOut", "CollectionIn", "CollectionsOut"}
    told_in_words |= {"OneCollectionOut", "LineIn", "VectorStoreChangeIn", "AttributesIn", "DeletedOut"}
    told_in_words |= {"VectorStoresOut", "VectorStoreFilesOut", "FilesOut", "FileContentOut", "TextOut"}
    expected = set(schemas()) - told_in_words
    assert set(TABLES) == expected
    assert TABLES.pop(SETTINGS) == "configuration.md"
    assert set(TABLES.values()) == {"api.md"}


def test_every_table_stands_below_its_name() -> None:
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    headings = re.findall(r"^### (\w+)\n(?:(?!^#).*\n)*?<!-- table: (\w+) -->", text, re.MULTILINE)
    assert [name for name, _ in headings] == [table for _, table in headings]
    links = set(re.findall(r"\|[^|]*\]\(#(\w+)\)", text)) - {
        "writing",
        "collections",
    }  # in tables; these two are routes'
    assert links <= {name.lower() for name, _ in headings}


def options_of(command: Any) -> set[str]:
    parts = [command, *getattr(command, "commands", {}).values()]
    return {option for part in parts for each in part.params for option in (*each.opts, *each.secondary_opts)}


def assert_understood(command: Any, words: list[str]) -> None:
    """Check that a command has the options it is given, and each its value."""
    inner = getattr(command, "commands", None)
    if inner is None:
        command.make_parser(typer.Context(command, info_name=command.name)).parse_args(words)
    elif words:
        assert words[0] in inner, words
        assert_understood(inner[words[0]], words[1:])


def inline(text: str) -> list[str]:
    """Return what is set as code in the running text of a page."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_it_names_is_understood(page: Path) -> None:
    examples = [each for each in EXAMPLES if each.page == page.relative_to(ROOT).as_posix() and each.language in SHELL]
    lines = [step.code.replace("\\\n", " ") for each in examples for step in typed(each)]
    for line in (*lines, *(re.sub(r"[][]", "", code) for code in inline(page.read_text("utf-8")))):
        for name, program in PROGRAMS.items():
            for called in re.findall(rf"(?<!from )(?:^|(?<=[\s/])){name} ([a-z].*)", line):
                assert_understood(program, shlex.split(called, comments=True))
        for target in re.findall(r"^make ([a-z]+)", line):
            assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_option_it_names_is_there(page: Path) -> None:
    known = {
        option
        for program in PROGRAMS.values()
        for each in (program, *program.commands.values())
        for option in options_of(each)
    }
    for code in inline(page.read_text("utf-8")):
        assert set(re.findall(r"(?<!\S)\[?(--[a-z][a-z-]*)", code)) <= known | FOREIGN_OPTIONS, code
        first, *rest = code.split()
        if rest and rest[0].startswith("-"):
            for program in PROGRAMS.values():
                if first in program.commands:
                    assert_understood(program.commands[first], rest)


def test_every_command_is_told() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    known = PROGRAMS["wherefrom"].commands
    for name in known:
        assert f"`wherefrom {name} " in text or f"`wherefrom {name}`" in text
    assert {name for name, command in known.items() if "--json" not in options_of(command)} == {"mcp"}
    for option in (each for each in options_of(known["index"]) if each.startswith("--")):
        assert f"{option} " in text or f"{option}`" in text


def test_it_is_told_which_commands_print_json() -> None:
    page = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    (told,) = re.findall(r"Each has `--help`; ([^.]*) have `--json`", page)
    known = PROGRAMS["python -m eval"].commands
    assert set(re.findall(r"`([a-z][a-z-]*)`", told)) == {name for name in known if "--json" in options_of(known[name])}


def test_every_error_is_told_with_its_status() -> None:
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d{3}) \| (`\w+`(?:, `\w+`)*) \|", text, re.MULTILINE)
    told = {name: int(status) for status, names in rows for name in re.findall(r"\w+", names)}
    # Some kinds that have a message of their own have the status of what they are a kind of.
    kinds = {*STATUSES, *PRIVATE}
    ours = {kind.__name__: int(next(STATUSES[each] for each in kind.__mro__ if each in STATUSES)) for kind in kinds}
    never_sent = {"UnreadableFile", "IdTaken"}  # over HTTP nothing is indexed
    assert {name: status for name, status in told.items() if name in ours} == {
        name: status for name, status in ours.items() if name not in never_sent
    }
    assert {name: HTTPStatus(status).phrase.replace(" ", "") for name, status in told.items() if name not in ours} == {
        "MethodNotAllowed": "MethodNotAllowed", "InternalError": "InternalServerError"
    }  # fmt: skip
