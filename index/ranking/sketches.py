"""What tells most texts apart at a glance: a set of bits for each, one for each run of so many letters and digits.

Texts of the same wording share most of them: a reprint changes a word here and there.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.ranking.tokens import simplified

Sketches = NDArray[np.uint64]

SHINGLE = 5
BITS = 4096
BYTES = BITS // 8
FAR_APART = 0.4
MIXING = np.uint64(0x9E3779B97F4A7C15)  # an odd number without a pattern: 2^64 over the golden ratio


def nearly_same(left: Sketches, right: Sketches) -> NDArray[np.bool_]:
    """Return of which pairs of texts the sketches share so much that the words have to be looked at.

    Args:
        left: of the one text of each pair, shape `(pairs, BITS / 64)`.
        right: of the other.
    """
    shared = np.bitwise_count(left & right).sum(axis=1, dtype=np.int64)
    in_all = np.bitwise_count(left | right).sum(axis=1, dtype=np.int64)
    found: NDArray[np.bool_] = shared >= FAR_APART * in_all
    return found


def sketches_of(texts: Sequence[str]) -> Sketches:
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
