"""The vector index against NumPy."""

from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.local import faiss_index
from index.local.faiss_index import DenseIndex
from index.models.encoder import Vectors


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
    found = index.search(question, k, None if among is None else np.array(among, dtype=np.int64))
    assert [row for row, _ in found] == [row for row, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert set(index.keys().tolist()) == set(held)


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
    assert held(loaded).keys() == {5, 2, 9}
    assert np.array_equal(held(loaded)[9], vectors[9])


def held(index: DenseIndex) -> dict[int, Vectors]:
    return {int(row): vector for rows, vectors in index.held() for row, vector in zip(rows, vectors, strict=True)}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> tuple[DenseIndex, dict[int, Vectors]]:
    """An index of 3,000 vectors in 40 heaps, in clusters already, and the vectors as stored."""
    monkeypatch.setattr(faiss_index, "CLUSTERED_FROM", 3_000)
    near = unit_vectors(40, 1).repeat(75, axis=0) + 0.5 * unit_vectors(3_000, 2)
    vectors = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
    index = DenseIndex(16)
    index.add(np.arange(2_999, dtype=np.int64), vectors[:-1])
    before = index.outgrown
    index.add(np.array([2_999], dtype=np.int64), vectors[-1:])
    assert (before, index.outgrown) == (False, True)
    return index.clustered(), dict(enumerate(vectors))


def test_clusters_hold_the_same_vectors(many: tuple[DenseIndex, dict[int, Vectors]]) -> None:
    index, vectors = many
    assert index.clusters == 256
    assert not index.outgrown
    assert len(index) == len(vectors)
    assert {row: vector.tolist() for row, vector in held(index).items()} == {
        row: vector.tolist() for row, vector in vectors.items()
    }
    loaded = DenseIndex.from_bytes(index.to_bytes(), 16)
    assert loaded is not None
    assert loaded.clusters == 256
    question = unit_vectors(1, 5)[0]
    assert loaded.search(question, 20) == index.search(question, 20)
    assert DenseIndex.from_bytes(index.to_bytes(), 32) is None


@pytest.mark.parametrize("clustered", [False, True])
def test_what_is_mapped_is_left_as_it_is(
    many: tuple[DenseIndex, dict[int, Vectors]], tmp_path: Path, clustered: bool
) -> None:
    index = many[0] if clustered else filled(list(range(50)))[0]
    file, new, question = tmp_path / "dense", unit_vectors(2, 7), unit_vectors(1, 5)[0]
    file.write_bytes(before := index.to_bytes())
    with file.open("rb") as opened:
        loaded = DenseIndex.from_bytes(mmap(opened.fileno(), 0, access=ACCESS_READ), 16)
    assert loaded is not None
    untouched, shrunk = loaded.copy(), loaded.copy()
    for changed in (index, loaded):
        changed.remove(np.arange(10, dtype=np.int64))
        changed.add(np.array([3, 5_000], dtype=np.int64), new)
    shrunk.remove(np.arange(10, 2_990, dtype=np.int64))
    assert loaded.to_bytes() == index.to_bytes()
    assert loaded.search(question, 20) == index.search(question, 20)
    assert set(shrunk.keys().tolist()) == set(untouched.keys().tolist()) - set(range(10, 2_990))
    del loaded, shrunk
    assert untouched.settled().to_bytes() == before == file.read_bytes()


def test_clusters_find_nearly_all_that_looking_at_everything_finds(
    many: tuple[DenseIndex, dict[int, Vectors]],
) -> None:
    index, vectors = many
    matrix = np.array([vectors[row] for row in range(len(vectors))])
    recalls = []
    for question in unit_vectors(40, 3).repeat(3, axis=0)[::3] + 0.5 * unit_vectors(40, 4):
        nearest = np.argsort(-(matrix @ question), kind="stable")[:10]
        found = dict(index.search(question, 10))
        recalls.append(len(set(nearest.tolist()) & set(found)) / 10)
        assert [found[row] for row in found] == pytest.approx(
            [float(vectors[row] @ question) for row in found], abs=1e-3
        )
    assert np.mean(recalls) > 0.95


def test_with_a_filter_no_cluster_is_passed_over(many: tuple[DenseIndex, dict[int, Vectors]]) -> None:
    index, vectors = many
    among = np.arange(0, 3_000, 41)
    question = unit_vectors(1, 6)[0]
    expected = sorted(among.tolist(), key=lambda row: -float(vectors[row] @ question))[:30]
    assert [row for row, _ in index.search(question, 30, among)] == expected


def test_clusters_grow_shrink_and_are_made_anew(many: tuple[DenseIndex, dict[int, Vectors]]) -> None:
    index, _ = many
    index.remove(np.array([5, 99_999], dtype=np.int64))
    assert 5 not in held(index)
    more = unit_vectors(14_000, 7)
    index.add(np.arange(10_000, 24_000, dtype=np.int64), more)
    assert index.search(more[17], 1)[0][0] == 10_017
    assert index.outgrown, "more than four times as many as the clusters were made for"
    again = index.clustered()
    assert again.clusters == 512
    assert held(again).keys() == held(index).keys()


def topics(count: int, first: int) -> Vectors:
    """Vectors of some topics that others do not have."""
    random = np.random.default_rng(first)
    centres = random.normal(size=(20, 64))
    vectors = centres[np.arange(count) % 20] + 0.3 * random.normal(size=(count, 64))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("change", ["shrunk", "replaced", "doubled", "emptied"])
def test_clusters_follow_what_they_hold(change: str) -> None:
    old, new = topics(2_000, 1), topics(2_000, 2)
    index = DenseIndex(64, clustered_from=500)
    index.add(np.arange(2_000), old)
    index = index.settled()
    assert index.clusters
    kept = {"shrunk": 40, "replaced": 0, "doubled": 2_000, "emptied": 0}[change]
    index.remove(np.arange(kept, 2_000))
    added = new if change in ("replaced", "doubled") else new[:0]
    index.add(np.arange(5_000, 5_000 + len(added)), added)
    index = index.settled()
    assert bool(index.clusters) == (change in ("replaced", "doubled"))
    vectors = np.concatenate([old[:kept], added])
    keys = np.concatenate([np.arange(kept), np.arange(5_000, 5_000 + len(added))])
    assert sorted(index.keys().tolist()) == keys.tolist()
    recalls = []
    for question in topics(40, 2 if len(added) else 1):
        wanted = set(keys[np.argsort(-(vectors @ question))[:10]].tolist())
        got = index.search(question, 10)
        assert len(got) == min(10, len(keys))
        recalls.append(len(wanted & {key for key, _ in got}) / max(len(wanted), 1) if wanted else 1.0)
    assert np.mean(recalls) >= 0.99


def test_as_many_are_found_as_are_asked_for() -> None:
    index = DenseIndex(64, clustered_from=500)
    index.add(np.arange(1_000), topics(1_000, 3))
    index = index.settled()
    assert len(index.search(topics(1, 4)[0], 900)) == 900
