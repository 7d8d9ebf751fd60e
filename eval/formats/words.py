"""How much of an expected text is there: words counted, in whatever order they come."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

# Scripts without spaces are compared character by character.
WORD = re.compile(
    r"[\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]|[^\W_\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+"
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two texts: how many words they have in common, and how many each has."""

    common: int
    expected: int
    found: int

    def __add__(self, other: "Overlap") -> "Overlap":
        """Return that of both pairs of texts together."""
        return Overlap(self.common + other.common, self.expected + other.expected, self.found + other.found)

    @property
    def recall(self) -> float:
        """Which share of the expected words was found."""
        return self.common / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Which share of the words that were found was expected."""
        return self.common / self.found if self.found else 1.0


def words_of(text: str) -> Counter[str]:
    """Return how often each word stands in a text, whatever its case and width."""
    return Counter(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def overlap(expected: Counter[str], found: Counter[str]) -> Overlap:
    """Return what two texts have in common."""
    return Overlap((expected & found).total(), expected.total(), found.total())
