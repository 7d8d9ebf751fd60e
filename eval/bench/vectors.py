"""`python -m eval bench-vectors`: our vector index beside exact search, by time and by what it finds (P10)."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from eval.bench.data import read_texts
from eval.bench.figures import Figure, Outcome, quantile_interval, ratio_interval
from eval.bench.http import HELD
from eval.bench.make import ModelOption, RealOption, load_real
from eval.bench.runner import CacheOption, FolderOption, OutOption, RoundsOption, SetsArgument, record
from eval.bench.servers import there_and_back
from index.models.encoder import ModelChoice, Vectors
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder

if TYPE_CHECKING:
    from index.local.faiss_index import DenseIndex

K = 10
PER_ADD = 100_000  # vectors added together
OURS, EXACT = "wherefrom", "exact"
BY_TIME = "recall@10 by time"
Search = Callable[[Vectors], Sequence[int]]


def bench_vectors(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[list[int] | None, typer.Option(help="How many vectors to search.", min=1)] = None,
    real: RealOption = 9_000,
    rounds: RoundsOption = 7,
    questions: Annotated[int, typer.Option(help="How many a round.", min=1)] = 30,
    judged: Annotated[int, typer.Option(help="How many questions recall is taken over.", min=1)] = 300,
    model: ModelOption = DEFAULT_MODEL,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Search vectors of real questions among real passages and points between them."""
    with record("bench-vectors", folder, out) as outcome:
        from eval.bench.embedded import floats
        from eval.bench.invention import Inventor
        from index.local.threads import compute_with_one_thread  # only now: it loads FAISS

        compute_with_one_thread()
        source = load_real(sets, folder, real, model, cache_dir)
        encoder = load_encoder(ModelChoice(model), cache_dir or default_cache_dir())
        needed = max(judged, rounds * questions)
        asked = encoder.encode_queries(read_texts(sets).take(needed))
        held = floats(source.embedded.passages)
        inventor = Inventor(source.texts, source.embedded)
        for count in passages or [10_000, 100_000, 1_000_000]:
            made = max(0, count - len(held))
            vectors = np.concatenate([held[:count], *([inventor.vectors(made)[1]] if made else [])])
            note = f"{made / count:.0%} of the vectors lie between two real ones"
            measure(outcome, vectors, asked, rounds, questions, judged, note)


def measure(
    outcome: Outcome, vectors: Vectors, asked: Vectors, rounds: int, questions: int, judged: int, note: str
) -> None:
    """Add what was measured on some vectors."""
    from eval.bench.exact import ExactIndex
    from index.local.faiss_index import DenseIndex

    exact, ours = ExactIndex(vectors), DenseIndex(vectors.shape[1])
    started = process_time()
    for start in range(0, len(vectors), PER_ADD):
        rows = np.arange(start, min(start + PER_ADD, len(vectors)), dtype=np.int64)
        ours.add(rows, vectors[rows])
    if ours.outgrown:
        ours = ours.clustered()  # as is done where an index is written
    ours.search(asked[0], K)  # whatever is put off until the first search belongs to building
    built = process_time() - started
    ways: dict[str, Search] = {
        OURS: lambda vector: [row for row, _ in ours.search(vector, K)],
        EXACT: lambda vector: exact.search(vector, K).tolist(),
    }
    found = [_recall(ways, vector) for vector in asked[:judged]]
    times = in_turns(ways, asked, rounds, questions)
    outcome.figures += figures(times, found, len(vectors), built, len(ours.to_bytes()), note)
    lines = outcome.series.setdefault("vector search, p50, ms", {})
    for name, seconds in times.items():
        lines.setdefault(name, []).append((len(vectors), 1000 * quantile_interval(seconds).value))
    outcome.series.setdefault("recall@10 of exact search", {}).setdefault(OURS, []).append((len(vectors), fmean(found)))
    if ours.clusters:
        outcome.over[BY_TIME] = "ms a search"
        line = recall_by_time(ours, ways[EXACT], asked[:judged])
        outcome.series.setdefault(BY_TIME, {})[f"{len(vectors):,} vectors"] = line


def recall_by_time(ours: "DenseIndex", exact: Search, asked: Vectors) -> list[tuple[float, float]]:
    """Return the median milliseconds and the recall where more and more clusters are looked at."""
    wanted = [set(exact(vector)) for vector in asked]
    line = []
    for shift in range(9, 1, -1):
        ours.probes = max(1, ours.clusters >> shift)
        shared, times = [], []
        for vector, nearest in zip(asked, wanted, strict=True):
            started = perf_counter()
            found = ours.search(vector, K)
            times.append(1000 * (perf_counter() - started))
            shared.append(len(nearest & {row for row, _ in found}) / K)
        line.append((median(times), fmean(shared)))
    return line


def in_turns(ways: dict[str, Search], asked: Vectors, rounds: int, questions: int) -> dict[str, list[float]]:
    """Return the seconds that each way took for each question."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn, name in there_and_back(list(ways), rounds):
        for vector in asked[turn * questions : (turn + 1) * questions]:
            started = perf_counter()
            ways[name](vector)
            times[name].append(perf_counter() - started)
    return times


def figures(
    times: dict[str, list[float]], found: Sequence[float], count: int, built: float, size: int, note: str
) -> Iterator[Figure]:
    """Yield the figures of P10 for a number of vectors."""
    for name, seconds in times.items():
        p50 = quantile_interval([1000 * each for each in seconds])
        yield p50.figure("P10", f"vector search, p50, {name}", unit="ms", passages=count)
    ratio = ratio_interval(times[OURS], times[EXACT])
    held = count >= HELD
    recall = fmean(found)
    yield ratio.figure(
        "P10",
        "time of a vector search as a share of exact",
        passages=count,
        goal="<= 0.05" if held else "",
        reached=ratio.value <= 1 / 20 if held else None,
        note=note,
    )
    yield Figure(
        mark="P10",
        what="recall@10 of exact search",
        value=recall,
        passages=count,
        goal=">= 0.98" if held else "",
        reached=recall >= 0.98 if held else None,
        note=f"{len(found)} real questions; {note}",
    )
    yield Figure(mark="P10", what="work of building the vector index", value=built, unit="s", passages=count)
    yield Figure(mark="P10", what="size of the vector index", value=size / count, unit="bytes/vector", passages=count)


def _recall(ways: dict[str, Search], vector: Vectors) -> float:
    wanted = set(ways[EXACT](vector))
    return len(wanted & set(ways[OURS](vector))) / len(wanted)
