"""`python -m eval bench-beside`: what a question costs beside the encoder and FAISS (P3)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from time import process_time
from typing import Annotated, Any

import typer

from eval.bench.data import at_hand, invented_share, made_folder, read_texts
from eval.bench.figures import Figure, quantile_interval
from eval.bench.runner import CacheOption, FolderOption, OutOption, SetsArgument, record
from eval.bench.servers import running, wherefrom
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import default_cache_dir, load_encoder


def bench_beside(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[int, typer.Option(help="Search this folder.", min=1)] = 100_000,
    questions: Annotated[int, typer.Option(help="How many to ask in process, and over HTTP.", min=1)] = 300,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Take apart the work of a question: encoder, vector index, all else in process, and all else of the service."""
    with record("bench-beside", folder, out) as outcome:
        data_dir = at_hand(made_folder(folder, passages))
        asked = read_texts(sets)
        warm, inside, outside = asked.take(20), asked.take(questions), asked.take(questions)
        parts = parts_of(data_dir, cache_dir, warm, inside)
        with running(wherefrom(data_dir, cache_dir)) as server:
            for question in warm:
                server.ask(question)
            before = server.cpu_seconds()
            for question in outside:
                server.ask(question)
            served = 1000 * (server.cpu_seconds() - before) / questions
        note = invented_share(data_dir)
        for name, values in parts.items():
            p50 = quantile_interval(values)
            what = f"work of a question: {name}"
            outcome.figures.append(p50.figure("P3", what, unit="ms", passages=passages))
        computing = fmean(parts["encoder"]) + fmean(parts["vector index"])
        rest = served - computing
        outcome.figures += [
            Figure(mark="P3", what="work of the whole service, mean", value=served, unit="ms", passages=passages),
            Figure(
                mark="P3",
                what="work beside encoder and vector index, HTTP included, mean",
                value=rest,
                unit="ms",
                passages=passages,
                goal="<= 1.5 ms",
                reached=rest <= 1.5,
                note=f"full method, tokens compared; {note}",
            ),
        ]


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

    with open_index(data_dir, load) as index:
        for question in warm:
            index.searcher.search(Query(question))
        times: dict[str, list[float]] = {"encoder": [], "vector index": [], "all else in process": []}
        with _metered(loaded[0], "encode_queries_with_tokens") as encoding, _metered(DenseIndex, "search") as dense:
            for question in asked:
                encoding.clear()
                dense.clear()
                started = process_time()
                index.searcher.search(Query(question))
                whole = process_time() - started
                parts = (sum(encoding), sum(dense), whole - sum(encoding) - sum(dense))
                for held, seconds in zip(times.values(), parts, strict=True):
                    held.append(1000 * seconds)
    return times


@contextmanager
def _metered(owner: Any, name: str) -> Iterator[list[float]]:
    """Collect the seconds of work of each call of a method while the block runs."""
    method, seconds = getattr(owner, name), list[float]()

    def metered(*arguments: Any, **named: Any) -> Any:
        started = process_time()
        try:
            return method(*arguments, **named)
        finally:
            seconds.append(process_time() - started)

    setattr(owner, name, metered)
    try:
        yield seconds
    finally:
        setattr(owner, name, method)
