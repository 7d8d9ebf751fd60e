"""`python -m eval bench-load`: the rate of questions a server bears (P4), and many clients at once (P5)."""

from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from eval.bench.data import Questions, at_hand, invented_share, made_folder, read_texts
from eval.bench.figures import Figure, quantile_interval
from eval.bench.http import OURS, TUTORIAL, tutorial
from eval.bench.loading import LIMIT_S, ask_at, ask_with, highest_rate, likely_rate
from eval.bench.runner import CacheOption, FolderOption, OutOption, SetsArgument, record
from eval.bench.servers import Server, running, there_and_back, wherefrom

CLIENTS = 64
PROBES = 20  # questions to see where to begin
RATES = (2, 5, 10, 20, 30, 40, 50)  # questions a second at which latency is drawn
LATENCY = "latency under load, ms"
TAKEN = 3_000  # questions that a trial goes through before it begins anew


def bench_load(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[int, typer.Option(help="Search this folder.", min=1)] = 100_000,
    rounds: Annotated[int, typer.Option(help="How often, in turns there and back.", min=1)] = 3,
    seconds: Annotated[float, typer.Option(help="How long a trial is at least.", min=0.1)] = 5.0,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Find the highest rate that is answered within 100 ms, and how even the answers to 64 clients are."""
    with record("bench-load", folder, out) as outcome, ExitStack() as stack:
        data_dir = at_hand(made_folder(folder, passages))
        commands = {OURS: wherefrom(data_dir, cache_dir), TUTORIAL: tutorial(data_dir, cache_dir)}
        servers = {name: stack.enter_context(running(command)) for name, command in commands.items()}
        note = invented_share(data_dir)
        questions = read_texts(sets)
        outcome.figures += rates(servers, questions, rounds, seconds, passages, note)
        outcome.figures += crowds(servers, questions, rounds, seconds, passages, note)
        outcome.series[LATENCY], outcome.over[LATENCY] = latencies(servers, questions, seconds), "questions a second"


def rates(
    servers: dict[str, Server], questions: Questions, rounds: int, seconds: float, passages: int, note: str
) -> list[Figure]:
    """Return the figures of P4."""
    found: dict[str, list[float]] = {name: [] for name in servers}
    for _, name in there_and_back(list(servers), rounds):
        server = servers[name]

        def borne(rate: float, server: Server = server) -> bool:
            return ask_at(server, questions.take(TAKEN), rate, seconds).quantile(0.99) <= LIMIT_S

        found[name].append(highest_rate(borne, likely_rate(server, questions.take(PROBES))))
    figures = [
        Figure(
            mark="P4",
            what=f"questions a second with p99 <= 100 ms, {name}",
            value=median(each),
            low=min(each),
            high=max(each),
            passages=passages,
            note=f"median, lowest and highest of {rounds} searches for the rate; {note}",
        )
        for name, each in found.items()
    ]
    theirs = median(found[TUTORIAL])
    if theirs:
        times = median(found[OURS]) / theirs
        goal = ">= 5"
        what = "questions a second with p99 <= 100 ms, times the tutorial's"
        return [*figures, Figure(mark="P4", what=what, value=times, passages=passages, goal=goal, reached=times >= 5)]
    note = "the tutorial stack does not answer 99 of 100 within 100 ms at 1 question a second"
    ours = median(found[OURS])
    return [
        *figures,
        Figure(mark="P4", what="beside the tutorial", value=ours, goal=">= 5 times", reached=ours > 0, note=note),
    ]


def latencies(servers: dict[str, Server], questions: Questions, seconds: float) -> dict[str, list[tuple[float, float]]]:
    """Return the milliseconds that half of all questions take at most, and 99 of 100, at each rate that is borne."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for turn, name in there_and_back(list(servers), len(RATES)):
        trial = ask_at(servers[name], questions.take(TAKEN), RATES[turn], seconds)
        for share, told in ((0.5, "p50"), (0.99, "p99")):
            milliseconds = 1000 * trial.quantile(share)
            if isfinite(milliseconds):
                lines.setdefault(f"{name}, {told}", []).append((RATES[turn], milliseconds))
    return lines


def crowds(
    servers: dict[str, Server], questions: Questions, rounds: int, seconds: float, passages: int, note: str
) -> list[Figure]:
    """Return the figures of P5."""
    times: dict[str, list[float]] = {name: [] for name in servers}
    spreads: dict[str, list[float]] = {name: [] for name in servers}
    failed = dict.fromkeys(servers, 0)
    for _, name in there_and_back(list(servers), rounds):
        trial = ask_with(servers[name], questions.take(TAKEN), CLIENTS, seconds)
        times[name] += trial.seconds
        spreads[name].append(trial.quantile(0.99) / trial.quantile(0.5))
        failed[name] += trial.asked - len(trial.seconds)
    figures = []
    for name, each in spreads.items():
        p50 = quantile_interval([1000 * value for value in times[name]])
        rate = len(times[name]) / (rounds * seconds)
        what = f"p50 of {CLIENTS} clients, {name}"
        told = f"{rate:.0f} answers a second, {failed[name]} not answered with 200"
        figures.append(p50.figure("P5", what, unit="ms", passages=passages, note=told))
        spread = median(each)
        goal, reached = ("<= 4", spread <= 4) if name == OURS else ("", None)
        figures.append(
            Figure(
                mark="P5",
                what=f"p99/p50 of {CLIENTS} clients, {name}",
                value=spread,
                low=min(each),
                high=max(each),
                passages=passages,
                goal=goal,
                reached=reached,
                note=f"median, lowest and highest of {rounds} trials; {note}",
            )
        )
    return figures
