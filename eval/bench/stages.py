"""How long a question takes, stage by stage: medians and tails over several rounds of the same questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

Timings = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """The milliseconds of one stage.

    Attributes:
        name: as in an answer's `timings_ms`.
        p50: half the questions take less.
        p95: 95 of 100 take less.
        p99: 99 of 100 take less.
    """

    name: str
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What was measured: how often each question was asked, and how long the stages took."""

    questions: int
    rounds: int
    stages: tuple[Stage, ...]

    def as_json(self) -> dict[str, object]:
        """Return the JSON of this benchmark."""
        return asdict(self)


def time_questions(ask: Callable[[str], Timings], questions: Sequence[str], rounds: int) -> Benchmark:
    """Ask all questions in turn, `rounds` times, after one round that is not counted.

    Args:
        ask: asks one and returns the milliseconds by stage.
        questions: one at least.
        rounds: 1 or more.
    """
    for question in questions:
        ask(question)
    asked = [ask(question) for _ in range(rounds) for question in questions]
    stages = tuple(_stage(name, [timings[name] for timings in asked]) for name in asked[0])
    return Benchmark(len(questions), rounds, stages)


def _stage(name: str, milliseconds: Sequence[float]) -> Stage:
    p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99)).tolist()
    return Stage(name, p50, p95, p99)
