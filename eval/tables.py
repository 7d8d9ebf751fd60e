"""Evaluations and comparisons as tables of text, which the terminal, Markdown and HTML each draw in their way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.bench import Benchmark
from eval.comparison import Comparison
from eval.evaluation import Evaluation, Outcome, answerable, by_kind, by_language, mean_of, refusal_of
from eval.measures import MEASURES

Runs = Mapping[str, Evaluation]
"""Evaluations by the letter that reports call them by."""

Groups = Mapping[str, Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the language of its words where they are not ours."""

    cells: tuple[str, ...]
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under headings.

    Attributes:
        columns: the headings.
        sections: rows that belong together.
        words: how many columns, from the left, hold words; the others hold figures.
    """

    columns: tuple[str, ...]
    sections: tuple[tuple[Row, ...], ...]
    words: int = 1

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return [row for section in self.sections for row in section]


def measures_table(runs: Runs) -> Table:
    """Return the measures of the answerable questions: all, by language and by kind."""

    def figures(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
        means = mean_of(outcomes)
        return (str(len(outcomes)), *(f"{means[name]:.3f}" for name in MEASURES))

    judged = {letter: answerable(run.per_query) for letter, run in runs.items()}
    return Table(("", "questions", *MEASURES), _sections(judged, (_whole, by_language, by_kind), figures))


def refusal_table(runs: Runs) -> Table:
    """Return how refusing goes: over all, by language, and for each kind of unanswerable question."""

    def figures(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
        refusal = refusal_of(outcomes)
        return (
            share_text(refusal.auroc),
            share_text(refusal.kept),
            str(refusal.answerable),
            share_text(refusal.refused),
            str(refusal.unanswerable),
        )

    asked = {letter: run.per_query for letter, run in runs.items()}
    columns = ("", "AUROC", "kept", "of answerable", "refused", "of unanswerable")
    return Table(columns, _sections(asked, (_whole, by_language, _by_unanswerable_kind), figures))


def differences_table(comparison: Comparison) -> Table:
    """Return every measure of two runs."""
    rows = (
        Row((each.measure, f"{each.before:.3f}", f"{each.after:.3f}", f"{each.difference:+.3f}", f"{each.p:.4f}"))
        for each in comparison.differences
    )
    return Table(("", "before", "after", "difference", "p"), (tuple(rows),))


def changes_table(comparison: Comparison) -> Table:
    """Return the questions whose rank changed."""
    rows = (
        Row((each.question_id, each.lang, each.question, rank_text(each.before), rank_text(each.after)), each.lang)
        for each in comparison.changes
    )
    return Table(("id", "language", "question", "before", "after"), (tuple(rows),), words=3)


def benchmark_table(benchmark: Benchmark) -> Table:
    """Return the milliseconds of every stage."""
    rows = (
        Row((stage.name, *(f"{value:.1f}" for value in (stage.p50, stage.p95, stage.p99))))
        for stage in benchmark.stages
    )
    return Table(("", "p50", "p95", "p99"), (tuple(rows),))


def share_text(value: float | None) -> str:
    """Return a share as text; a dash where nothing was shared out."""
    return "-" if value is None else f"{value:.3f}"


def rank_text(rank: int | None) -> str:
    """Return a rank as text; a dash where there is none."""
    return "-" if rank is None else str(rank)


def _sections(
    runs: Mapping[str, Sequence[Outcome]],
    groupings: Iterable[Callable[[Sequence[Outcome]], Groups]],
    figures: Callable[[Sequence[Outcome]], tuple[str, ...]],
) -> tuple[tuple[Row, ...], ...]:
    """Return a section of rows for each grouping, the runs of a group side by side."""
    sections = []
    for number, grouping in enumerate(groupings):
        groups = {letter: grouping(outcomes) for letter, outcomes in runs.items()}
        names = dict.fromkeys(name for of_run in groups.values() for name in of_run)
        if number == 0 or len(names) > 1:  # one group is the whole again
            present = [(name, letter) for name in names for letter in runs if name in groups[letter]]
            labels = {each: each[0] if len(runs) == 1 else " ".join(each) for each in present}
            sections.append(tuple(Row((labels[n, x], *figures(groups[x][n]))) for n, x in present))
    return tuple(sections)


def _whole(outcomes: Sequence[Outcome]) -> Groups:
    return {"all": outcomes}


def _by_unanswerable_kind(outcomes: Sequence[Outcome]) -> Groups:
    """Return each kind of unanswerable question, with all the answerable to be told from."""
    kinds = by_kind(outcome for outcome in outcomes if not outcome.answerable)
    return {kind: [*answerable(outcomes), *of_kind] for kind, of_kind in kinds.items()}
