"""The commands of the benchmarks, as `python -m eval` lists them."""

from collections.abc import Callable, Sequence

import typer

from eval.bench.beside import bench_beside
from eval.bench.encoder import bench_encoder
from eval.bench.growth import MANY, bench_growth
from eval.bench.http import bench_http
from eval.bench.load import bench_load
from eval.bench.make import bench_make
from eval.bench.memory import bench_memory
from eval.bench.peers import bench_peers
from eval.bench.report import bench_report
from eval.bench.runner import HELD, SMALL, Bench, command_of
from eval.bench.stages import bench
from eval.bench.start import bench_start
from eval.bench.trace import bench_trace
from eval.bench.vectors import bench_vectors

GROWING = (SMALL, 1_000, 10_000, 100_000)

# What each searches, how many rounds it takes, and how many questions it asks in each, unless told otherwise.
BENCHMARKS: tuple[tuple[Callable[[Bench], None], Sequence[int | None], int, int], ...] = (
    (bench_encoder, (None,), 8, 30),
    (bench_http, GROWING, 8, 30),
    (bench_peers, (10_000,), 7, 20),
    (bench_beside, (SMALL, HELD), 1, 300),
    (bench_load, (SMALL, HELD), 3, 1),
    (bench_vectors, (10_000, 100_000, 1_000_000), 7, 30),
    (bench_memory, GROWING[1:], 1, 1),
    (bench_start, (HELD,), 7, 1),
    (bench_growth, (MANY,), 8, 30),
)


def add_benchmarks(app: typer.Typer) -> None:
    """Add the commands of all benchmarks to an application."""
    for command in (bench, bench_trace, bench_make):
        app.command()(command)
    for measure, counts, rounds, questions in BENCHMARKS:
        name = measure.__name__.replace("_", "-")
        app.command(name)(command_of(name, measure, counts, rounds, questions))
    app.command()(bench_report)
