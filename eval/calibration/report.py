"""How well confidence tells questions with an answer from those without, by kind of set-up and direction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.calibration.observing import Seen
from eval.measures import Refusal, refusal, share
from eval.reporting.curves import calibration_error
from index.ranking.confidence import Record

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """How well the questions of a kind and a direction were judged.

    Attributes:
        kind: of the set-ups.
        direction: the languages of questions and passages.
        refusal: order, and what is kept and refused.
        error: of the probabilities, in ten equal ranges, weighted by count.
        doubted: the share of right first passages whose confidence is below a half.
    """

    kind: str
    direction: str
    refusal: Refusal
    error: float | None
    doubted: float | None


def judge(seen: Sequence[Seen], record: Record) -> Iterator[Judged]:
    """Yield how well a record judges what was seen, by kind and direction in their order."""
    groups: dict[tuple[str, str], list[tuple[Seen, float]]] = defaultdict(list)
    for each in seen:
        confidence = record.probabilities([0.0], each.figures)[0]
        groups[each.kind, each.direction].append((each, confidence))
    for (kind, direction), answers in groups.items():
        flags = [(confidence, confidence >= record.threshold) for _, confidence in answers]
        answerable = [flag for flag, (each, _) in zip(flags, answers, strict=True) if each.answerable]
        others = [flag for flag, (each, _) in zip(flags, answers, strict=True) if not each.answerable]
        right = [(confidence, each.right[0]) for each, confidence in answers]
        doubted = share([confidence < EVEN for confidence, is_right in right if is_right])
        yield Judged(kind, direction, refusal(answerable, others), calibration_error(right), doubted)
