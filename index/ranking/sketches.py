"""What tells most texts apart at a glance, and most reprints from others: bits of each text, and digests of its words.

There is a bit for each run of so many letters and digits. Texts of the same wording share most of them: a reprint
changes a word here and there. The digests are of the words that no reprint changes and of all that counts of a passage:
where the former differ two are not the same, and where the latter agree they are. They take as long to make as words do
to be compared, so only passages that are written to a file have them.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from index.ranking.harmless import unchanging
from index.ranking.tokens import simplified
from index.ranking.wording import Wording

Sketches = NDArray[np.uint64]
"""Of a text each: its bits, one number for the words that no reprint changes, and two for all that counts; these are 0
where they are not told. Shape `(texts, NUMBERS)`."""

SHINGLE = 5
BITS = 4096
BIT_NUMBERS = BITS // 64
NUMBERS = BIT_NUMBERS + 3
BYTES = NUMBERS * 8
FAR_APART = 0.4
MIXING = np.uint64(0x9E3779B97F4A7C15)  # an odd number without a pattern: 2^64 over the golden ratio


Pairs = NDArray[np.int64]
"""Places of two texts each, shape `(2, pairs)`."""


def nearly_same(sketches: Sketches, pairs: Pairs) -> tuple[Pairs, NDArray[np.bool_]]:
    """Return the pairs of texts that may be the same words, and which of them are known to be.

    Args:
        sketches: of all texts.
        pairs: of texts, by their places among these.
    """
    unchanging, whole = sketches[:, BIT_NUMBERS], sketches[:, BIT_NUMBERS + 1 :]
    left, right = unchanging[pairs]
    pairs = pairs[:, (left == right) | (left == 0) | (right == 0)]
    left, right = sketches[:, :BIT_NUMBERS][pairs]
    shared = np.bitwise_count(left & right).sum(axis=1, dtype=np.int64)
    in_all = np.bitwise_count(left | right).sum(axis=1, dtype=np.int64)
    pairs = pairs[:, shared >= FAR_APART * in_all]
    left, right = whole[pairs]
    return pairs, (left == right).all(axis=1) & left.any(axis=1)


def sketches_of(texts: Sequence[str], wordings: Sequence[Wording] | None = None) -> Sketches:
    """Return the sketches of some texts, with digests if it is told what counts of them."""
    sketches = np.zeros((len(texts), NUMBERS), np.uint64)
    sketches[:, :BIT_NUMBERS] = _bits(texts)
    for place, wording in enumerate(wordings or ()):
        sketches[place, BIT_NUMBERS:] = _digests(wording)
    return sketches


def _digests(wording: Wording) -> Sketches:
    """Return a digest of the words that no reprint changes, none where synonyms may, and one of all that counts."""
    words = "\n".join(unchanging(wording.body)).encode("utf-8", "surrogatepass")
    unchanged = bytes(8) if wording.synonyms else blake2b(words, digest_size=8).digest()
    *frames, synonyms = astuple(wording)
    whole = json.dumps([*frames, sorted(synonyms)]).encode()
    return np.frombuffer(unchanged + blake2b(whole, digest_size=16).digest(), np.uint64)


def _bits(texts: Sequence[str]) -> Sketches:
    """Return a bit for each shingle of each text, at a place that depends on it alone.

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
