"""Comparing the files of the index on one machine with the truth they are derived from."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from corpus.store.truth import Reader
from index.durable import map_whole
from index.local.faiss_index import DenseIndex, Keys
from index.local.files import DENSE_FILE, LEXICAL_FILE, RECORD_FILE
from index.local.lexical.bm25 import LexicalIndex
from index.local.record_file import RecordFile
from index.local.records import read_records
from index.models.vectors import from_bytes

BATCH = 1_000  # passages compared at a time


def file_problems(reader: Reader, dimension: int, data_dir: Path) -> Iterator[str]:
    """Yield what is wrong with the files of a data folder; one that was never written is no problem."""
    yield from _dense_problems(reader, dimension, data_dir / DENSE_FILE)
    yield from _lexical_problems(reader, data_dir / LEXICAL_FILE)
    yield from _record_problems(reader, dimension, data_dir / RECORD_FILE)


def is_whole(path: Path, digest: str) -> bool:
    """Return whether a file is the one that was recorded; of the large one, as far as a start looks."""
    if path.name == RECORD_FILE:
        file = RecordFile.open(path)
        return file is not None and file.digest == digest
    return map_whole(path, digest) is not None


def _dense_problems(reader: Reader, dimension: int, path: Path) -> Iterator[str]:
    if (recorded := reader.derived(path.name)) is None:
        return
    if (data := map_whole(path, recorded[0])) is None:
        yield _unreadable(path)
        return
    dense = DenseIndex.from_bytes(data, dimension)
    if dense is None:
        yield f"{path}: its vectors have not the {dimension} dimensions of the store's"
        return
    yield from _other_passages(reader, path, recorded[1], dense.keys())
    stored = set(reader.keys())
    for keys, vectors in dense.held():
        held = {key: vector for key, vector in zip(keys.tolist(), vectors, strict=True) if key in stored}
        known = sorted(held)
        for start in range(0, len(known), BATCH):
            for key, (vector, _) in reader.vectors(known[start : start + BATCH]).items():
                if not np.array_equal(held[key], from_bytes([vector], dimension)[0]):
                    yield f"{path}: the vector of key {key} is not the one in the store"


def _lexical_problems(reader: Reader, path: Path) -> Iterator[str]:
    if (recorded := reader.derived(path.name)) is None:
        return
    if (data := map_whole(path, recorded[0])) is None:
        yield _unreadable(path)
        return
    yield from _other_passages(reader, path, recorded[1], LexicalIndex.from_bytes(data).keys())


def _record_problems(reader: Reader, dimension: int, path: Path) -> Iterator[str]:
    if (recorded := reader.derived(path.name)) is None:
        return
    file = RecordFile.open(path)
    if file is None or (file.digest, file.dimension) != (recorded[0], dimension):
        yield _unreadable(path)
        return
    if damaged := file.damaged():
        yield f"{path}: damaged at {len(damaged)} places; remove it, and the next search or index rebuilds it"
        return
    yield from _other_passages(reader, path, recorded[1], file.keys)
    stored = set(reader.keys())
    places = {key: place for place, key in enumerate(file.keys.tolist()) if key in stored}
    known = list(places)
    for start in range(0, len(known), BATCH):
        some = known[start : start + BATCH]
        for key, record in zip(some, read_records(reader, some, dimension, whole=file.complete), strict=True):
            if file.record(places[key]) != record:
                yield f"{path}: what it has of key {key} is not what the store has"


def _other_passages(reader: Reader, path: Path, sequence: int, keys: Keys) -> Iterator[str]:
    """Compare the passages of an index with those of the store, if the index claims to be up to date."""
    stored = reader.keys()
    if sequence == reader.sequence() and set(keys.tolist()) != set(stored):
        yield f"{path}: holds {len(keys)} passages, the store {len(stored)}, and not the same"


def _unreadable(path: Path) -> str:
    return f"{path}: missing or damaged; the next search or index rebuilds it from the store"
