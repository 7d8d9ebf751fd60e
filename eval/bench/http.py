"""`python -m eval bench-http`: one client over HTTP (P2, P6, P8), and what a question costs beside encoding (P3)."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from eval.bench.asking import Asked, Way, ask_in_turns
from eval.bench.data import Questions, at_hand, invented_share, made_folder, plain_copy, read_texts
from eval.bench.figures import Figure, quantile_interval, ratio_interval
from eval.bench.runner import CacheOption, FolderOption, OutOption, RoundsOption, SetsArgument, record
from eval.bench.servers import Command, Server, busy_neighbour, running, script, wherefrom
from eval.bench.weights import model_folder

OURS, TUTORIAL = "wherefrom", "tutorial"
HELD = 100_000  # passages that the mark is meant for
REPEATED = 20  # questions that are asked again and again


def bench_http(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[list[int] | None, typer.Option(help="Search these folders.", min=1)] = None,
    rounds: RoundsOption = 8,
    questions: Annotated[int, typer.Option(help="How many a round.", min=1)] = 30,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Time one client over HTTP: beside the tutorial stack, a busy neighbour, and questions asked before."""
    with record("bench-http", folder, out) as outcome:
        asked = read_texts(sets)
        for count in passages or [1_000, 10_000, 100_000]:
            data_dir = at_hand(made_folder(folder, count))
            with ExitStack() as stack:
                commands = [wherefrom(data_dir, cache_dir), tutorial(data_dir, cache_dir)]
                ours, theirs = (stack.enter_context(running(command)) for command in commands)
                note = invented_share(data_dir)
                measured = one_client(ours, theirs, asked, rounds, questions)
                figures = [*compared(measured, count, note), *alone(ours, asked, rounds, questions, count)]
                outcome.figures += figures
                lines = outcome.series.setdefault("one question over HTTP, p50, ms", {})
                for name, each in measured.items():
                    lines.setdefault(name, []).append((count, 1000 * quantile_interval(each.wall).value))


def tutorial(data_dir: Path, cache_dir: Path | None) -> Command:
    """Return how the tutorial stack over the passages of a data folder is started."""
    import sys

    plain, model = str(plain_copy(data_dir).resolve()), str(model_folder(cache_dir))
    arguments = (sys.executable, "-I", script("tutorial"), plain, model, "{port}")
    return Command(TUTORIAL, arguments, "/search?k=5&q={question}", (("HF_HUB_OFFLINE", "1"),))


def one_client(ours: Server, theirs: Server, asked: Questions, rounds: int, questions: int) -> dict[str, Asked]:
    """Ask both in turns, no question twice."""
    ways = {OURS: Way(ours.ask, ours.cpu_seconds), TUTORIAL: Way(theirs.ask, theirs.cpu_seconds)}
    return ask_in_turns(ways, rounds, lambda: asked.take(questions))


def compared(measured: Mapping[str, Asked], count: int, note: str) -> Iterator[Figure]:
    """Yield the figures of P2."""
    for name, each in measured.items():
        p50, p99 = quantile_interval(each.wall), quantile_interval(each.wall, 0.99)
        for quantile, seconds in {"p50": p50, "p99": p99}.items():
            what = f"one question over HTTP, {quantile}, {name}"
            yield seconds.times(1000).figure("P2", what, "ms", passages=count, note=note)
        cpu = 1000 * each.cpu_each
        yield Figure(mark="P2", what=f"work of the server, {name}", value=cpu, unit="ms", passages=count)
    ratio = ratio_interval(measured[OURS].wall, measured[TUTORIAL].wall)
    held = count >= HELD
    yield ratio.figure(
        "P2",
        "p50 over HTTP as a share of the tutorial's",
        passages=count,
        goal="<= 0.25" if held else "",
        reached=ratio.value <= 1 / 4 if held else None,
        note=note,
    )


def alone(ours: Server, asked: Questions, rounds: int, questions: int, count: int) -> Iterator[Figure]:
    """Yield the figures of P6 and P8."""
    quiet = Way(ours.ask, ours.cpu_seconds)
    ways = {"quiet": quiet, "beside a busy neighbour": Way(ours.ask, ours.cpu_seconds, busy_neighbour)}
    measured = ask_in_turns(ways, rounds, lambda: asked.take(questions), apart=True)
    ratio = ratio_interval(measured["beside a busy neighbour"].wall, measured["quiet"].wall)
    goal = "<= 1.3"
    yield ratio.figure(
        "P6", "p50 with one core kept busy, times the quiet one", passages=count, goal=goal, reached=ratio.value <= 1.3
    )
    again = asked.take(REPEATED)
    repeated = ask_in_turns({"again": quiet}, rounds, lambda: again)["again"]
    p50 = quantile_interval([1000 * seconds for seconds in repeated.wall])
    yield p50.figure(
        "P8", "a question asked before, p50", unit="ms", passages=count, goal="<= 1.5 ms", reached=p50.value <= 1.5
    )
