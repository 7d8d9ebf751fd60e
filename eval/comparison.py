"""Two evaluations of the same questions side by side: what differs, and whether chance would do as much."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from corpus.errors import InvalidInput
from eval.answers import JudgedAnswer, answerable
from eval.evaluation import Evaluation
from eval.measures import mean_measures
from eval.resampling import mean_interval, randomisation_test


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure before and after.

    Attributes:
        measure: its name.
        before: its mean.
        after: its mean then.
        difference: what was gained.
        low: lower bound of the 95 % interval of the difference, by paired bootstrap over the questions.
        high: upper bound.
        p: the chance of so large a difference if nothing had changed.
    """

    measure: str
    before: float
    after: float
    difference: float
    low: float
    high: float
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
        InvalidInput: if they judge different questions, for pairs are needed.
    """
    a, b = ({each.id: each for each in answerable(of.per_query)} for of in (before, after))
    if unpaired := a.keys() ^ b.keys():
        raise InvalidInput(
            f"{len(unpaired)} of the questions, {min(unpaired)!r} for one, stand in one run only; "
            "compare runs of the same question set"
        )
    pairs = [(a[each], b[each]) for each in a]
    changes = (RankChange(x.id, x.lang, x.question, x.rank, y.rank) for x, y in pairs if x.rank != y.rank)
    return Comparison(tuple(_differences(pairs, seed)), tuple(changes))


def _differences(pairs: Sequence[tuple[JudgedAnswer, JudgedAnswer]], seed: int) -> Iterator[Difference]:
    before, after = [x.measures for x, _ in pairs], [y.measures for _, y in pairs]
    for name, mean in mean_measures(before).items():
        mean_after = mean_measures(after)[name]
        values, others = [each[name] for each in before], [each[name] for each in after]
        gained = mean_interval([y - x for x, y in zip(values, others, strict=True)], seed)
        p = randomisation_test(values, others, seed)
        yield Difference(name, mean, mean_after, mean_after - mean, gained.low, gained.high, p)
