"""One score from many, against the sums written out."""

import pytest

from index.query import Signal
from index.ranking.signals import LEXICAL_WEIGHT, Candidate, fuse


def test_what_counts_is_what_is_given() -> None:
    assert fuse({Signal.DENSE: 0.8}, 0) == 0.8
    assert fuse({Signal.LEXICAL: 10.0}, 10) == 10.0
    assert fuse({Signal.DENSE: 0.8, Signal.SENTENCE: 0.6}, 0) == pytest.approx(0.7)
    assert fuse({Signal.DENSE: 0.8, Signal.LEXICAL: 10.0}, 20) == pytest.approx(0.8 + LEXICAL_WEIGHT / 2)
    assert fuse({Signal.DENSE: 0.8, Signal.LEXICAL: 0.0}, 0) == pytest.approx(0.8)


def test_the_vector_of_the_passage_counts_until_tokens_are_compared() -> None:
    cosines = {Signal.DENSE: 0.1, Signal.SENTENCE: 0.9, Signal.TOKENS: 0.7}
    assert fuse({**cosines, Signal.LEXICAL: 5.0}, 5) == pytest.approx(0.8 + LEXICAL_WEIGHT)
    assert fuse({**cosines, Signal.SENTENCE_TOKENS: 0.5}, 0) == pytest.approx(0.75), "tokens count as one"


def test_parts_are_told_in_their_order() -> None:
    scored = Candidate(1, 0.8, {Signal.LEXICAL: 3.0, Signal.TOKENS: 0.7, Signal.DENSE: 0.9})
    assert list(scored.scores.items()) == [("dense", 0.9), ("tokens", 0.7), ("lexical", 3.0), ("rerank", 0.8)]
