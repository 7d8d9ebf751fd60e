"""The commands of the benchmarks, as `python -m eval` lists them."""

from collections.abc import Callable

from eval.bench.beside import bench_beside
from eval.bench.encoder import bench_encoder
from eval.bench.http import bench_http
from eval.bench.load import bench_load
from eval.bench.make import bench_make
from eval.bench.memory import bench_memory, bench_start
from eval.bench.peers import bench_peers
from eval.bench.report import bench_report
from eval.bench.trace import bench_trace
from eval.bench.vectors import bench_vectors

COMMANDS: tuple[Callable[..., None], ...] = (
    bench_make,
    bench_encoder,
    bench_http,
    bench_peers,
    bench_beside,
    bench_load,
    bench_vectors,
    bench_memory,
    bench_start,
    bench_trace,
    bench_report,
)
