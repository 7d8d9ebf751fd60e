"""One score from many, against the sums written out."""

import pytest

from index.fusion import LEXICAL_WEIGHT, fuse
from index.query import Method


def test_each_method_counts_what_it_names() -> None:
    scores = {"dense": 0.8, "lexical": 10.0}
    assert fuse({"dense": 0.8}, Method.DENSE) == 0.8
    assert fuse(scores, Method.LEXICAL) == 10.0
    assert fuse(scores, Method.HYBRID) == pytest.approx(0.8 + 10 * LEXICAL_WEIGHT)
    cosines = {"dense": 0.8, "sentence": 0.9, "tokens": 0.7}
    assert fuse({**cosines, "lexical": 5.0}, Method.FULL) == pytest.approx(0.8 + 5 * LEXICAL_WEIGHT)
