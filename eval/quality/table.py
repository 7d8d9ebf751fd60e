"""The table of one question set: by each method, for all questions and by language, and for each half of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from eval.answers import by_language, firsts_of, found_languages
from eval.evaluation import CitationCheck, Evaluation
from eval.measures import share, success
from eval.quality.places import HALVES
from eval.reporting.tables import Row, Table, share_text

DEPTHS, MEASURED = (1, 3, 5), ("MRR@10", "nDCG@10")
COLUMNS = (
    "method", "language", "asked", "none", *(f"S@{k}" for k in DEPTHS), *MEASURED,
    "AUROC", "kept", "refused", "own",
)  # fmt: skip
OF_HALVES = tuple(f"{measure} {half}" for measure in ("S@1", "MRR") for half in HALVES)
NOBODY = Evaluation("", 1, (), CitationCheck(0, 0), {}, {})  # asked in a language that a half has not


def quality_table(runs: Mapping[str, Evaluation], halves: bool) -> Table:
    """Return how good each method is on one question set, which is asked by each.

    Args:
        runs: by the names of methods.
        halves: whether the halves of the questions stand beside each other, too.
    """
    columns = (*COLUMNS, *OF_HALVES) if halves else COLUMNS
    return Table(columns, tuple(tuple(_rows(name, run, halves)) for name, run in runs.items()), words=2)


def _rows(method: str, run: Evaluation, halves: bool) -> Iterator[Row]:
    groups, found = _groups(run), found_languages(run.per_query)
    of_halves = [_groups(replace(run, per_query=run.per_query[half])) for half in HALVES.values()]
    for language, of_group in groups.items() if len(groups) > 2 else [("all", run)]:  # one language is all again
        firsts = firsts_of(of_group.per_query, found)
        shares = [*_shares(of_group), None if firsts is None else firsts.own_language]
        if halves:
            both = [each.get(language, NOBODY) for each in of_halves]
            shares += [*(_success(each, 1) for each in both), *(_mean(each, "MRR@10") for each in both)]
        refusal = of_group.refusal
        yield Row((method, language, str(refusal.answerable), str(refusal.unanswerable), *map(share_text, shares)))


def _groups(run: Evaluation) -> dict[str, Evaluation]:
    """Return all of a run, and that of it which is asked in each group of languages."""
    groups = by_language(run.per_query)
    return {"all": run} | {name: replace(run, per_query=tuple(answers)) for name, answers in groups.items()}


def _shares(run: Evaluation) -> list[float | None]:
    found = run.refusal
    return [
        *(_success(run, k) for k in DEPTHS),
        *(_mean(run, name) for name in MEASURED),
        *(found.auroc, found.kept, found.refused),
    ]


def _success(run: Evaluation, k: int) -> float | None:
    return share([success(each.judged, k) for each in run.per_query if each.judged is not None])


def _mean(run: Evaluation, measure: str) -> float | None:
    return run.measures[measure] if any(each.answerable for each in run.per_query) else None
