"""What a lexical engine does in the comparison, and our own engine doing it.

All engines get the same terms, and none has a say in what a term is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np

from index.local.bm25 import LexicalIndex, LexicalQuestion
from index.terms.terms import SOUND

Terms = Sequence[str]
BATCH = 1_000  # passages that our own engine is given at a time, as when an index is built


class NoUpdate(Exception):
    """The engine can only be built anew."""


def plain_terms(question: LexicalQuestion) -> list[str]:
    """Return the terms that every engine can look for: sounds and sets of synonyms are ours alone."""
    return [term for term in question.terms if not term.startswith(SOUND)]


class LexicalEngine(Protocol):
    """An engine whose passages are numbered from 0 in the order they were given.

    Attributes:
        module: what must be installed for it.
    """

    module: ClassVar[str]

    def build(self, folder: Path, passages: Iterable[Terms]) -> None:
        """Index passages and keep the index in a folder."""
        ...

    def open(self, folder: Path) -> None:
        """Open the index of a folder for questions."""
        ...

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        ...

    def replace(self, passages: Mapping[int, Terms], first: int) -> None:
        """Put other passages, numbered from `first`, in the place of some, so that the next question sees them.

        Raises:
            NoUpdate: if the engine can only be built anew.
        """
        ...


class Wherefrom:
    """The engine of this project, asked with the terms alone as the others are."""

    module: ClassVar[str] = "index"

    def build(self, folder: Path, passages: Iterable[Terms]) -> None:
        """Index passages and keep the index in a folder."""
        index, waiting, first = LexicalIndex(), iter(passages), 0
        while some := [Counter(terms) for terms in islice(waiting, BATCH)]:
            index.add_terms(range(first, first + len(some)), some)
            first += len(some)
        (folder / "index").write_bytes(index.to_bytes())

    def open(self, folder: Path) -> None:
        """Open the index of a folder for questions."""
        self._index = LexicalIndex.from_bytes((folder / "index").read_bytes())

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        return self._index.score(LexicalQuestion(plain_terms(question), ())).top(k)

    def replace(self, passages: Mapping[int, Terms], first: int) -> None:
        """Put other passages, numbered from `first`, in the place of some."""
        self._index.remove(np.array(list(passages), dtype=np.int64))
        self._index.add_terms(range(first, first + len(passages)), [Counter(terms) for terms in passages.values()])


class WherefromWhole(Wherefrom):
    """The engine of this project, asked with sounds and synonyms too, which the others cannot be."""

    def ask(self, question: LexicalQuestion, k: int) -> list[int]:
        """Return the numbers of the `k` best passages, best first."""
        return self._index.score(question).top(k)
