"""The same text twice: a reprint is one answer with several sources, not several answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np

from index.encoder import Vectors
from index.fusion import Scored
from index.terms import number_terms

SHINGLE = 5  # characters; long enough that only the same wording shares them
# The cosine of the vectors of two texts of the same wording is higher, by whatever model.
ALIKE = 0.95
# Of all shingles of two texts, how many they must share: a reprint changes a word here and there.
SAME = 0.8
# Most pairs are told apart by a sample of their shingles: of this many in each, texts that share 0.8 of all seldom
# share less than 0.55 (four standard deviations), and comparing all takes ten times as long.
ENOUGH = 32
FAR_APART = 0.55
MIXING = np.uint64(0x9E3779B97F4A7C15)  # an odd number without a pattern: 2^64 over the golden ratio

T = TypeVar("T")


def fold(
    scored: Sequence[Scored], vectors: Vectors, read_texts: Callable[[Sequence[int]], Mapping[int, str]], k: int
) -> list[list[Scored]]:
    """Return the `k` best passages, each with the later ones that say the same, best first.

    Args:
        scored: the passages, best first.
        vectors: their unit vectors, shape `(passages, dimension)`; only texts whose vectors nearly agree are read.
        read_texts: returns the search texts of rows.
        k: how many.
    """
    alike = (vectors @ vectors.T >= ALIKE).tolist()
    twins = [each.row for each, others in zip(scored, alike, strict=True) if sum(others) > 1]
    texts = read_texts(twins) if twins else {}
    groups: list[list[int]] = []
    for place, each in enumerate(scored):
        near = (group for group in groups if alike[place][group[0]])
        group = next((group for group in near if same_text(texts[scored[group[0]].row], texts[each.row])), None)
        if group is not None:
            group.append(place)
        elif len(groups) < k:
            groups.append([place])
    return [[scored[place] for place in group] for group in groups]


def same_text(one: str, other: str) -> bool:
    """Return whether two texts have nearly the same wording and exactly the same numbers.

    Wording is compared by the Jaccard index of shingles (Broder, 1997). Numbers must agree, for a report that
    differs from last year's in its figures alone answers another question.
    """
    if one == other:
        return True
    if min(len(one), len(other)) < SAME * max(len(one), len(other)):
        return False
    left, right = _sketch(one), _sketch(other)
    if min(len(left), len(right)) >= ENOUGH and _jaccard(left, right) < FAR_APART:
        return False
    return _jaccard(_shingles(one), _shingles(other)) >= SAME and _numbers(one) == _numbers(other)


def _jaccard(left: frozenset[T], right: frozenset[T]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


@lru_cache(maxsize=1024)
def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1)))


@lru_cache(maxsize=4096)
def _sketch(text: str) -> frozenset[int]:
    """Return the digests of about an eighth of a text's shingles: those that are a multiple of eight."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    count = max(0, len(codes) - SHINGLE + 1)
    digests = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        digests = (digests + codes[place : place + count]) * MIXING
    digests >>= np.uint64(32)
    return frozenset(digests[digests % 8 == 0].tolist())


@lru_cache(maxsize=1024)
def _numbers(text: str) -> Sequence[str]:
    return sorted(number_terms(text))
