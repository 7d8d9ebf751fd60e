"""The same text twice: a reprint is one answer with several sources, not several answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Key
from index.models.encoder import Vectors
from index.ranking.harmless import same_wording
from index.ranking.tokens import simplified
from index.ranking.wording import Wording

# The cosine of the vectors of two texts of the same wording is higher: of reprints made for tests, .958 and more by the
# model that comes inside.
ALIKE = 0.95
# Most pairs are told apart by a set of bits for each text, one for each run of so many letters and digits. Texts of
# the same wording share most of them: a reprint changes a word here and there.
SHINGLE = 5
BITS = 4096
FAR_APART = 0.4
MIXING = np.uint64(0x9E3779B97F4A7C15)  # an odd number without a pattern: 2^64 over the golden ratio


def fold(
    rows: Sequence[Key],
    vectors: Vectors,
    read_texts: Callable[[Sequence[Key]], Mapping[Key, str]],
    read_wordings: Callable[[Sequence[Key]], Mapping[Key, Wording]],
    k: int,
) -> list[list[int]]:
    """Return the `k` best passages, each with the later ones that are the same words, best first, by their places.

    Args:
        rows: keys of the passages, best first.
        vectors: their unit vectors, shape `(passages, dimension)`; only texts whose vectors nearly agree are read.
        read_texts: returns the search texts of some.
        read_wordings: returns what counts of some when they are compared; asked for texts that are nearly the same.
        k: how many.
    """
    alike = np.argwhere(np.tril(vectors @ vectors.T >= ALIKE, -1))
    twins = np.unique(alike).tolist()
    of_rows = read_texts([rows[place] for place in twins])
    near = alike[_nearly_same([of_rows[rows[place]] for place in twins], np.searchsorted(twins, alike))]
    wordings = read_wordings([rows[place] for place in np.unique(near).tolist()])

    def same(one: Key, other: Key) -> bool:
        return same_wording(wordings[one], wordings[other])

    earlier: dict[int, list[int]] = {}
    for later, before in near.tolist():
        earlier.setdefault(later, []).append(before)
    groups: dict[int, list[int]] = {}  # by the place of their best
    for place in range(len(rows)):
        heads = (before for before in earlier.get(place, ()) if before in groups)
        head = next((each for each in heads if same(rows[each], rows[place])), None)
        if head is not None:
            groups[head].append(place)
        elif len(groups) < k:
            groups[place] = [place]
    return list(groups.values())


def _nearly_same(texts: Sequence[str], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs of texts share so much that their words have to be looked at, shape `(pairs,)`.

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
    """Return a bit for each shingle of each text, at a place that depends on it alone, shape `(texts, BITS / 64)`.

    Shingles are of letters and digits, simplified and without case: what else there is, a reprint may change.
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.where(codes < len(_letters()), _letters()[np.minimum(codes, len(_letters()) - 1)], codes).astype(
        np.uint64
    )
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    codes, owners = codes[codes > 0], owners[codes > 0]
    count = max(0, len(codes) - SHINGLE + 1)
    digests = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        digests = (digests + codes[place : place + count]) * MIXING
    digests >>= np.uint64(32)
    inside = owners[:count] == owners[len(owners) - count :]
    marked = np.zeros((len(texts), BITS), dtype=np.bool_)
    marked[owners[:count][inside], digests[inside] % BITS] = True
    return np.packbits(marked, axis=1).view(np.uint64)


@cache
def _letters() -> NDArray[np.uint32]:
    """Return for each code point of the first plane what is compared of it; 0 for what is no letter or digit."""
    found = np.zeros(1 << 16, dtype=np.uint32)
    for code in range(len(found)):
        if chr(code).isalnum():
            found[code] = ord(chr(simplified().get(code, code)).lower()[0])
    return found
