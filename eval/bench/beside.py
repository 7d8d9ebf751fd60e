"""`python -m eval bench-beside`: what a question costs beside the encoder and the vector index (P3)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from time import process_time, thread_time
from typing import Any

from eval.bench.runner import SMALL, WARM_UP, Bench, one_by_one
from eval.bench.servers import running, wherefrom
from eval.resampling import quantile_interval
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import default_cache_dir, load_encoder

ENCODER, VECTORS, REST = "encoder", "vector index", "all else in process"


def bench_beside(bench: Bench) -> None:
    """Take apart the work of a question: encoder, vector index, all else in process, and all else of the service."""
    warm, asked = bench.take(WARM_UP), bench.take()
    parts = parts_of(bench.data_dir(), bench.cache_dir, warm, bench.take())
    with running(wherefrom(bench)) as server:
        one_by_one(server.ask)(warm)
        before = server.cpu()
        one_by_one(server.ask)(asked)
        served = 1000 * (server.cpu() - before) / len(asked)
    for name, values in parts.items():
        bench.add("P3", f"work of a question: {name}", quantile_interval(values), "ms", note="")
    bench.add("P3", "work of the whole service, mean", served, "ms", note="")
    rest = served - fmean(parts[ENCODER]) - fmean(parts[VECTORS])
    goal = "<= 2 ms" if bench.count == SMALL else "<= 3 ms"
    bench.add("P3", "work beside encoder and vector index, HTTP included, mean", rest, "ms", goal)


def parts_of(
    data_dir: Path, cache_dir: Path | None, warm: Sequence[str], asked: Sequence[str]
) -> dict[str, list[float]]:
    """Return the milliseconds of work of each question by part, in this process."""
    from index.local.faiss_index import DenseIndex  # only now: it loads FAISS
    from index.opening import open_index
    from index.query import Query

    loaded: list[Encoder] = []

    def load(choice: ModelChoice) -> Encoder:
        loaded.append(load_encoder(choice, cache_dir or default_cache_dir()))
        return loaded[0]

    times: dict[str, list[float]] = {ENCODER: [], VECTORS: [], REST: []}
    with (
        open_index(data_dir, load) as index,
        _metered(loaded[0], "encode_queries_with_tokens") as encoding,
        _metered(DenseIndex, "search") as dense,
    ):
        for question in [*warm, *asked]:
            encoding.clear()
            dense.clear()
            started = process_time()
            index.searcher.search(Query(question))
            whole, parts = process_time() - started, (sum(encoding), sum(dense))
            for held, seconds in zip(times.values(), (*parts, whole - sum(parts)), strict=True):
                held.append(1000 * seconds)
    return {name: values[len(warm) :] for name, values in times.items()}


@contextmanager
def _metered(owner: Any, name: str) -> Iterator[list[float]]:
    """Collect the seconds of work of each call of a method in its own thread while the block runs."""
    method, seconds = getattr(owner, name), list[float]()

    def metered(*arguments: Any, **named: Any) -> Any:
        started = thread_time()
        found = method(*arguments, **named)
        seconds.append(thread_time() - started)
        return found

    setattr(owner, name, metered)
    try:
        yield seconds
    finally:
        setattr(owner, name, method)
