"""A question in other words beside the question itself: what both come to, by the formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Signal
from index.ranking.rewording import Rewording
from index.ranking.signals import EncodedQuestion

NOTHING = np.empty((0, 4), np.float32)
QUESTION = EncodedQuestion("?", np.full(4, 0.5, np.float32), NOTHING, NOTHING[:, 0])
COSINES = st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=5)


def test_the_other_words_count_by_their_weight() -> None:
    own = {Signal.DENSE: np.array([0.8, 0.2]), Signal.LEXICAL: np.array([12.0, 0.0])}
    others = {Signal.DENSE: np.array([0.5, 0.8])}
    mixed = Rewording(QUESTION, 0.5).mixed(own, others)
    assert mixed[Signal.DENSE].tolist() == pytest.approx([(0.8 + 0.25) / 1.5, (0.2 + 0.4) / 1.5])
    assert mixed[Signal.LEXICAL].tolist() == [12.0, 0.0], "its words are not looked for a second time"
    assert list(mixed) == [Signal.DENSE, Signal.LEXICAL]


@given(pairs=COSINES, weight=st.floats(0, 1))
def test_what_both_come_to_lies_between_them(pairs: list[tuple[float, float]], weight: float) -> None:
    mine, theirs = (np.array(column) for column in zip(*pairs, strict=True))
    mixed = Rewording(QUESTION, weight).mixed({Signal.TOKENS: mine}, {Signal.TOKENS: theirs})[Signal.TOKENS]
    assert (mixed <= np.maximum(mine, theirs) + 1e-12).all()
    assert (mixed >= np.minimum(mine, theirs) - 1e-12).all()
    assert (np.abs(mixed - mine) <= np.abs(mixed - theirs) + 1e-12).all(), "nearer to the question as it was asked"


def test_without_weight_a_question_is_as_it_was_asked_and_with_all_of_it_both_count_alike() -> None:
    own, others = {Signal.SENTENCE: np.array([0.25, 0.75])}, {Signal.SENTENCE: np.array([0.75, -0.25])}
    assert Rewording(QUESTION, 0.0).mixed(own, others)[Signal.SENTENCE].tolist() == [0.25, 0.75]
    assert Rewording(QUESTION, 1.0).mixed(own, others)[Signal.SENTENCE].tolist() == [0.5, 0.25]
