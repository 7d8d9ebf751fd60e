"""The vector index against NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import DenseIndex
from index.encoder import Vectors


def unit_vectors(count: int, seed: int, dimension: int = 16) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def filled(rows: list[int], seed: int = 0) -> tuple[DenseIndex, dict[int, Vectors]]:
    index, vectors = DenseIndex(16), unit_vectors(len(rows), seed)
    index.add(np.array(rows, dtype=np.int64), vectors)
    return index, dict(zip(rows, vectors, strict=True))


@given(
    rows=st.lists(st.integers(1, 10_000), unique=True, max_size=40),
    removed=st.sets(st.integers(1, 10_000)),
    k=st.integers(1, 60),
    data=st.data(),
)
def test_search_is_brute_force(rows: list[int], removed: set[int], k: int, data: st.DataObject) -> None:
    index, vectors = filled(rows)
    index.remove(np.array(sorted(removed), dtype=np.int64))
    held = [row for row in rows if row not in removed]
    among = data.draw(st.one_of(st.none(), st.lists(st.sampled_from(held), unique=True) if held else st.none()))
    question = unit_vectors(1, 99)[0]
    wanted = held if among is None else among
    expected = sorted(((row, float(vectors[row] @ question)) for row in wanted), key=lambda hit: (-hit[1], hit[0]))[:k]
    found = index.search(question, k, among)
    assert [row for row, _ in found] == [row for row, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert set(index.rows().tolist()) == set(held)


def test_equal_scores_come_in_the_order_of_rows() -> None:
    index = DenseIndex(16)
    vector = unit_vectors(1, 1)
    index.add(np.array([7, 3, 5], dtype=np.int64), np.repeat(vector, 3, axis=0))
    assert [row for row, _ in index.search(vector[0], 3)] == [3, 5, 7]


def test_what_is_saved_is_loaded() -> None:
    index, vectors = filled([5, 2, 9])
    loaded = DenseIndex.from_bytes(index.to_bytes(), 16)
    assert loaded is not None
    assert DenseIndex.from_bytes(index.to_bytes(), 32) is None
    assert set(loaded.rows().tolist()) == {5, 2, 9}
    assert np.array_equal(loaded.vector(9), vectors[9])
