"""Sparse vectors: their inner product is BM25, but for terms that share a dimension."""

import ast

import numpy as np
import pytest

from index.oceanbase.sparse import DIMENSIONS, passage_vector, question_vector
from index.terms.bm25 import K1, saturations
from index.terms.packing import PackedTerms


def terms(counts: dict[int, int], length: int) -> PackedTerms:
    held = np.array(list(counts.values()), np.uint8)
    return PackedTerms(np.array(list(counts), np.uint64), np.empty(0, np.uint32), held, length)


def read(vector: str) -> dict[int, float]:
    return dict(ast.literal_eval(vector))


def test_the_inner_product_is_bm25() -> None:
    passage = read(passage_vector(terms({5: 1, 2**63 + 7: 3, 9: 2}, 20), average=16.0))
    question = read(question_vector({2**63 + 7: 1.5, 9: 0.25, 11: 4.0}))
    norm = saturations(np.array([20]), 16.0)[0]
    expected = 1.5 * 3 * (K1 + 1) / (3 + norm) + 0.25 * 2 * (K1 + 1) / (2 + norm)
    assert sum(passage.get(at, 0) * weight for at, weight in question.items()) == pytest.approx(expected, rel=1e-3)


def test_dimensions_are_those_that_the_database_takes_in_their_order() -> None:
    found = list(read(passage_vector(terms({2**64 - 1: 1, DIMENSIONS - 1: 1, DIMENSIONS: 1, 0: 200}, 9), 9.0)))
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, DIMENSIONS - 1)


def test_terms_that_share_a_dimension_count_together() -> None:
    assert read(question_vector({3: 1.0, DIMENSIONS + 3: 0.5})) == {3: 1.5}


def test_a_passage_without_terms_has_an_empty_vector() -> None:
    assert passage_vector(terms({}, 0), 1.0) == "{}"
    assert question_vector({}) == "{}"
