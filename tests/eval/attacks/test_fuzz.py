"""Whatever bytes a stranger sends, a reader takes or refuses them soon, and keeps what is promised of what it takes."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.attacks.seeds import seeds
from eval.attacks.targets import TARGETS, try_input

MOST_SECONDS = 5.0  # of CPU for one input


def changed(data: st.DataObject, seed: bytes) -> bytes:
    """Return a seed with some of it taken out, put in or repeated."""
    for _ in range(data.draw(st.integers(0, 3))):
        start, end = sorted((data.draw(st.integers(0, len(seed))), data.draw(st.integers(0, len(seed)))))
        middle = data.draw(
            st.one_of(st.binary(max_size=8), st.just(seed[start:end] * 3), st.text(max_size=8).map(str.encode))
        )
        seed = seed[:start] + middle + seed[end:]
    return seed


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40)
@given(st.data())
def test_no_input_is_too_much(target: str, data: st.DataObject) -> None:
    given_bytes = changed(data, data.draw(st.sampled_from(list(seeds(target)))))
    started = process_time()
    try_input(target, given_bytes)
    assert process_time() - started < MOST_SECONDS


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_takes_what_it_is_fuzzed_from(target: str) -> None:
    assert any([try_input(target, seed) for seed in seeds(target)])
