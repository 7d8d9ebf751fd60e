"""`python -m eval bench-vectors`: our vector index beside exact search, by time and by what it finds (P10)."""

from collections.abc import Callable, Sequence
from statistics import fmean, median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.bench.make import read_neighbourhood
from eval.bench.runner import OURS, Bench, in_turns, milliseconds, one_by_one
from eval.resampling import quantile_interval, ratio_interval
from index.models.encoder import Vectors
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder

if TYPE_CHECKING:
    from index.local.faiss_index import DenseIndex

K = 10
EXACT = "exact"
JUDGED = 300  # questions that recall is taken over
PER_ADD = 100_000  # vectors added together

Search = Callable[[Vectors], Sequence[int]]


def bench_vectors(bench: Bench) -> None:
    """Search vectors of real questions among real passages and points between them."""
    from index.local.threads import compute_with_one_thread  # only now: it loads FAISS

    compute_with_one_thread()
    encoder = load_encoder(DEFAULT_MODEL, bench.cache_dir or default_cache_dir(), make_graphs=True)
    asked = encoder.encode_queries(bench.take(max(JUDGED, bench.rounds * bench.questions)))
    known, count = read_neighbourhood(bench.folder), bench.count or 0
    made = max(0, count - len(known.vectors))
    vectors = np.concatenate([known.vectors[:count], *([known.between(made)[1]] if made else [])])
    measure(bench, vectors, asked, f"{made / count:.0%} of the vectors lie between two real ones")


def measure(bench: Bench, vectors: Vectors, asked: Vectors, note: str) -> None:
    """Add the figures of P10 for some vectors: exact search is FAISS's flat index, as everyone has it."""
    import faiss

    flat: Any = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    ours, built = build(vectors, asked[0])
    variants: dict[str, Search] = {
        OURS: lambda vector: [row for row, _ in ours.search(vector, K)],
        EXACT: lambda vector: flat.search(vector.reshape(1, -1), K)[1][0].tolist(),
    }
    wanted = [set(variants[EXACT](vector)) for vector in asked[:JUDGED]]
    turns = np.array_split(asked[: bench.rounds * bench.questions], bench.rounds)
    times = in_turns({name: one_by_one(timed(search)) for name, search in variants.items()}, turns)
    for name, seconds in times.items():
        p50 = quantile_interval(milliseconds(seconds))
        bench.add("P10", f"vector search, p50, {name}", p50, "ms", note="")
        bench.plot("vector search, p50, ms", name, p50.value)
    ratio, recall = ratio_interval(times[OURS], times[EXACT]), recall_of(variants[OURS], asked, wanted)
    bench.add("P10", "time of a vector search as a share of exact", ratio, "", "<= 0.05", note)
    bench.add("P10", "recall@10 of exact search", recall, "", ">= 0.98", f"{len(wanted)} real questions; {note}")
    bench.plot("recall@10 of exact search", OURS, recall)
    bench.add("P10", "work of building the vector index", built, "s", note="")
    bench.add("P10", "size of the vector index", len(ours.to_bytes()) / len(vectors), "bytes/vector", note="")
    for shift in range(9, 1, -1) if ours.clusters else ():
        ours.probes = max(1, ours.clusters >> shift)
        took = 1000 * median(map(timed(variants[OURS]), asked[:JUDGED]))
        recall = recall_of(variants[OURS], asked, wanted)
        bench.plot("recall@10 by time", f"{len(vectors):,} vectors", recall, took, "ms a search")


def build(vectors: Vectors, question: Vectors) -> "tuple[DenseIndex, float]":
    """Return our index of some vectors, and the seconds of work it took."""
    from index.local.faiss_index import DenseIndex

    ours, started = DenseIndex(vectors.shape[1]), process_time()
    for rows in np.array_split(np.arange(len(vectors)), len(vectors) // PER_ADD + 1):
        ours.add(rows, vectors[rows])
    if ours.outgrown:
        ours = ours.clustered()  # as is done where an index is written
    ours.search(question, K)  # whatever is put off until the first search belongs to building
    return ours, process_time() - started


def recall_of(search: Search, asked: Vectors, wanted: Sequence[set[int]]) -> float:
    """Return how much of what is wanted is found."""
    return fmean(len(each & set(search(vector))) / len(each) for each, vector in zip(wanted, asked, strict=False))


def timed(search: Search) -> Callable[[Vectors], float]:
    """Return what searches and returns the seconds it took."""

    def seconds(vector: Vectors) -> float:
        started = perf_counter()
        search(vector)
        return perf_counter() - started

    return seconds
