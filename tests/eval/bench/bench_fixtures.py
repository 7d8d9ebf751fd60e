"""What the tests of the benchmarks share: a benchmark at work on a small index."""

from itertools import cycle
from pathlib import Path

import numpy as np

from eval.bench.figures import Figure
from eval.bench.make import TEXTS, VECTORS, plain_folder
from eval.bench.runner import MADE, Bench, folder_name, new_results

ASKED = ["茶叶多少钱？", "schools", "渔港有多少泊位？", "Who pays?", "何处", "where"]


def bench_on(data_dir: Path, count: int | None = 3, rounds: int = 2, questions: int = 2) -> Bench:
    """Return a benchmark on a data folder, which is taken to be one of so many passages."""
    folder = data_dir.parent / "bench"
    folder.mkdir(exist_ok=True)
    if count is not None:
        (folder / folder_name(count)).symlink_to(data_dir)
        plain = plain_folder(data_dir.resolve())
        plain.mkdir()
        (plain / TEXTS).write_text('["tea", "harbour", "school"]')
        np.save(plain / VECTORS, np.eye(3, 32, dtype=np.float32))
        (data_dir / MADE).write_text('{"passages": 4, "real": 3, "seconds": 1.5, "bytes": 4000}')
    results = new_results("bench-test")
    return Bench(results, cycle(ASKED), folder, rounds, questions, count=count)


def figures_of(bench: Bench) -> dict[str, Figure]:
    """Return the figures that were found by what they are of."""
    return {figure.what: figure for figure in bench.results.figures}
