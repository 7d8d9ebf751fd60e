"""How our lexical engine compares with libraries: time, memory, disk and agreement, all on the same terms.

The engines are asked in turns, there and back, so that whatever else the machine does falls on all alike.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random
from statistics import fmean, median
from tempfile import TemporaryDirectory

import numpy as np

from eval.lexical_engines import NoUpdate
from eval.lexical_worker import Cost, TermFile, Worker
from index.local.bm25 import LexicalQuestion, read_question
from index.terms.terms import passage_terms

K = 50  # passages a question is answered with, as many as a search looks at closely
AGREEING = 10  # of which so many are compared
SLOW = 0.1  # seconds; an engine that needs more for a question is asked it once
UPDATED, UPDATES = 100, 5  # passages replaced together, and how often
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """How an engine answered the questions of a set.

    Attributes:
        p50: milliseconds that half of the questions take less than.
        p99: milliseconds that 99 of 100 take less than.
        cpu: milliseconds of work that half of the questions need less than.
        ratio: of its median to that of the first engine, between the bounds of its 95 % interval.
        agreement: how many of its ten best are among the ten best of the first engine, 0 to 1.
    """

    p50: float
    p99: float
    cpu: float
    ratio: tuple[float, float, float]
    agreement: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of an engine.

    Attributes:
        engine: its name.
        build: seconds of work to index terms.
        open: seconds of work to open the index.
        update: seconds of work to replace 100 passages; none where the index must be built anew.
        memory: megabytes that opening and answering added to its process.
        disk: megabytes of its files.
        asked: by question set.
    """

    engine: str
    build: float
    open: float
    update: float | None
    memory: float
    disk: float
    asked: Mapping[str, Asked]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found for a question, the first time, and what each time cost."""

    found: list[int]
    costs: list[Cost]


Answers = dict[str, list[Answer]]
"""By engine, in the order of the questions."""


def compare_engines(
    passages: Sequence[str], questions: Mapping[str, Sequence[str]], rounds: int, engines: Sequence[str]
) -> list[Measured]:
    """Build the engines, ask them, update them, and return what was measured of each.

    Args:
        passages: what is searched, and what takes the place of passages in the updates.
        questions: what is asked, by set.
        rounds: how often each question is asked.
        engines: names; the others are compared with the first.
    """
    with TemporaryDirectory(prefix="wherefrom-bench-") as name, ExitStack() as workers:
        folder = Path(name)
        with (folder / "terms").open("w", encoding="utf-8") as file:
            file.writelines(" ".join(passage_terms(text).elements()) + "\n" for text in passages)
        held = TermFile(folder / "terms", 0, len(passages))
        built = {engine: _build(engine, folder / engine, held) for engine in engines}
        started = {engine: workers.enter_context(Worker(engine)) for engine in engines}
        opened = {engine: worker.do("open", folder / engine)[1] for engine, worker in started.items()}
        read = {each: [read_question(text) for text in texts] for each, texts in questions.items()}
        answers = {each: _ask_in_turns(started, asked, rounds) for each, asked in read.items()}
        return [
            Measured(
                engine=engine,
                build=built[engine].cpu,
                open=opened[engine].cpu,
                memory=(_last_cost(answers, engine).memory - worker.memory) / 1e6,
                disk=sum(file.stat().st_size for file in (folder / engine).rglob("*")) / 1e6,
                asked={each: _asked(of_set, engine, engines[0]) for each, of_set in answers.items()},
                update=_update_seconds(worker, held),
            )
            for engine, worker in started.items()
        ]


def _build(engine: str, folder: Path, passages: TermFile) -> Cost:
    folder.mkdir()
    with Worker(engine) as worker:
        return worker.do("build", folder, passages)[1]


def _ask_in_turns(workers: Mapping[str, Worker], questions: Sequence[LexicalQuestion], rounds: int) -> Answers:
    answers: Answers = {engine: [] for engine in workers}
    for turn in range(rounds):
        for place, question in enumerate(questions):
            for engine in list(workers)[:: -1 if (turn + place) % 2 else 1]:
                if not turn:  # what the first time is slower by counts only where it hardly matters
                    found, cost = workers[engine].do("ask", question, K)
                    answers[engine].append(Answer(found, [cost] if cost.wall > SLOW else []))
                answer = answers[engine][place]
                if not answer.costs or _seconds(answer) < SLOW:
                    answer.costs.append(workers[engine].do("ask", question, K)[1])
    return answers


def _seconds(answer: Answer) -> float:
    return median(cost.wall for cost in answer.costs)


def _last_cost(answers: Mapping[str, Answers], engine: str) -> Cost:
    return list(answers.values())[-1][engine][-1].costs[-1]


def _asked(answers: Answers, engine: str, first: str) -> Asked:
    costs = list(chain.from_iterable(answer.costs for answer in answers[engine]))
    seconds = [cost.wall for cost in costs]
    pairs = zip(answers[engine], answers[first], strict=True)
    return Asked(
        p50=1e3 * median(seconds),
        p99=1e3 * float(np.quantile(seconds, 0.99)),
        cpu=1e3 * median(cost.cpu for cost in costs),
        ratio=ratio_of_medians(list(map(_seconds, answers[engine])), list(map(_seconds, answers[first]))),
        agreement=fmean(_agreement(mine.found, theirs.found) for mine, theirs in pairs),
    )


def _agreement(found: Sequence[int], others: Sequence[int]) -> float:
    """Return how many of the best are among the others' best; 1 where both find nothing."""
    wanted = set(others[:AGREEING])
    return len(wanted & set(found[:AGREEING])) / len(wanted) if wanted else float(not found)


def ratio_of_medians(times: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower bound, the value and the upper bound of a ratio of medians.

    The bounds are of the 95 % interval that resampling the questions gives (percentile bootstrap).

    Args:
        times: of each question.
        others: of the same questions, what they are compared with.
    """
    a, b = np.array(times), np.array(others)
    some = np.random.default_rng(0).integers(len(a), size=(RESAMPLES, len(a)))
    lower, upper = np.quantile(np.median(a[some], axis=1) / np.median(b[some], axis=1), [0.025, 0.975])
    return float(lower), float(np.median(a) / np.median(b)), float(upper)


def _update_seconds(worker: Worker, held: TermFile) -> float | None:
    """Return the seconds of work to replace passages and find one of the new; none if that cannot be done."""
    costs = []
    for turn in range(UPDATES):
        new = list(TermFile(held.path, turn * UPDATED, (turn + 1) * UPDATED))
        old = Random(turn).sample(range(held.end * turn // UPDATES, held.end * (turn + 1) // UPDATES), UPDATED)
        try:
            _, replaced = worker.do("replace", dict(zip(old, new, strict=True)), held.end + turn * UPDATED)
        except NoUpdate:
            return None
        _, asked = worker.do("ask", LexicalQuestion(sorted(set(new[0])), ()), 1)
        costs.append(replaced.cpu + asked.cpu)
    return median(costs)
