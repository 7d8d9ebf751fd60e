"""MaxSim against its definition, and four bits against the numbers they stand for."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.models.encoder import Vectors
from index.models.vectors import counts_to_bytes
from index.ranking.late import FINE_STEPS, Alignment, Comparison, compare, pack_tokens, rotation

Counts = Sequence[int]


def unit_vectors(count: int, seed: int, dimension: int = 32) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    vectors[:, 0] *= 10  # as in real models: one number is much larger than the others
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def compared(question: Vectors, passages: Sequence[tuple[bytes, Counts]]) -> Comparison:
    (found,) = compare([(tokens, counts_to_bytes(counts)) for tokens, counts in passages], [question])
    return found


def aligned(question: Vectors, packed: bytes, sentence_tokens: Counts = ()) -> Alignment:
    (found,) = compared(question, [(packed, sentence_tokens)]).alignments()
    return found


def stored_numbers(packed: bytes, dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The steps and scales that the bytes of tokens stand for, read one by one."""
    width = 2 + dimension // 2
    tokens = [packed[at : at + width] for at in range(0, len(packed), width)]
    steps = [[(byte >> shift & 15) - 8 for byte in token[2:] for shift in (0, 4)] for token in tokens]
    scales = np.frombuffer(b"".join(token[:2] for token in tokens), "<f2").astype(np.float64)
    return np.array(steps, dtype=np.int64).reshape(-1, dimension), scales


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


def assert_half_a_step_off_at_most(question: Vectors, packed: bytes) -> None:
    """Each number of a question is half of one of its 127 steps off at most, so each product is by so much."""
    dimension = question.shape[1]
    steps, scales = stored_numbers(packed, dimension)
    tokens, turned = steps * scales[:, None], question.astype(np.float64) @ rotation(dimension)
    step = np.abs(turned).max(axis=1, initial=0) / FINE_STEPS
    most = np.abs(tokens).sum(axis=1)[:, None] * step / 2
    found = aligned(question, packed).cosines
    assert found.shape == most.shape
    assert (np.abs(found - tokens @ turned.T) <= 1.001 * most + 1e-6).all()  # more than what float32 rounds off


@given(st.integers(0, 40), st.sampled_from([0, 1, 2, 17, 512]), st.sampled_from([2, 30, 384]), st.integers(0, 1000))
def test_eight_bits_of_a_question_are_near_what_they_stand_for(
    count: int, asked: int, dimension: int, seed: int
) -> None:
    packed = pack_tokens(unit_vectors(count, seed, dimension))
    assert_half_a_step_off_at_most(unit_vectors(asked, seed + 1, dimension), packed)


@given(st.binary(min_size=64, max_size=64))
def test_so_they_are_beside_bytes_that_were_never_stored(data: bytes) -> None:
    assert_half_a_step_off_at_most(unit_vectors(3, 1, 128), np.float16(0.01).tobytes() + data)


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 100))
def test_whole_numbers_come_out_whole(count: int, asked: int, seed: int) -> None:
    """Questions that are whole steps already are multiplied without any error."""
    random = np.random.default_rng(seed)
    fine = random.integers(-FINE_STEPS, FINE_STEPS, (asked, 64), endpoint=True)
    fine[:, 0] = FINE_STEPS
    packed = pack_tokens(unit_vectors(count, seed, 64))
    steps, scales = stored_numbers(packed, 64)
    found = aligned((fine @ rotation(64).astype(np.float64).T).astype(np.float32), packed).cosines
    assert np.array_equal(np.rint(found / scales[:, None]), steps @ fine.T)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 4), st.integers(0, 100))
def test_similarity_is_the_weighted_mean_of_the_best(lengths: list[int], tokens: int, seed: int) -> None:
    question, weights = unit_vectors(tokens, seed), np.arange(1, tokens + 1, dtype=np.float32)
    passages = [pack_tokens(unit_vectors(length, seed + place)) for place, length in enumerate(lengths)]
    together = compared(question, [(data, ()) for data in passages])
    cosines = [aligned(question, data).cosines for data in passages]
    expected = [float(np.average(each.max(axis=0), weights=weights)) if each.size else 0.0 for each in cosines]
    assert together.similarities(weights) == pytest.approx(expected, abs=1e-5)
    assert together.sentence_similarities(weights) == pytest.approx(expected, abs=1e-5)  # none has sentences


