"""MaxSim against its definition, and four bits against the numbers they stand for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import StoreDamaged
from index.encoder import Vectors
from index.late import max_similarities, pack_tokens, rotation, unpack_tokens


def unit_vectors(count: int, seed: int, dimension: int = 32) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    vectors[:, 0] *= 10  # as in real models: one number is much larger than the others
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_the_rotation_keeps_lengths_and_angles() -> None:
    turn = rotation(384)
    assert turn @ turn.T == pytest.approx(np.eye(384), abs=1e-5)


@given(st.integers(0, 20), st.integers(0, 1000))
def test_packing_keeps_cosines(count: int, seed: int) -> None:
    tokens = unit_vectors(count, seed, 384)
    unpacked = unpack_tokens(pack_tokens(tokens), 384)
    assert unpacked.shape == tokens.shape
    if count:
        turned = tokens @ rotation(384)
        cosines = (turned * unpacked).sum(axis=1) / np.linalg.norm(unpacked, axis=1)
        assert cosines.min() > 0.98
    assert len(pack_tokens(tokens)) == count * (2 + 384 // 2)


@given(st.lists(st.integers(0, 6), max_size=5), st.integers(0, 4), st.integers(0, 100))
def test_scores_are_the_mean_of_the_best(lengths: list[int], tokens: int, seed: int) -> None:
    question = unit_vectors(tokens, seed)
    passages = [pack_tokens(unit_vectors(length, seed + place)) for place, length in enumerate(lengths)]
    turned = question @ rotation(32)
    for found, data in zip(max_similarities(question, passages), passages, strict=True):
        held = unpack_tokens(data, 32)
        expected = (turned @ held.T).max(axis=1).mean() if len(held) and tokens else 0.0
        assert found == pytest.approx(expected, abs=1e-5)


def test_bytes_that_are_no_whole_tokens_are_damage() -> None:
    with pytest.raises(StoreDamaged, match="do not fit"):
        unpack_tokens(pack_tokens(unit_vectors(2, 0))[:-1], 32)
