"""BM25 as an inner product: the vectors of passages and questions whose dimensions are terms.

A passage has of each term what BM25 gives it for occurring so often in so long a passage, a question how rare it is.
The index of the database takes no more than so many dimensions, so some terms share one; and the average length is
that of when a passage was written. So it finds candidates only, whose scores are computed by the formula.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from index.terms.bm25 import K1, saturations
from index.terms.packing import PackedTerms

DIMENSIONS = 500_000  # the most that a sparse index of OceanBase takes

Weights = NDArray[np.float64]


def passage_vector(terms: PackedTerms, average: float) -> str:
    """Return the sparse vector of a passage as the database reads it.

    Args:
        terms: of the passage.
        average: how many terms passages have on average.
    """
    counts = terms.counts.astype(np.float64)
    weights = counts * (K1 + 1) / (counts + saturations(np.array([terms.length]), average))
    return _written(_dimensions(terms.digests), weights)


def question_vector(weights: Mapping[int, float]) -> str:
    """Return the sparse vector of a question as the database reads it.

    Args:
        weights: what each term counts, by its digest.
    """
    return _written(_dimensions(np.fromiter(weights, np.uint64)), np.fromiter(weights.values(), np.float64))


def _dimensions(digests: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (digests % np.uint64(DIMENSIONS)).astype(np.int64)


def _written(dimensions: NDArray[np.int64], weights: Weights) -> str:
    """Return a sparse vector in text; terms that share a dimension count together there."""
    each, places = np.unique(dimensions, return_inverse=True)
    sums: Iterable[float] = np.bincount(places, weights, len(each)).tolist()
    return "{" + ",".join(map("%d:%.4g".__mod__, zip(each.tolist(), sums, strict=True))) + "}"
