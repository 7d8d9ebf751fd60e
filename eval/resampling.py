"""What chance does: intervals by bootstrap, and the test by random swaps, both of SciPy; everything seeded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000  # p is then exact to about 0.004 near 0.05, and so are the bounds of an interval
BATCH = 500  # resamples at a time, to keep memory small on large sets

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between the bounds of its 95 % interval."""

    low: float
    value: float
    high: float


def mean_interval(values: Sequence[float], seed: int = 0) -> Interval:
    """Return the mean of some values with its interval; of the differences of pairs, for a paired comparison.

    0 where there are no values. Efron, Bootstrap Methods: Another Look at the Jackknife, The Annals of Statistics 7(1),
    1979.
    """
    return _bootstrap(lambda drawn, axis: drawn.mean(axis=axis), values or [0.0], seed=seed)


def quantile_interval(values: Sequence[float], quantile: float = 0.5) -> Interval:
    """Return a quantile, the median unless told otherwise, with its interval."""
    return _bootstrap(lambda drawn, axis: np.quantile(drawn, quantile, axis=axis), values)


def ratio_interval(values: Sequence[float], others: Sequence[float]) -> Interval:
    """Return the ratio of the medians of two independent samples, with its interval."""
    return _bootstrap(lambda a, b, axis: np.median(a, axis=axis) / np.median(b, axis=axis), values, others)


def randomisation_test(before: Sequence[float], after: Sequence[float], seed: int) -> float:
    """Chance of a mean difference this large, either way, if each pair were as likely the other way round.

    Of few pairs all swaps are tried, else p = (b + 1) / (n + 1), where b of n random ones differ at least as much.
    Smucker, Allan, Carterette, A Comparison of Statistical Significance Tests for Information Retrieval Evaluation,
    CIKM 2007; Phipson, Smyth, Permutation P-values Should Never Be Zero, Statistical Applications in Genetics and
    Molecular Biology 9(1), 2010.
    """
    from scipy.stats import permutation_test  # only now: it takes a while

    gained = np.subtract(after, before)
    gained = gained[gained != 0]  # swapping the others changes nothing
    if len(gained) < 2:
        return 1.0
    test = permutation_test(
        (gained,),
        lambda drawn, axis: np.abs(drawn.sum(axis=axis)),
        permutation_type="samples",
        alternative="greater",
        n_resamples=RESAMPLES,
        batch=BATCH,
        vectorized=True,
        rng=seed,
    )
    return float(test.pvalue)


def _bootstrap(statistic: Callable[..., Any], *samples: Sequence[float], seed: int = 0) -> Interval:
    """Return a statistic of samples, drawn from independently, with its percentile interval."""
    from scipy.stats import bootstrap  # only now: it takes a while

    arrays: list[Floats] = [np.asarray(sample, dtype=np.float64) for sample in samples]
    value = float(statistic(*arrays, axis=-1))
    if min(map(len, arrays)) < 2:  # nothing to draw from
        return Interval(value, value, value)
    found = bootstrap(arrays, statistic, n_resamples=RESAMPLES, batch=BATCH, method="percentile", rng=seed)
    bounds = found.confidence_interval
    return Interval(float(bounds.low), value, float(bounds.high))
