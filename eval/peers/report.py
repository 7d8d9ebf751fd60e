"""What came of all stacks as a Markdown table, and as JSON that keeps every question."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eval.comparison import randomisation_test
from eval.evaluation import Evaluation
from eval.judged_answer import LANGUAGE_GROUPS, language_group
from eval.measures import mean_measures
from eval.peers.measuring import OURS, Block

MEASURES = ("R@1", "R@3", "R@5", "MRR@10", "nDCG@10")
TESTED = "MRR@10"  # whose difference to ours p is of
SEED = 0
HEAD = ("questions", "language", "stack", *MEASURES, "p")

Judged = Sequence[Mapping[str, float]]
"""The measures of each answerable question, in the order asked."""


def as_markdown(blocks: Iterable[Block]) -> str:
    """Return a block of rows for each question set: all its languages, then each group; ours in bold."""
    blocks = list(blocks)
    rows = [HEAD, ("---",) * len(HEAD), *(row for block in blocks for row in _rows(block))]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    notes = "".join(
        f"\n- {block.title}: {name} was not measured: {reason}"
        for block in blocks
        for name, reason in block.failed.items()
    )
    return f"{table}\n{notes}\n" if notes else f"{table}\n"


def as_json(blocks: Iterable[Block]) -> list[dict[str, object]]:
    """Return the blocks as a file keeps them."""
    return [
        {
            "questions": block.title,
            "stacks": {
                name: {**standing.evaluation.as_json(), "seconds": standing.seconds, "unplaced": standing.unplaced}
                for name, standing in block.standings.items()
            },
            "failed": block.failed,
        }
        for block in blocks
    ]


def _rows(block: Block) -> Iterator[tuple[str, ...]]:
    groups = {name: _by_language(standing.evaluation) for name, standing in block.standings.items()}
    title = block.title
    for language, ours in groups[OURS].items():
        label = f"{language} ({len(ours)})"
        for name, by_language in groups.items():
            judged = by_language[language]
            means = mean_measures(judged)
            figures = [f"{means[measure]:.3f}" for measure in MEASURES]
            if name == OURS:
                yield (title, label, *(f"**{cell}**" for cell in (name, *figures)), "")
            else:
                yield (title, label, name, *figures, f"{_p(ours, judged):.4f}")
            title = label = ""  # said once


def _by_language(evaluation: Evaluation) -> dict[str, Judged]:
    groups: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for outcome in evaluation.per_query:
        if outcome.answerable:
            groups["all"].append(outcome.measures)
            groups[language_group(outcome.lang)].append(outcome.measures)
    if len(groups) == 2:  # all are of one language
        del groups["all"]
    return {name: groups[name] for name in ("all", *LANGUAGE_GROUPS) if name in groups}


def _p(ours: Judged, theirs: Judged) -> float:
    return randomisation_test([each[TESTED] for each in ours], [each[TESTED] for each in theirs], SEED)
