"""Two evaluations of the same questions side by side: what differs, and whether chance would do as much."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from corpus.errors import InvalidInput
from eval.evaluation import Evaluation
from eval.judged_answer import Outcome, answerable
from eval.measures import MEASURES, mean_measures

PERMUTATIONS = 10_000  # p is then exact to about 0.004 near 0.05
BATCH = 1_000  # permutations at a time, to keep memory small on large sets


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure before and after, and the chance `p` of so large a difference if nothing had changed."""

    measure: str
    before: float
    after: float
    difference: float
    p: float


@dataclass(frozen=True, slots=True)
class RankChange:
    """A question whose rank changed; none means that it was not answered."""

    question_id: str
    lang: str
    question: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two evaluations of the same questions."""

    differences: tuple[Difference, ...]
    changes: tuple[RankChange, ...]

    def as_json(self) -> dict[str, object]:
        """Return the comparison as JSON has it."""
        return asdict(self)


def compare(before: Evaluation, after: Evaluation, seed: int = 0) -> Comparison:
    """Compare two evaluations of the same questions, paired by question id.

    Raises:
        InvalidInput: if they judge different questions, for a paired test needs pairs.
    """
    a, b = _judged(before), _judged(after)
    if unpaired := a.keys() ^ b.keys():
        raise InvalidInput(
            f"{len(unpaired)} of the questions, {min(unpaired)!r} for one, stand in one run only; "
            "compare runs of the same question set"
        )
    pairs = [(a[each], b[each]) for each in a]
    changes = (RankChange(x.id, x.lang, x.question, x.rank, y.rank) for x, y in pairs if x.rank != y.rank)
    return Comparison(_differences(pairs, seed), tuple(changes))


def randomisation_test(before: Sequence[float], after: Sequence[float], seed: int) -> float:
    """Chance of a mean difference this large, either way, if each pair were as likely the other way round.

    p = (b + 1) / (n + 1), where b of n random swaps of pairs differ at least as much; never 0, for the pairs
    as they are count among the n + 1. Smucker, Allan, Carterette, A Comparison of Statistical Significance
    Tests for Information Retrieval Evaluation, CIKM 2007; Phipson, Smyth, Permutation P-values Should Never
    Be Zero, Statistical Applications in Genetics and Molecular Biology 9(1), 2010.
    """
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    differences = differences[differences != 0]  # swapping these changes nothing
    # What differs only by the order of summing is equal.
    threshold = abs(differences.sum()) - 1e-9
    random = np.random.default_rng(seed)
    as_large = 0
    for _ in range(PERMUTATIONS // BATCH):
        signs = random.choice((-1.0, 1.0), size=(BATCH, len(differences)))
        as_large += int(np.count_nonzero(np.abs(signs @ differences) >= threshold))
    return (as_large + 1) / (PERMUTATIONS + 1)


def _judged(evaluation: Evaluation) -> dict[str, Outcome]:
    return {outcome.id: outcome for outcome in answerable(evaluation.per_query)}


def _differences(pairs: Sequence[tuple[Outcome, Outcome]], seed: int) -> tuple[Difference, ...]:
    before, after = [x.measures for x, _ in pairs], [y.measures for _, y in pairs]
    means = mean_measures(before), mean_measures(after)
    return tuple(
        Difference(
            measure=name,
            before=means[0][name],
            after=means[1][name],
            difference=means[1][name] - means[0][name],
            p=randomisation_test([each[name] for each in before], [each[name] for each in after], seed),
        )
        for name in MEASURES
    )
