"""Times that things took, in seconds: quantiles, and how they are told."""

from collections.abc import Sequence
from math import ceil


def p50(times: Sequence[float]) -> float:
    """Return within which time half of them were done; 0 if there are none."""
    return _quantile(times, 0.5)


def p99(times: Sequence[float]) -> float:
    """Return within which time 99 of 100 were done; 0 if there are none."""
    return _quantile(times, 0.99)


def times_text(times: Sequence[float]) -> str:
    """Return how many there are, and their quantiles in milliseconds."""
    return f"{len(times):,}, p50 {1000 * p50(times):.1f} ms, p99 {1000 * p99(times):.1f} ms" if times else "none"


def _quantile(times: Sequence[float], share: float) -> float:
    """Return the quantile by the nearest rank: of few times it is one of them, where others reckon beyond the last."""
    return sorted(times)[ceil(share * len(times)) - 1] if times else 0.0
