"""One score from many, against the sums written out."""

import pytest

from index.query import Signal
from index.ranking.signals import LEXICAL_WEIGHT, Candidate, fuse


def test_what_counts_is_what_is_given() -> None:
    assert fuse({Signal.DENSE: 0.8}) == 0.8
    assert fuse({Signal.LEXICAL: 10.0}) == 10.0
    assert fuse({Signal.DENSE: 0.8, Signal.LEXICAL: 10.0}) == pytest.approx(0.8 + 10 * LEXICAL_WEIGHT)
    cosines = {Signal.DENSE: 0.8, Signal.SENTENCE: 0.9, Signal.TOKENS: 0.7}
    assert fuse({**cosines, Signal.LEXICAL: 5.0}) == pytest.approx(0.8 + 5 * LEXICAL_WEIGHT)


def test_parts_are_told_in_their_order() -> None:
    scored = Candidate(1, 0.8, {Signal.LEXICAL: 3.0, Signal.TOKENS: 0.7, Signal.DENSE: 0.9})
    assert list(scored.scores.items()) == [("dense", 0.9), ("tokens", 0.7), ("lexical", 3.0), ("rerank", 0.8)]
