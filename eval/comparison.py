"""Two evaluations of the same questions side by side: what differs, and whether chance would do as much."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from corpus.errors import InvalidInput
from eval.forms import parse_json, read_text
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


class _Query(BaseModel):
    id: str
    rank: int | None
    measures: dict[str, float]


class _Saved(BaseModel):
    per_query: list[_Query]


def compare_files(before: Path, after: Path, seed: int = 0) -> Comparison:
    """Compare two evaluations that `run --out` has written.

    Raises:
        InvalidInput: if a file is not an evaluation, or they judge different questions, for a paired test
            needs pairs.
        UnreadableFile: if a file cannot be read.
    """
    a, b = _read_judged(before), _read_judged(after)
    if unpaired := a.keys() ^ b.keys():
        raise InvalidInput(
            f"{before} and {after}: {len(unpaired)} questions, {min(unpaired)!r} among them, are judged in "
            "one only; compare runs of the same question set"
        )
    return _compare(a, b, seed)


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


def _read_judged(path: Path) -> dict[str, _Query]:
    saved = parse_json(_Saved, read_text(path), str(path), "give a file that `run --out` has written")
    judged = {query.id: query for query in saved.per_query if query.measures}
    for query in judged.values():
        if missing := MEASURES.keys() - query.measures.keys():
            raise InvalidInput(f"{path}: question {query.id!r} has no {min(missing)}; run the evaluation again")
    return judged


def _compare(a: Mapping[str, _Query], b: Mapping[str, _Query], seed: int) -> Comparison:
    before = mean_measures([query.measures for query in a.values()])
    after = mean_measures([query.measures for query in b.values()])
    return Comparison(
        tuple(
            Difference(
                measure=name,
                before=before[name],
                after=after[name],
                difference=after[name] - before[name],
                p=randomisation_test(
                    [a[each].measures[name] for each in a], [b[each].measures[name] for each in a], seed
                ),
            )
            for name in MEASURES
        ),
        tuple(RankChange(each, a[each].rank, b[each].rank) for each in a if a[each].rank != b[each].rank),
    )
