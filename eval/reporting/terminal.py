"""Evaluations, comparisons and benchmarks as tables for a terminal of 80 columns."""

from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table as Grid

from eval.bench.stages import Benchmark
from eval.comparison import Comparison
from eval.evaluation import Evaluation
from eval.reporting.tables import (
    Table,
    benchmark_table,
    changes_table,
    citations_text,
    differences_table,
    highlights_text,
    measures_table,
    share_text,
)

WIDTH = 80


def print_evaluation(evaluation: Evaluation, file: IO[str] | None = None) -> None:
    """Print the measures by language and kind, then refusals, citations and what was searched."""
    console = _console(file)
    console.print(_plain(evaluation.questions), _grid(measures_table({"A": evaluation})), sep="\n")
    console.print(*map(_plain, _notes(evaluation)), sep="\n", soft_wrap=True)


def print_comparison(comparison: Comparison, file: IO[str] | None = None) -> None:
    """Print the difference in every measure, and the questions whose rank changed."""
    console = _console(file)
    console.print("measures", _grid(differences_table(comparison)), sep="\n")
    console.print(f"rank changed: {len(comparison.changes)} questions")
    if comparison.changes:
        console.print(_grid(changes_table(comparison)))


def print_table(title: str, table: Table, file: IO[str] | None = None) -> None:
    """Print a table under its title."""
    _console(file).print(_plain(title), _grid(table), sep="\n")


def print_benchmark(benchmark: Benchmark, file: IO[str] | None = None) -> None:
    """Print the milliseconds of every stage."""
    title = f"milliseconds a question: {benchmark.questions} questions, {benchmark.rounds} rounds"
    _console(file).print(title, _grid(benchmark_table(benchmark)), sep="\n")


def _console(file: IO[str] | None) -> Console:
    return Console(file=file, width=WIDTH, highlight=False, markup=False, emoji=False)


def _grid(table: Table) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for number, column in enumerate(table.columns):
        words = number < table.words
        grid.add_column(column, justify="left" if words else "right", overflow="fold" if words else "ellipsis")
    for section in table.sections:
        for row in section:
            grid.add_row(*map(_plain, row.cells))
        grid.add_section()
    return grid


def _plain(text: str) -> str:
    # Questions and kinds are others' words: what a terminal would act on becomes a space.
    return "".join(each if each.isprintable() else " " for each in text)


def _notes(evaluation: Evaluation) -> list[str]:
    refusal = evaluation.refusal
    searched = ", ".join(f"{name} {value}" for name, value in evaluation.index.items())
    return [
        f"refusing   AUROC {share_text(refusal.auroc)}; kept {share_text(refusal.kept)} of {refusal.answerable} "
        f"answerable, refused {share_text(refusal.refused)} of {refusal.unanswerable} unanswerable",
        f"citations  {citations_text(evaluation)}",
        f"highlights {highlights_text(evaluation)}",
        f"searched   {searched}",
    ]
