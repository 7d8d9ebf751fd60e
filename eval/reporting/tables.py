"""Evaluations and comparisons as tables of text, which the terminal, Markdown and HTML each draw in their way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean

from eval.answers import JudgedAnswer, answerable, by_kind, by_language, confidences_of, mean_of, refusal_of
from eval.comparison import Comparison
from eval.evaluation import Evaluation
from eval.measures import MEASURES
from eval.reporting.curves import brier_score, calibration_error

Runs = Mapping[str, Evaluation]
"""Evaluations by the letter that reports call them by."""

Groups = Mapping[str, Sequence[JudgedAnswer]]


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
        row_groups: rows that belong together.
        words: how many columns, from the left, hold words; the others hold figures.
    """

    columns: tuple[str, ...]
    row_groups: tuple[tuple[Row, ...], ...]
    words: int = 1

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return [row for group in self.row_groups for row in group]


def plain_table(columns: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> Table:
    """Return a table of rows that all belong together."""
    return Table(tuple(columns), (tuple(Row(tuple(cells)) for cells in rows),), words)


def measures_table(runs: Runs) -> Table:
    """Return the measures of the answerable questions: all, by language and by kind."""

    def figures(answers: Sequence[JudgedAnswer]) -> tuple[str, ...]:
        means = mean_of(answers)
        return (str(len(answers)), *(f"{means[name]:.3f}" for name in MEASURES))

    judged = {letter: answerable(run.per_query) for letter, run in runs.items()}
    return Table(("", "questions", *MEASURES), _row_groups(judged, (_whole, by_language, by_kind), figures))


def refusal_table(runs: Runs) -> Table:
    """Return how refusing goes: over all, by language, and for each kind of unanswerable question."""

    def figures(answers: Sequence[JudgedAnswer]) -> tuple[str, ...]:
        found = refusal_of(answers)
        kept, refused = share_text(found.kept), share_text(found.refused)
        return share_text(found.auroc), kept, str(found.answerable), refused, str(found.unanswerable)

    asked = {letter: run.per_query for letter, run in runs.items()}
    columns = ("", "AUROC", "kept", "of answerable", "refused", "of unanswerable")
    return Table(columns, _row_groups(asked, (_whole, by_language, _by_unanswerable_kind), figures))


def calibration_table(runs: Runs) -> Table:
    """Return whether confidence means what it says: over all questions, and by language."""

    def figures(answers: Sequence[JudgedAnswer]) -> tuple[str, ...]:
        pairs = confidences_of(answers)
        confidence, accuracy = (fmean(column) for column in zip(*pairs, strict=True))
        errors = (calibration_error(pairs), brier_score(pairs))
        return (str(len(pairs)), f"{accuracy:.3f}", f"{confidence:.3f}", *map(share_text, errors))

    asked = {letter: run.per_query for letter, run in runs.items() if run.per_query}
    columns = ("", "questions", "right", "confidence", "ECE", "Brier")
    return Table(columns, _row_groups(asked, (_whole, by_language), figures))


def differences_table(comparison: Comparison) -> Table:
    """Return every measure of two runs."""
    rows = []
    for each in comparison.differences:
        means, bounds = (f"{each.before:.3f}", f"{each.after:.3f}"), f"{each.low:+.3f} to {each.high:+.3f}"
        rows.append((each.measure, *means, f"{each.difference:+.3f}", bounds, f"{each.p:.4f}"))
    return plain_table(("", "before", "after", "difference", "95 %", "p"), rows)


def changes_table(comparison: Comparison) -> Table:
    """Return the questions whose rank changed."""
    rows = (
        Row((each.question_id, each.question, each.lang, rank_text(each.before), rank_text(each.after)), each.lang)
        for each in comparison.changes
    )
    return Table(("id", "question", "language", "before", "after"), (tuple(rows),), words=3)


def errors_table(run: Evaluation) -> Table:
    """Return the questions whose first passage does not answer, and those that were refused or answered wrongly."""
    rows = []
    for each in run.per_query:
        if each.flag != each.answerable or (each.answerable and each.rank != 1):
            rank = rank_text(each.rank) if each.answerable else "no answer"
            said = "answered" if each.flag else "refused"
            words = (each.id, each.question, each.lang, each.kind)
            rows.append(Row((*words, rank, said, f"{each.confidence:.3f}"), each.lang))
    return Table(("id", "question", "language", "kind", "rank", "said", "confidence"), (tuple(rows),), words=4)


def facts_table(names: Mapping[str, str], runs: Runs) -> Table:
    """Return what was asked of what, a run a column."""
    facts = {letter: _facts(names[letter], run) for letter, run in runs.items()}
    rows = dict.fromkeys(fact for of_run in facts.values() for fact in of_run)
    cells = ((fact, *(facts[letter].get(fact, "-") for letter in runs)) for fact in rows)
    return plain_table(("", *runs), cells, words=1 + len(runs))


def share_text(value: float | None) -> str:
    """Return a share as text; a dash where nothing was shared out."""
    return "-" if value is None else f"{value:.3f}"


def rank_text(rank: int | None) -> str:
    """Return a rank as text; a dash where there is none."""
    return "-" if rank is None else str(rank)


def highlights_text(run: Evaluation) -> str:
    """Return how well highlights point at the answer, in a line."""
    found = run.highlights
    if not found.questions:
        return "none to judge"
    shares = f"{share_text(found.whole)} hold the evidence whole, {share_text(found.overlapping)} some of it"
    return f"{shares}; of {found.questions} first passages that answer"


def firsts_text(run: Evaluation) -> str | None:
    """Return what comes first where several languages stand side by side, in a line; none where there is one."""
    if (found := run.firsts) is None:
        return None
    right, own = share_text(found.right), share_text(found.own_language)
    return f"{right} right in whichever language, {own} in the question's own; of {found.questions} answerable"


def citations_text(run: Evaluation) -> str:
    """Return how many citations cut back, in a line."""
    return f"{run.citations.checked} checked, {run.citations.failed} failed"


def _facts(name: str, run: Evaluation) -> dict[str, str]:
    refusal = run.refusal
    return {
        "file": name,
        "questions": run.questions,
        "asked": f"{refusal.answerable} answerable, {refusal.unanswerable} unanswerable",
        "k": str(run.k),
        **{f"index {name}" if name == "id" else name: str(value) for name, value in run.index.items()},
        "citations": citations_text(run),
        "highlights": highlights_text(run),
        **({} if (firsts := firsts_text(run)) is None else {"firsts": firsts}),
        "versions": ", ".join(f"{name} {version}" for name, version in run.versions.items()),
    }


def _row_groups(
    runs: Groups,
    groupings: Iterable[Callable[[Sequence[JudgedAnswer]], Groups]],
    figures: Callable[[Sequence[JudgedAnswer]], tuple[str, ...]],
) -> tuple[tuple[Row, ...], ...]:
    """Return the rows of each grouping: of a run alone in one group, of several runs in one for each of its groups."""
    row_groups: list[tuple[Row, ...]] = []
    for number, grouping in enumerate(groupings):
        groups = {letter: grouping(answers) for letter, answers in runs.items()}
        names = dict.fromkeys(name for of_run in groups.values() for name in of_run)
        if number and len(names) == 1:  # one group is the whole again
            continue
        rows = {
            name: [
                Row((name if len(runs) == 1 else f"{name} {letter}", *figures(of_run[name])))
                for letter, of_run in groups.items()
                if name in of_run
            ]
            for name in names
        }
        row_groups += [tuple(chain.from_iterable(rows.values()))] if len(runs) == 1 else map(tuple, rows.values())
    return tuple(row_groups)


def _whole(answers: Sequence[JudgedAnswer]) -> Groups:
    return {"all": answers}


def _by_unanswerable_kind(answers: Sequence[JudgedAnswer]) -> Groups:
    """Return each kind of unanswerable question, with all the answerable to be told from."""
    kinds = by_kind(each for each in answers if not each.answerable)
    return {kind: [*answerable(answers), *of_kind] for kind, of_kind in kinds.items()}
