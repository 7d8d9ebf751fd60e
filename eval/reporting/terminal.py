"""Evaluations, comparisons and tables for a terminal of 80 columns, and JSON for programs that read it."""

import codecs
import json
import sys
from typing import IO

import typer
from rich import box
from rich.console import Console
from rich.table import Table as Grid

from eval.answers import confidences_of
from eval.comparison import Comparison
from eval.evaluation import Evaluation
from eval.reporting import tables
from eval.reporting.curves import calibration_error
from eval.reporting.tables import Table, share_text

WIDTH = 80


def print_evaluation(evaluation: Evaluation, file: IO[str] | None = None) -> None:
    """Print the measures by language and kind, then refusals, citations and what was searched."""
    print_table(evaluation.questions, tables.measures_table({"A": evaluation}), file)
    _console(file, WIDTH).print(*map(_plain, _notes(evaluation)), sep="\n", soft_wrap=True)


def print_comparison(comparison: Comparison, file: IO[str] | None = None) -> None:
    """Print the difference in every measure, and the questions whose rank changed."""
    print_table("measures", tables.differences_table(comparison), file)
    _console(file, WIDTH).print(f"rank changed: {len(comparison.changes)} questions")
    if comparison.changes:
        print_table("", tables.changes_table(comparison), file)


def print_table(title: str, table: Table, file: IO[str] | None = None, width: int = WIDTH) -> None:
    """Print a table under its title, if it has one."""
    _console(file, width).print(*[_plain(title)] * bool(title), _grid(table), sep="\n")


def print_json(value: object) -> None:
    """Print a line of JSON, its keys in order."""
    # Where the terminal lacks characters, JSON has its own way to write them.
    unicode = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    typer.echo(json.dumps(value, ensure_ascii=not unicode, sort_keys=True))


def _console(file: IO[str] | None, width: int) -> Console:
    return Console(file=file, width=width, highlight=False, markup=False, emoji=False)


def _grid(table: Table) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for number, column in enumerate(table.columns):
        words = number < table.words
        grid.add_column(column, justify="left" if words else "right", overflow="fold" if words else "ellipsis")
    for rows in table.row_groups:
        for row in rows:
            grid.add_row(*map(_plain, row.cells))
        grid.add_section()
    return grid


def _plain(text: str) -> str:
    # Questions and kinds are others' words: what a terminal would act on becomes a space.
    return "".join(each if each.isprintable() else " " for each in text)


def _notes(evaluation: Evaluation) -> list[str]:
    refusal = evaluation.refusal
    firsts = tables.firsts_text(evaluation)
    searched = ", ".join(f"{name} {value}" for name, value in evaluation.index.items())
    return [
        f"refusing   AUROC {share_text(refusal.auroc)}; kept {share_text(refusal.kept)} of {refusal.answerable} "
        f"answerable, refused {share_text(refusal.refused)} of {refusal.unanswerable} unanswerable",
        f"confidence error {share_text(calibration_error(confidences_of(evaluation.per_query)))}",
        f"citations  {tables.citations_text(evaluation)}",
        f"highlights {tables.highlights_text(evaluation)}",
        *([] if firsts is None else [f"firsts     {firsts}"]),
        f"searched   {searched}",
    ]