@given(st.lists(st.lists(st.integers(0, 6), max_size=4), min_size=1, max_size=5), st.integers(0, 3), st.integers(0, 99))
def test_passages_together_are_as_each_alone(sentences: list[list[int]], before: int, seed: int) -> None:
    question, weights = unit_vectors(3, seed), np.array([3, 1, 2], np.float32)
    passages = [
        (pack_tokens(unit_vectors(before + sum(counts), seed + place)), counts)
        for place, counts in enumerate(sentences)
    ]
    together = compared(question, passages)
    for place, (passage, found) in enumerate(zip(passages, together.alignments(), strict=True)):
        alone = compared(question, [passage])
        (expected,) = alone.alignments()
        for name in ("cosines", "best", "by_sentence"):
            assert np.array_equal(getattr(found, name), getattr(expected, name))
        for similarities in (Comparison.similarities, Comparison.sentence_similarities):
            assert similarities(together, weights)[place] == pytest.approx(similarities(alone, weights)[0], abs=1e-6)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=3), st.lists(st.integers(0, 6), max_size=3), st.integers(0, 99))
def test_questions_together_are_as_each_alone(asked: list[int], counts: list[int], seed: int) -> None:
    questions = [unit_vectors(tokens, seed + place) for place, tokens in enumerate(asked)]
    passage = pack_tokens(unit_vectors(1 + sum(counts), seed + 9))
    together = compare([(passage, counts_to_bytes(counts))], questions)
    for question, found in zip(questions, together, strict=True):
        alone = compared(question, [(passage, counts)])
        for name in ("cosines", "nearest", "best"):
            assert getattr(found, name) == pytest.approx(getattr(alone, name), abs=1e-6)


def test_a_passage_of_headings_alone_has_no_sentence_beside_one_that_has() -> None:
    question, weights = unit_vectors(2, 1), np.ones(2, np.float32)
    packed = pack_tokens(unit_vectors(3, 2))
    both = compared(question, [(packed, []), (packed, [3])])
    assert both.alignments()[0].by_sentence.shape == (0, 2)
    headings, other = both.sentence_similarities(weights)
    assert headings == other


def test_a_passage_without_tokens_is_like_nothing() -> None:
    weights = np.ones(2, np.float32)
    empty, other = (b"", [0, 0]), (pack_tokens(unit_vectors(3, 2)), [2, 1])
    for passages in ([empty], [empty, other], [other, empty]):
        found = compared(unit_vectors(2, 1), passages)
        at = passages.index(empty)
        assert found.similarities(weights)[at] == found.sentence_similarities(weights)[at] == 0
        assert (found.alignments()[at].by_sentence == -1).all()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 3), st.integers(0, 100))
def test_the_best_sentence_is_never_nearer_than_its_passage(counts: list[int], before: int, seed: int) -> None:
    question, tokens = unit_vectors(3, seed), unit_vectors(before + sum(counts), seed + 1)
    weights = np.array([3, 1, 2], np.float32)
    comparison = compared(question, [(pack_tokens(tokens), counts)])
    (alignment,) = comparison.alignments()
    at, each = before, [-1.0]
    for count in counts:
        own = alignment.cosines[at : at + count].max(axis=0, initial=-1)
        each.append(float(np.average(own, weights=weights)))
        at += count
    if alignment.cosines.size:
        (similarity,) = comparison.sentence_similarities(weights)
        assert similarity == pytest.approx(max(each), abs=1e-5)
        assert similarity <= comparison.similarities(weights)[0] + 1e-6


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 3), st.integers(0, 100))
def test_a_sentence_falls_short_of_what_its_passage_has(counts: list[int], before: int, seed: int) -> None:
    question, tokens = unit_vectors(2, seed), unit_vectors(before + sum(counts), seed + 1)
    alignment = aligned(question, pack_tokens(tokens), counts)
    cosines = alignment.cosines
    at = before
    for gap, count in zip(alignment.shortfalls, counts, strict=True):
        own = cosines[at : at + count].max(axis=0, initial=-1)
        lacking = cosines.max(axis=0, initial=-1) - own
        assert gap == pytest.approx(float(np.sqrt((lacking**2).mean())), abs=1e-5)
        at += count


def test_counts_beyond_a_cut_passage_do_no_harm() -> None:
    found = aligned(unit_vectors(2, 1), pack_tokens(unit_vectors(5, 2)), [4, 4, 4]).shortfalls
    assert found.shape == (3,)
    assert found[2] > found[0]


@pytest.mark.parametrize("passage", [(pack_tokens(unit_vectors(2, 0))[:-1], b""), (b"", b"odd")])
def test_bytes_that_are_no_whole_tokens_or_counts_are_damage(passage: tuple[bytes, bytes]) -> None:
    whole = (pack_tokens(unit_vectors(2, 0)), counts_to_bytes([2]))
    with pytest.raises(StoreDamaged, match=r"do not fit|are damaged"):
        compare([whole, passage], [unit_vectors(1, 0)])
