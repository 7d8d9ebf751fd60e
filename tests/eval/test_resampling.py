"""What chance does: intervals that hold the truth as often as they say, and a test with known answers."""

from collections.abc import Sequence

import numpy as np
import pytest

from eval.resampling import Interval, mean_interval, quantile_interval, randomisation_test, ratio_interval


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    values = np.random.default_rng(3).normal(0.2, 1, 80)
    ours, error = mean_interval(values.tolist(), seed=5), values.std() / len(values) ** 0.5
    assert ours.value == pytest.approx(values.mean())
    assert (ours.low, ours.high) == pytest.approx((ours.value - 1.96 * error, ours.value + 1.96 * error), abs=0.03)
    assert mean_interval(values.tolist(), seed=5) == ours != mean_interval(values.tolist(), seed=6)


def test_about_95_of_100_intervals_hold_the_mean() -> None:
    random = np.random.default_rng(7)
    intervals = [mean_interval(random.normal(1, 2, 60).tolist()) for _ in range(100)]
    assert 88 <= sum(each.low <= 1 <= each.high for each in intervals) <= 100


def test_of_nothing_the_mean_is_zero() -> None:
    assert mean_interval([]) == Interval(0, 0, 0)
    assert mean_interval([0.5]) == mean_interval([0.5] * 9) == Interval(0.5, 0.5, 0.5)


def test_a_median_and_a_ratio_stand_between_their_bounds() -> None:
    median = quantile_interval([1.0, 2.0, 3.0, 4.0, 100.0])
    assert median.low <= median.value == 3 <= median.high
    assert quantile_interval([1.0, 2.0, 3.0, 4.0, 100.0], 0.99).value > 90
    ratio = ratio_interval([2.0, 4.0, 6.0], [1.0, 2.0, 3.0, 2.0])
    assert ratio.low <= ratio.value == 2 <= ratio.high


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([0.0] * 4, [1.0] * 4, 2 / 16, id="four gains: two of sixteen sign patterns are as extreme"),
        pytest.param([0.0, 1.0], [1.0, 0.0], 1.0, id="what is won here is lost there"),
        pytest.param([0.1] * 9, [0.1] * 9, 1.0, id="no difference"),
        pytest.param([], [], 1.0, id="nothing to compare"),
    ],
)
def test_the_randomisation_test(before: Sequence[float], after: Sequence[float], expected: float) -> None:
    assert randomisation_test(before, after, seed=0) == pytest.approx(expected, abs=0.02)


def test_p_is_never_zero() -> None:
    assert 0 < randomisation_test([0.0] * 100, [1.0] * 100, seed=0) < 0.001
