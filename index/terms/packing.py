"""The terms of a passage as they are stored: digests, so that no text is taken apart again to be found."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from index.terms.terms import digest_of, sound_digest_of, sounds_of

HEAD, DIGEST, SOUND, COUNT = np.dtype("<u4"), np.dtype("<u8"), np.dtype("<u4"), np.dtype("<u1")
MOST = int(np.iinfo(COUNT).max)  # what occurs oftener would score less than 0.5 % more


@dataclass(frozen=True, slots=True, eq=False)
class PackedTerms:
    """The distinct terms of a passage, those that have a sound first, shape `(terms,)` each.

    Attributes:
        digests: of each term.
        sounds: the digest of how each sounds, of those that have a sound.
        counts: how often the passage holds each, at most `MOST`.
        length: how many terms the passage has, each as often as it occurs.
    """

    digests: NDArray[np.uint64]
    sounds: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    length: int


def pack_terms(terms: Mapping[str, int]) -> bytes:
    """Return the terms of a passage as they are stored, the same bytes for the same terms.

    Args:
        terms: how often the passage holds each.
    """
    sounds = sounds_of(terms)
    ordered = sorted(terms, key=lambda term: (term not in sounds, term))
    return b"".join(
        (
            np.array([len(sounds), sum(terms.values())], HEAD).tobytes(),
            np.array([digest_of(term) for term in ordered], DIGEST).tobytes(),
            np.array([sound_digest_of(sounds[term]) for term in ordered[: len(sounds)]], SOUND).tobytes(),
            np.array([min(terms[term], MOST) for term in ordered], COUNT).tobytes(),
        )
    )


def unpack_terms(data: bytes) -> PackedTerms:
    """Return stored terms.

    Raises:
        StoreDamaged: if the bytes are no whole number of terms.
    """
    head = 2 * HEAD.itemsize
    sounding, length = np.frombuffer(data, HEAD, 2).tolist() if len(data) >= head else (0, 0)
    terms, rest = divmod(len(data) - head - SOUND.itemsize * sounding, DIGEST.itemsize + COUNT.itemsize)
    if rest or terms < sounding:
        raise StoreDamaged(f"stored terms of {len(data)} bytes are damaged; run: wherefrom verify")
    after = head + DIGEST.itemsize * terms
    return PackedTerms(
        np.frombuffer(data, DIGEST, terms, head),
        np.frombuffer(data, SOUND, sounding, after),
        np.frombuffer(data, COUNT, terms, after + SOUND.itemsize * sounding),
        length,
    )
