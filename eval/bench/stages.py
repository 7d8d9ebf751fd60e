"""`python -m eval bench`: how long each stage of a question takes in this process, over rounds of questions."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from corpus.errors import UnreadableFile
from eval.bench.runner import CacheOption, in_turns, one_by_one
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_table
from eval.running import unaskable
from eval.sets.reading import read_question_set
from eval.system import System
from index.query import Method

Timings = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """The milliseconds of one stage that half the questions take less than, 95 of 100, and 99."""

    name: str
    p50: float
    p95: float
    p99: float


def bench(
    questions: Annotated[Path, typer.Argument(help="Our JSONL, SQuAD-style JSON or a BEIR folder.", exists=True)],
    data_dir: Annotated[Path, typer.Option(help="Search this data folder.", exists=True)] = Path("data"),
    method: Annotated[Method, typer.Option(help="How to find passages.")] = Method.FULL,
    rounds: Annotated[int, typer.Option(help="How often to ask each question.", min=1)] = 7,
    cache_dir: CacheOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Time every stage of a question in this process, one question after another."""
    question_set = read_question_set(questions)
    problems = unaskable(question_set)
    texts = [question.text for question in question_set.questions if question.question_id not in problems]
    if not texts:
        raise UnreadableFile(f"{questions}: holds no question that can be asked")
    with System(data_dir=data_dir, method=method, cache_dir=cache_dir).open_here(question_set) as retriever:
        stages = time_questions(lambda question: retriever.search(question).timings_ms, texts, rounds)
    if as_json:
        told = {"questions": len(texts), "rounds": rounds, "stages": list(map(asdict, stages))}
        typer.echo(json.dumps(told, sort_keys=True))
        return
    rows = ((each.name, *(f"{value:.1f}" for value in (each.p50, each.p95, each.p99))) for each in stages)
    title = f"milliseconds a question: {len(texts)} questions, {rounds} rounds"
    print_table(title, plain_table(("", "p50", "p95", "p99"), rows))


def time_questions(ask: Callable[[str], Timings], questions: Sequence[str], rounds: int) -> list[Stage]:
    """Ask all questions in turn, `rounds` times, after one round that is not counted.

    Args:
        ask: asks one and returns the milliseconds by stage.
        questions: one at least.
        rounds: 1 or more.
    """
    asked = in_turns({"": one_by_one(ask)}, [questions] * rounds, questions)[""]
    return [Stage(name, *np.percentile([of[name] for of in asked], (50, 95, 99)).tolist()) for name in asked[0]]
