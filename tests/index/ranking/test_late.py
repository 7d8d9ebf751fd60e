"""MaxSim against its definition, and four bits against the numbers they stand for."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import StoreDamaged
from index.models.encoder import Vectors
from index.models.vectors import counts_to_bytes
from index.ranking.late import Alignment, align, pack_tokens, rotation


def unit_vectors(count: int, seed: int, dimension: int = 32) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    vectors[:, 0] *= 10  # as in real models: one number is much larger than the others
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def aligned(question: Vectors, packed: bytes, sentence_tokens: Sequence[int] = ()) -> Alignment:
    (found,) = align(question, [(packed, counts_to_bytes(sentence_tokens))])
    return found


def test_the_rotation_keeps_lengths_and_angles() -> None:
    turn = rotation(384)
    assert turn @ turn.T == pytest.approx(np.eye(384), abs=1e-5)


@given(st.integers(0, 20), st.integers(0, 1000))
def test_packing_keeps_cosines(count: int, seed: int) -> None:
    tokens, question = unit_vectors(count, seed, 384), unit_vectors(3, seed + 1, 384)
    packed = pack_tokens(tokens)
    assert len(packed) == count * (2 + 384 // 2)
    found = aligned(question, packed).cosines
    assert found.shape == (count, 3)
    assert found == pytest.approx(tokens @ question.T, abs=0.03)


@given(st.lists(st.integers(0, 6), max_size=5), st.integers(0, 4), st.integers(0, 100))
def test_similarity_is_the_weighted_mean_of_the_best(lengths: list[int], tokens: int, seed: int) -> None:
    question, weights = unit_vectors(tokens, seed), np.arange(1, tokens + 1, dtype=np.float32)
    passages = [pack_tokens(unit_vectors(length, seed + place)) for place, length in enumerate(lengths)]
    together = align(question, [(data, b"") for data in passages])
    for found, data in zip(together, passages, strict=True):
        cosines = aligned(question, data).cosines
        expected = np.average(cosines.max(axis=0), weights=weights) if cosines.size else 0.0
        assert found.similarity(weights) == pytest.approx(expected, abs=1e-5)
        assert found.sentence_similarity(weights) == pytest.approx(expected, abs=1e-5)  # it has no sentence of its own


def test_a_passage_of_headings_alone_has_no_sentence_beside_one_that_has() -> None:
    question, weights = unit_vectors(2, 1), np.ones(2, np.float32)
    packed = pack_tokens(unit_vectors(3, 2))
    headings, other = align(question, [(packed, counts_to_bytes([])), (packed, counts_to_bytes([3]))])
    assert headings.by_sentence.shape == (0, 2)
    assert headings.sentence_similarity(weights) == other.sentence_similarity(weights)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 3), st.integers(0, 100))
def test_the_best_sentence_is_never_nearer_than_its_passage(counts: list[int], before: int, seed: int) -> None:
    question, tokens = unit_vectors(3, seed), unit_vectors(before + sum(counts), seed + 1)
    weights = np.array([3, 1, 2], np.float32)
    alignment = aligned(question, pack_tokens(tokens), counts)
    at, each = before, [-1.0]
    for count in counts:
        own = alignment.cosines[at : at + count].max(axis=0, initial=-1)
        each.append(float(np.average(own, weights=weights)))
        at += count
    if alignment.cosines.size:
        assert alignment.sentence_similarity(weights) == pytest.approx(max(each), abs=1e-5)
        assert alignment.sentence_similarity(weights) <= alignment.similarity(weights) + 1e-6


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 3), st.integers(0, 100))
def test_a_sentence_falls_short_of_what_its_passage_has(counts: list[int], before: int, seed: int) -> None:
    question, tokens = unit_vectors(2, seed), unit_vectors(before + sum(counts), seed + 1)
    alignment = aligned(question, pack_tokens(tokens), counts)
    cosines = alignment.cosines
    at = before
    for gap, count in zip(alignment.shortfalls(), counts, strict=True):
        own = cosines[at : at + count].max(axis=0, initial=-1)
        lacking = cosines.max(axis=0, initial=-1) - own
        assert gap == pytest.approx(float(np.sqrt((lacking**2).mean())), abs=1e-5)
        at += count


def test_counts_beyond_a_cut_passage_do_no_harm() -> None:
    found = aligned(unit_vectors(2, 1), pack_tokens(unit_vectors(5, 2)), [4, 4, 4]).shortfalls()
    assert found.shape == (3,)
    assert found[2] > found[0]


def test_bytes_that_are_no_whole_tokens_are_damage() -> None:
    with pytest.raises(StoreDamaged, match="do not fit"):
        aligned(unit_vectors(1, 0), pack_tokens(unit_vectors(2, 0))[:-1])
