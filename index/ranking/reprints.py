"""The same text twice: a reprint is one answer with several sources, not several answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.terms.terms import number_terms

SHINGLE = 5  # characters; long enough that only the same wording shares them
# The cosine of the vectors of two texts of the same wording is higher, by whatever model.
ALIKE = 0.95
# Of all shingles of two texts, how many they must share: a reprint changes a word here and there.
SAME = 0.8
# Most pairs are told apart by a set of bits for each text, one for each shingle. Shingles that fall on the same bit
# make texts look a little more alike, or less by no more than the difference of these.
BITS = 4096
FAR_APART = 0.7
MIXING = np.uint64(0x9E3779B97F4A7C15)  # an odd number without a pattern: 2^64 over the golden ratio


def fold(
    rows: Sequence[int], vectors: Vectors, read_texts: Callable[[Sequence[int]], Mapping[int, str]], k: int
) -> list[list[int]]:
    """Return the `k` best passages, each with the later ones that say the same, best first, by their places.

    Args:
        rows: of the passages, best first.
        vectors: their unit vectors, shape `(passages, dimension)`; only texts whose vectors nearly agree are read.
        read_texts: returns the search texts of rows.
        k: how many.
    """
    alike = np.argwhere(np.tril(vectors @ vectors.T >= ALIKE, -1))
    twins = np.unique(alike).tolist()
    of_rows = read_texts([rows[place] for place in twins])
    texts = [of_rows[rows[place]] for place in twins]
    earlier: dict[int, list[int]] = {}
    for later, before in alike[_nearly_same(texts, np.searchsorted(twins, alike))].tolist():
        earlier.setdefault(later, []).append(before)
    text_at = dict(zip(twins, texts, strict=True))
    groups: dict[int, list[int]] = {}  # by the place of their best
    for place in range(len(rows)):
        heads = (before for before in earlier.get(place, ()) if before in groups)
        head = next((each for each in heads if same_text(text_at[each], text_at[place])), None)
        if head is not None:
            groups[head].append(place)
        elif len(groups) < k:
            groups[place] = [place]
    return list(groups.values())


def same_text(one: str, other: str) -> bool:
    """Return whether two texts have nearly the same wording and exactly the same numbers.

    Wording is compared by the Jaccard index of shingles (Broder, 1997). Numbers must agree, for a report that
    differs from last year's in its figures alone answers another question.
    """
    if one == other:
        return True
    if min(len(one), len(other)) < SAME * max(len(one), len(other)):
        return False
    left, right = _shingles(one), _shingles(other)
    shared = len(left & right)
    return shared >= SAME * (len(left) + len(right) - shared) and _numbers(one) == _numbers(other)


def _nearly_same(texts: Sequence[str], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs of texts `same_text` has to look at, shape `(pairs,)`.

    Args:
        texts: any.
        pairs: of places in `texts`, shape `(pairs, 2)`.
    """
    bits = _bits(texts)
    left, right = bits[pairs[:, 0]], bits[pairs[:, 1]]
    shared = np.bitwise_count(left & right).sum(axis=1, dtype=np.int64)
    in_all = np.bitwise_count(left | right).sum(axis=1, dtype=np.int64)
    found: NDArray[np.bool_] = shared >= FAR_APART * in_all
    return found


def _bits(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return a bit for each shingle of each text, at a place that depends on it alone, shape `(texts, BITS / 64)`."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    count = max(0, len(codes) - SHINGLE + 1)
    digests = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        digests = (digests + codes[place : place + count]) * MIXING
    digests >>= np.uint64(32)
    inside = owners[:count] == owners[len(owners) - count :]
    marked = np.zeros((len(texts), BITS), dtype=np.bool_)
    marked[owners[:count][inside], digests[inside] % BITS] = True
    return np.packbits(marked, axis=1).view(np.uint64)


@lru_cache(maxsize=1024)
def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1)))


@lru_cache(maxsize=1024)
def _numbers(text: str) -> Sequence[str]:
    return sorted(number_terms(text))
