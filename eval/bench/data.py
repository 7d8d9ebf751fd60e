"""What the benchmarks search and ask: the folders that `bench-make` made, and the questions of their sets."""

import json
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from random import Random

import numpy as np

from corpus.errors import NotFound
from corpus.store.sqlite import Store
from eval.bench.make import MADE, label
from eval.sets.reading import read_questions
from index.models.encoder import Vectors
from index.models.vectors import from_bytes

BATCH = 1_000  # passages read at a time


def made_folder(folder: Path, count: int) -> Path:
    """Return the data folder of a number of passages.

    Raises:
        NotFound: if it was not made.
    """
    data_dir = folder / label(count)
    if not (data_dir / MADE).exists():
        raise NotFound(f"{data_dir}: not made yet; run: python -m eval bench-make SETS --passages {count}")
    return data_dir


def at_hand(data_dir: Path) -> Path:
    """Return a data folder whose store the system has in memory, as where a service has run for a while.

    Without that, questions wait for the disk: what they ask for was never asked for before.
    """
    for path in data_dir.glob("*.sqlite3"):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    return data_dir


def made_facts(data_dir: Path) -> dict[str, float]:
    """Return what a data folder consists of, and what it took to make it."""
    facts: dict[str, float] = json.loads((data_dir / MADE).read_text())
    return facts


def invented_share(data_dir: Path) -> str:
    """Return what is to be said of the passages of a folder beside a figure."""
    facts = made_facts(data_dir)
    invented = 1 - facts["real"] / facts["passages"]
    return f"{invented:.0%} of the passages made up" if invented else "real passages"


def passage_vectors(data_dir: Path) -> Vectors:
    """Return the vectors of a folder's passages in the order of their keys."""
    with Store.open(data_dir) as store, store.reading() as reader:
        parts = []
        for some in _in_batches(reader.keys()):
            found = reader.vectors(some)
            vectors = [found[key][0] for key in some]
            parts.append(from_bytes(vectors, len(vectors[0]) // 2))
    return np.concatenate(parts)


def plain_copy(data_dir: Path) -> Path:
    """Return a folder with `vectors.npy` and `texts.json` of a data folder's passages, for stacks that are not ours."""
    plain = data_dir.with_name(f"{data_dir.name}-plain")
    if not (plain / "texts.json").exists():
        plain.mkdir(exist_ok=True)
        np.save(plain / "vectors.npy", passage_vectors(data_dir))
        with Store.open(data_dir) as store, store.reading() as reader:
            texts = [text for some in _in_batches(reader.keys()) for text in reader.search_texts(some).values()]
        (plain / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
    return plain


def _in_batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


class Questions:
    """Questions in an order of no meaning, none of them twice before all others were asked."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = sorted(set(texts))
        Random(0).shuffle(self.texts)
        self._endless: Iterator[str] = cycle(self.texts)

    def take(self, count: int) -> list[str]:
        """Return the next questions."""
        return list(islice(self._endless, count))


def read_texts(sets: Sequence[Path]) -> Questions:
    """Return the questions of some sets."""
    return Questions([question.text for path in sets for question in read_questions(path).questions])
