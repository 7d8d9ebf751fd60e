"""Which of many texts hold some letters: looked for in all of them at once, laid end to end as bytes of UTF-8.

A text is found where its bytes are, for no letter's bytes begin in the middle of another's.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

SAMPLE = 16  # of so many bytes one tells how rare each is
RAREST = 3  # bytes of what is looked for that are looked for everywhere; the others only where these are


class Letters:
    """The letters of some texts. Masks are of shape `(texts,)`."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [_encoded(text) for text in texts]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        self._bytes = np.frombuffer(b"".join(encoded), np.uint8)
        self._ends: Places = np.cumsum(lengths)
        self._starts: Places = self._ends - lengths
        self._counts = np.bincount(self._bytes[::SAMPLE], minlength=256)

    def containing(self, text: str) -> Mask:
        """Return which texts hold a text that is not empty."""
        places, length = self._places(text), len(_encoded(text))
        ranks = np.searchsorted(self._ends, places, side="right")
        met = np.zeros(len(self._ends), np.bool_)
        met[ranks[places + length <= self._ends[ranks]]] = True  # what goes beyond an end is of two texts
        return met

    def ending(self, text: str) -> Mask:
        """Return which texts end so."""
        return self._standing(text, self._ends - len(_encoded(text)))

    def matching(self, glob: str) -> Mask:
        """Return which texts match a glob with stars and no question marks.

        What stands between stars is taken where it is found first; if that does not lead to a match, nothing does.
        """
        first, *middle, last = re.split(r"\*+", glob)
        met = self._standing(first, self._starts)
        reached = self._starts + len(_encoded(first))
        for part in middle:
            places = np.append(self._places(part), len(self._bytes))
            reached = places[np.searchsorted(places[:-1], reached)] + len(_encoded(part))
            met &= reached <= self._ends
        at = self._ends - len(_encoded(last))
        return met & (reached <= at) & self._standing(last, at)

    def _places(self, text: str) -> Places:
        """Return where all the bytes of a text begin, ascending."""
        wanted = np.frombuffer(_encoded(text), np.uint8)
        size = len(self._bytes) - len(wanted) + 1
        if size <= 0:
            return np.empty(0, np.int64)
        first, *others = np.argsort(self._counts[wanted], kind="stable").tolist()
        found = self._bytes[first : first + size] == wanted[first]
        for place in others[: RAREST - 1]:
            found &= self._bytes[place : place + size] == wanted[place]
        places = np.flatnonzero(found)
        for place in others[RAREST - 1 :]:
            places = places[self._bytes[places + place] == wanted[place]]
        return places

    def _standing(self, text: str, at: Places) -> Mask:
        """Return in which texts a text stands at the place given for each."""
        wanted = _encoded(text)
        ranks = np.flatnonzero((at >= self._starts) & (at + len(wanted) <= self._ends))
        for place, byte in enumerate(wanted):
            ranks = ranks[self._bytes[at[ranks] + place] == byte]
        met = np.zeros(len(at), np.bool_)
        met[ranks] = True
        return met


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
