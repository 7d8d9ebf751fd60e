"""What each part of the full method is worth: the same questions with each part left out in turn."""

from collections.abc import Mapping
from dataclasses import dataclass

from eval.comparison import Comparison, compare
from eval.evaluation import Evaluation
from eval.local_retriever import LocalRetriever
from eval.reporting.tables import Row, Table
from eval.running import Progress, evaluate
from eval.sets.question_set import QuestionSet
from index.query import PARTS, Part

TOLD = ("nDCG@10", "R@1", "MRR@10")  # the measures of the table; the rest is in the JSON


@dataclass(frozen=True, slots=True)
class Ablation:
    """The full method, and what changes without each of its parts."""

    full: Evaluation
    without: Mapping[Part, Comparison]

    def as_json(self) -> dict[str, object]:
        """Return the ablation as JSON has it, without the single questions."""
        return {
            "questions": self.full.questions,
            "index": self.full.index,
            "full": dict(self.full.measures),
            "without": {
                str(part): {
                    "measures": {each.measure: each.after for each in comparison.differences},
                    "p": {each.measure: each.p for each in comparison.differences},
                }
                for part, comparison in self.without.items()
            },
        }


def ablate(question_set: QuestionSet, retriever: LocalRetriever, k: int, seed: int, progress: Progress) -> Ablation:
    """Ask every question with the full method, and without each part of it.

    Args:
        question_set: what to ask, and how to judge.
        retriever: an index in this process.
        k: passages to ask for and to judge.
        seed: of what chance does in the comparisons.
        progress: called with 1 after every question.
    """
    full = evaluate(question_set, retriever, k, progress)
    without = {part: evaluate(question_set, retriever.without(part), k, progress) for part in PARTS}
    return Ablation(full, {part: compare(full, each, seed) for part, each in without.items()})


def ablation_table(ablation: Ablation) -> Table:
    """Return the measures with and without each part, and the chance p of such a difference."""
    columns = ("", *(heading for measure in TOLD for heading in (measure, "p")))
    full = Row(("all parts", *(cell for each in TOLD for cell in (f"{ablation.full.measures[each]:.3f}", ""))))
    return Table(columns, ((full,), tuple(_row(part, each) for part, each in ablation.without.items())))


def _row(part: Part, comparison: Comparison) -> Row:
    found = {each.measure: each for each in comparison.differences}
    cells = [cell for measure in TOLD for cell in (f"{found[measure].after:.3f}", f"{found[measure].p:.4f}")]
    return Row((f"without {part}", *cells))
