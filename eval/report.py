"""Evaluations and comparisons as tables for a terminal of 80 columns."""

from collections import Counter
from collections.abc import Mapping
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from eval.bench import Benchmark
from eval.comparison import Comparison
from eval.measures import MEASURES
from eval.runner import LANGUAGE_GROUPS, Evaluation, language_group

WIDTH = 80


def print_evaluation(evaluation: Evaluation, title: str, file: IO[str] | None = None) -> None:
    """Print the measures by language and kind, then refusals, citations and what was searched."""
    answerable = [outcome.question for outcome in evaluation.per_query if outcome.question.answerable]
    table = _table(["questions", *MEASURES])
    _add_row(table, "all", len(answerable), evaluation.measures)
    by_language = {each: of for each in LANGUAGE_GROUPS if (of := evaluation.by_language.get(each))}
    _add_groups(table, by_language, Counter(language_group(question.language) for question in answerable))
    _add_groups(table, evaluation.by_kind, Counter(question.kind for question in answerable))
    console = _console(file)
    console.print(title, table, sep="\n")
    console.print(*_notes(evaluation), sep="\n", soft_wrap=True)


def print_comparison(comparison: Comparison, file: IO[str] | None = None) -> None:
    """Print the difference in every measure, and the questions whose rank changed."""
    differences = _table(["A", "B", "B - A", "p"])
    for each in comparison.differences:
        figures = (f"{each.before:.3f}", f"{each.after:.3f}", f"{each.difference:+.3f}", f"{each.p:.4f}")
        differences.add_row(each.measure, *figures)
    changes = _table(["A", "B"])
    for change in comparison.changes:
        changes.add_row(change.question_id, _rank(change.before), _rank(change.after))
    title = f"rank changed: {len(comparison.changes)} questions"
    _console(file).print("measures", differences, title, changes, sep="\n")


def print_benchmark(benchmark: Benchmark, file: IO[str] | None = None) -> None:
    """Print the milliseconds of every stage."""
    table = _table(["p50", "p95", "p99"])
    for stage in benchmark.stages:
        table.add_row(stage.name, *(f"{value:.1f}" for value in (stage.p50, stage.p95, stage.p99)))
    title = f"milliseconds a question: {benchmark.questions} questions, {benchmark.rounds} rounds"
    _console(file).print(title, table, sep="\n")


def _console(file: IO[str] | None) -> Console:
    return Console(file=file, width=WIDTH, highlight=False, markup=False, emoji=False)


def _table(columns: list[str]) -> Table:
    table = Table("", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _add_groups(table: Table, groups: Mapping[str, Mapping[str, float]], sizes: Mapping[str, int]) -> None:
    if len(groups) > 1:  # one group is the whole again
        table.add_section()
        for group, measures in groups.items():
            _add_row(table, group, sizes[group], measures)


def _add_row(table: Table, name: str, size: int, measures: Mapping[str, float]) -> None:
    table.add_row(name, str(size), *(f"{measures[measure]:.3f}" for measure in MEASURES))


def _notes(evaluation: Evaluation) -> list[str]:
    refusal, citations = evaluation.refusal, evaluation.citations
    searched = ", ".join(f"{name} {value}" for name, value in evaluation.index.items())
    return [
        f"refusing  AUROC {_share(refusal.auroc)}; kept {_share(refusal.kept)} of {refusal.answerable} "
        f"answerable, refused {_share(refusal.refused)} of {refusal.unanswerable} unanswerable",
        f"citations {citations.checked} checked, {citations.failed} failed",
        f"searched  {searched}",
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _rank(rank: int | None) -> str:
    return "-" if rank is None else str(rank)
