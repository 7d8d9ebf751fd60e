"""What chance does: intervals by bootstrap, and the test by random swaps; everything seeded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000  # p is then exact to about 0.004 near 0.05, and so are the bounds of an interval
BATCH = 500  # resamples at a time, to keep memory small on large sets
BOUNDS = (0.025, 0.975)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between the bounds of its 95 % interval."""

    low: float
    value: float
    high: float


def bootstrap(
    statistic: Callable[..., Floats], *samples: Sequence[float], seed: int = 0, resamples: int = RESAMPLES
) -> Interval:
    """Return a statistic of samples with its 95 % percentile interval.

    Each sample is drawn from anew, with replacement, independently of the others; for pairs give one sample, of their
    differences. Efron, Bootstrap Methods: Another Look at the Jackknife, The Annals of Statistics 7(1), 1979.

    Args:
        statistic: of arrays of shape `(resamples, length)`, one a sample, along the last axis: shape `(resamples,)`.
        samples: one or more, none of them empty.
        seed: of the draws; the same one draws the same.
        resamples: how often to draw.
    """
    held = [np.asarray(sample, dtype=np.float64) for sample in samples]
    random = np.random.default_rng(seed)
    drawn: list[Floats] = []
    for _ in range(0, resamples, BATCH):
        drawn.append(statistic(*(each[random.integers(len(each), size=(BATCH, len(each)))] for each in held)))
    low, high = np.quantile(np.concatenate(drawn), BOUNDS)
    return Interval(float(low), float(statistic(*(each[None] for each in held))[0]), float(high))


def mean_interval(values: Sequence[float], seed: int = 0) -> Interval:
    """Return the mean of some values with its interval, all 0 where there are none."""
    return bootstrap(lambda drawn: drawn.mean(axis=-1), values or [0.0], seed=seed)


def quantile_interval(values: Sequence[float], quantile: float = 0.5) -> Interval:
    """Return a quantile, the median unless told otherwise, with its interval."""
    return bootstrap(lambda drawn: np.quantile(drawn, quantile, axis=-1), values, resamples=1_000)


def ratio_interval(values: Sequence[float], others: Sequence[float]) -> Interval:
    """Return the ratio of the medians of two independent samples, with its interval."""
    return bootstrap(lambda a, b: np.median(a, axis=-1) / np.median(b, axis=-1), values, others, resamples=1_000)


def randomisation_test(before: Sequence[float], after: Sequence[float], seed: int) -> float:
    """Chance of a mean difference this large, either way, if each pair were as likely the other way round.

    p = (b + 1) / (n + 1), where b of n random swaps of pairs differ at least as much; never 0, for the pairs
    as they are count among the n + 1. Smucker, Allan, Carterette, A Comparison of Statistical Significance
    Tests for Information Retrieval Evaluation, CIKM 2007; Phipson, Smyth, Permutation P-values Should Never
    Be Zero, Statistical Applications in Genetics and Molecular Biology 9(1), 2010.
    """
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    differences = differences[differences != 0]  # swapping these changes nothing
    # What differs only by the order of summing is equal.
    threshold = abs(differences.sum()) - 1e-9
    random = np.random.default_rng(seed)
    as_large = 0
    for _ in range(0, RESAMPLES, BATCH):
        signs = random.choice((-1.0, 1.0), size=(BATCH, len(differences)))
        as_large += int(np.count_nonzero(np.abs(signs @ differences) >= threshold))
    return (as_large + 1) / (RESAMPLES + 1)
