"""One score from many, against the sums written out."""

import numpy as np
import pytest

from corpus.passage import Passage
from corpus.rows import PassageVectors, StoredPassage
from index.encoder import Vectors
from index.fusion import LEXICAL_WEIGHT, Question, fuse, score_passages
from index.late import pack_tokens
from index.query import Method
from index.vectors import to_bytes


def unit_vectors(count: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def stored(row: int, sentences: int) -> StoredPassage:
    vectors = PassageVectors(
        to_bytes(unit_vectors(1, row)),
        to_bytes(unit_vectors(sentences, row + 50)),
        pack_tokens(unit_vectors(4, row + 99)),
    )
    return StoredPassage(row, Passage(f"p_{row}", "d", 0, 1, (), "x", ()), vectors, "")


QUESTION = Question("?", unit_vectors(1, 7)[0], unit_vectors(3, 8))
PASSAGES = [stored(row, sentences) for row, sentences in ((1, 3), (2, 0), (3, 1))]
LEXICAL = {1: 10.0, 2: 0.0, 3: 30.0}


def test_the_parts_are_what_they_say() -> None:
    for scored in score_passages(QUESTION, PASSAGES, LEXICAL, Method.FULL):
        row = scored.stored.row
        dense = float(unit_vectors(1, row)[0] @ QUESTION.vector)
        of_sentences = unit_vectors(3, row + 50)[: {1: 3, 2: 0, 3: 1}[row]]
        if row == 3:
            of_sentences = unit_vectors(1, row + 50)
        best = float(max(of_sentences @ QUESTION.vector)) if len(of_sentences) else dense
        assert scored.scores["dense"] == pytest.approx(dense, abs=2e-3)
        assert scored.scores["sentence"] == pytest.approx(best, abs=2e-3)
        assert scored.scores["lexical"] == LEXICAL[row]
        cosines = sum(scored.scores[name] for name in ("dense", "sentence", "tokens")) / 3
        assert scored.score == scored.scores["rerank"] == pytest.approx(cosines + LEXICAL_WEIGHT * LEXICAL[row])


@pytest.mark.parametrize("method", Method)
def test_the_best_come_first(method: Method) -> None:
    scored = score_passages(QUESTION, PASSAGES, LEXICAL, method)
    assert [each.score for each in scored] == sorted((each.score for each in scored), reverse=True)
    assert {each.stored.row for each in scored} == {1, 2, 3}


def test_each_method_counts_what_it_names() -> None:
    scores = {"dense": 0.8, "lexical": 10.0}
    assert fuse({"dense": 0.8}, Method.DENSE) == 0.8
    assert fuse(scores, Method.LEXICAL) == 10.0
    assert fuse(scores, Method.HYBRID) == pytest.approx(0.8 + 10 * LEXICAL_WEIGHT)


def test_equal_scores_come_in_the_order_of_rows() -> None:
    twins = [StoredPassage(row, PASSAGES[0].passage, PASSAGES[0].vectors, "") for row in (9, 4)]
    assert [each.stored.row for each in score_passages(QUESTION, twins, {9: 1.0, 4: 1.0}, Method.FULL)] == [4, 9]


def test_no_candidates_no_scores() -> None:
    assert score_passages(QUESTION, [], {}, Method.FULL) == []
