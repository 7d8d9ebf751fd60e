"""`bench-formats`: what is lost, kept and refused of the files of others' test suites, in folders that are named."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import InvalidInput
from corpus.files.sandbox import Extractor
from eval.formats.measured import Measured, print_measured
from eval.formats.suites import KINDS, Half, Suite, recognise
from eval.reporting.terminal import print_json


def add_formats(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(bench_formats)


def bench_formats(
    folders: Annotated[list[Path], typer.Argument(help="Checkouts of suites, or any folders of files.", exists=True)],
    named: Annotated[str | None, typer.Option("--as", help=f"What the folders are: {', '.join(KINDS)}.")] = None,
    commit: Annotated[list[str] | None, typer.Option(metavar="SUITE=ID", help="The state of a suite.")] = None,
    half: Annotated[Half | None, typer.Option(help="Take half of the files, by the sum of their names.")] = None,
    every: Annotated[bool, typer.Option("--every-file/--expected-only", help="Read every file, too.")] = True,
    worst: Annotated[int, typer.Option(help="How many of the worst files to show of each table.", min=0)] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a table, with all files.")] = False,
) -> None:
    """Read the files of test suites, and say what of them is lost, left over, wrong or refused."""
    commits = dict(map(_commit, commit or ()))
    suites = [recognise(folder, named, commits, half) for folder in folders]
    with Extractor() as extractor:
        for found in _measured(suites, extractor, every):
            if as_json:
                print_json(found.as_json())
            else:
                print_measured(found, worst)


def _measured(suites: Sequence[Suite], extractor: Extractor, every: bool) -> Iterator[Measured]:
    for suite in suites:
        if suite.name in KINDS:
            yield from import_module(KINDS[suite.name].module).measure(suite, extractor)
    if every:
        from eval.formats import every_file  # only now: it loads what cuts and compares

        yield from every_file.measure(suites)


def _commit(said: str) -> tuple[str, str]:
    suite, _, commit = said.partition("=")
    if not commit:
        raise InvalidInput(f"--commit {said}: say SUITE=ID")
    return suite, commit
