"""The commands of the benchmarks, as `python -m eval` lists them."""

from collections.abc import Callable

from eval.bench.trace import bench_trace
from eval.performance.beside_bench import bench_beside
from eval.performance.encoder_bench import bench_encoder
from eval.performance.http_bench import bench_http
from eval.performance.load_bench import bench_load
from eval.performance.making import bench_make
from eval.performance.memory_bench import bench_memory, bench_start
from eval.performance.peer_bench import bench_peers
from eval.performance.report import bench_report
from eval.performance.vector_bench import bench_vectors

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
