"""One score from many, against the sums written out."""

import pytest

from index.query import Part
from index.ranking.signals import LEXICAL_WEIGHT, Scored, fuse


def test_what_counts_is_what_is_given() -> None:
    assert fuse({Part.DENSE: 0.8}) == 0.8
    assert fuse({Part.LEXICAL: 10.0}) == 10.0
    assert fuse({Part.DENSE: 0.8, Part.LEXICAL: 10.0}) == pytest.approx(0.8 + 10 * LEXICAL_WEIGHT)
    cosines = {Part.DENSE: 0.8, Part.SENTENCE: 0.9, Part.TOKENS: 0.7}
    assert fuse({**cosines, Part.LEXICAL: 5.0}) == pytest.approx(0.8 + 5 * LEXICAL_WEIGHT)


def test_parts_are_told_in_their_order() -> None:
    scored = Scored(1, 0.8, {Part.LEXICAL: 3.0, Part.TOKENS: 0.7, Part.DENSE: 0.9})
    assert list(scored.scores.items()) == [("dense", 0.9), ("tokens", 0.7), ("lexical", 3.0), ("rerank", 0.8)]
