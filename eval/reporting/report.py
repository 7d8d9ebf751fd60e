"""A report of one run or several: which tables and plots it has. How they look is for each format to say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Literal

from corpus.errors import InvalidInput
from eval.answers import LANGUAGE_GROUPS, JudgedAnswer, answerable, by_kind, by_language
from eval.comparison import compare
from eval.evaluation import read_evaluation
from eval.reporting import tables
from eval.reporting.tables import Runs, Table

MAX_RUNS = 8  # more lines in one plot cannot be told apart

Series = Mapping[str, Sequence[JudgedAnswer]]
"""Judged answers that are drawn as one line, by its label."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What is to be drawn.

    Attributes:
        kind: which one of `eval.reporting.plots`.
        caption: what it shows.
        series: of what.
    """

    kind: Literal["recall", "kinds", "roc", "risk", "reliability"]
    caption: str
    series: Series


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands below it.

    Attributes:
        heading: of this section.
        note: how to read what follows.
        tables: what stands in figures and words.
        plots: what is drawn, where the format can draw.
        folded: whether it is a long list that may be folded away.
    """

    heading: str
    note: str
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A title and its sections."""

    title: str
    sections: tuple[Section, ...]


def make_report(paths: Sequence[Path], seed: int = 0) -> Report:
    """Report on runs that `run --out` has written; all but the first are compared with the first.

    Args:
        paths: of their files.
        seed: of what chance does in the comparisons.

    Raises:
        InvalidInput: if there are too many to be told apart.
        UnreadableFile: if a file is not a run.
    """
    if len(paths) > MAX_RUNS:
        raise InvalidInput(f"there are {len(paths)} runs; report on at most {MAX_RUNS} at once")
    runs = dict(zip(ascii_uppercase, map(read_evaluation, paths), strict=False))
    names = dict(zip(runs, map(str, paths), strict=True))
    searched = Section("What was searched", "", (tables.facts_table(names, runs),))
    sections = [searched, _answers(runs), _refusing(runs), _confidence(runs)]
    title = ", ".join(dict.fromkeys(run.questions for run in runs.values()))
    return Report(f"Evaluation: {title}", (*sections, *_comparisons(runs, seed), *_errors(runs)))


def _answers(runs: Runs) -> Section:
    heading = "How well questions are answered"
    note = "Means over the answerable questions; one that was not answered counts 0."
    series = {letter: answerable(run.per_query) for letter, run in runs.items()}
    kinds = Plot("kinds", "MRR@10 by kind of question", series)
    several = any(len(by_kind(answers)) > 1 for answers in series.values())
    return Section(heading, note, (tables.measures_table(runs),), _drawable([*_recall(series), *[kinds] * several]))


def _recall(series: Series) -> Iterator[Plot]:
    """Yield one plot of all languages for a run alone, and one a language for several runs."""
    groups = {letter: by_language(answers) for letter, answers in series.items()}
    if len(groups) == 1:
        yield from (Plot("recall", "Recall by depth and language", of_run) for of_run in groups.values())
    else:
        for language in LANGUAGE_GROUPS:
            runs = {letter: of_run.get(language, []) for letter, of_run in groups.items()}
            yield Plot("recall", f"Recall by depth, {language}", runs)


def _refusing(runs: Runs) -> Section:
    note = (
        "AUROC: the chance that an answerable question has a higher confidence than an unanswerable one. "
        "Kept and refused: as the service itself decided."
    )
    mixed = {letter: run.per_query if run.refusal.auroc is not None else () for letter, run in runs.items()}
    asked = {letter: run.per_query for letter, run in runs.items()}
    plots = (
        Plot("roc", "ROC curve of confidence; the ring is what the service itself decided", mixed),
        Plot(
            "risk", "Risk and coverage: wrong first passages, if only the most confident questions were answered", asked
        ),
    )
    return Section("How well refusing goes", note, (tables.refusal_table(runs),), _drawable(plots))


def _confidence(runs: Runs) -> Section:
    note = (
        "Right: the first passage answers. Confidence: its mean. ECE: how far the two lie apart, over ten ranges of "
        "confidence. Brier: the mean square of what separates them, question by question."
    )
    asked = {letter: run.per_query for letter, run in runs.items()}
    plot = Plot("reliability", "Reliability of confidence; a larger dot is more questions", asked)
    return Section("Whether confidence means what it says", note, (tables.calibration_table(runs),), _drawable([plot]))


def _drawable(plots: Iterable[Plot]) -> tuple[Plot, ...]:
    return tuple(plot for plot in plots if any(plot.series.values()))


def _comparisons(runs: Runs, seed: int) -> Iterator[Section]:
    (first, before), *others = runs.items()
    for letter, after in others:
        heading = f"From {first} to {letter}"
        try:
            comparison = compare(before, after, seed)
        except InvalidInput as error:
            yield Section(heading, f"Not compared: {error}.")
            continue
        note = (
            "95 %: where the difference lies, by paired bootstrap over the questions. "
            "p: the chance of so large a difference, either way, if the runs were the same (paired randomisation)."
        )
        yield Section(heading, note, (tables.differences_table(comparison),))
        changed = f"Questions whose rank changed from {first} to {letter}: {len(comparison.changes)}"
        yield Section(changed, "", (tables.changes_table(comparison),), folded=True)


def _errors(runs: Runs) -> Iterator[Section]:
    note = "Not answered by the first passage, or refused or answered where the other was right."
    for letter, run in runs.items():
        table = tables.errors_table(run)
        yield Section(f"Questions that went wrong in {letter}: {len(table.rows)}", note, (table,), folded=True)
