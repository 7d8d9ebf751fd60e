"""The second seam: what finds candidates for a question. Ranking, folding and citing know nothing of it.

An index is derived from the truth and nothing else. It answers with keys of passages; what these say is read from the
truth by whoever asked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.store.stored import Key
from corpus.store.truth import Reader, Truth
from index.answer import IndexState
from index.filters.conditions import Condition
from index.manifest import Manifest
from index.models.encoder import Vectors
from index.ranking.seen import Seen
from index.terms.terms import LexicalQuestion


class Index(Protocol):
    """Passages by their vectors and their words; safe to use from several threads.

    `dense`, `lexical` and `scores` are asked inside a block of `refreshed`, by the thread whose block it is.
    """

    @property
    def exact(self) -> bool:
        """Whether the nearest vectors are found for certain; an index that is not finds .99 of the ten nearest."""
        ...

    @property
    def lexical_error(self) -> float:
        """By how much `scores` may differ from BM25 as the formula has it, as a share of the score; 0 where exact."""
        ...

    @property
    def stale(self) -> bool:
        """Whether what `save` wrote last holds passages that are deleted or replaced, or has to be written again."""
        ...

    @property
    def unsaved(self) -> int:
        """How many passages came or went since what is derived was kept: so many the next start has to read."""
        ...

    def refreshed(self, reader: Reader) -> AbstractContextManager[IndexState]:
        """A block in which the index is what a reader of the truth sees, and stays so; it names that state.

        Raises:
            IndexMismatch: if the truth was built anew with another manifest meanwhile.
        """
        ...

    def dense(self, vector: Vectors, k: int, condition: Condition | None) -> list[Key]:
        """Return the `k` passages whose vectors are nearest to a unit vector, nearest first, ties by key.

        Args:
            vector: shape `(dimension,)`.
            k: how many; fewer come back where fewer meet the condition.
            condition: what passages must meet, if anything.

        Raises:
            InvalidInput: if the condition is on metadata that no document has.
        """
        ...

    def lexical(self, question: LexicalQuestion, k: int, condition: Condition | None) -> list[Key]:
        """Return the `k` passages of the highest BM25 scores above 0, highest first, ties by key; see `dense`."""
        ...

    def scores(self, question: LexicalQuestion, keys: Sequence[Key]) -> dict[Key, float]:
        """Return the BM25 scores of some passages, 0 where none of the terms occurs."""
        ...

    def seen(self, reader: Reader, keys: Sequence[Key]) -> Seen:
        """Return what ranking sees of some passages first, in any block or in none; see `FeatureReader`.

        Args:
            reader: of the truth; what of a passage is seen never changes, so it may be of any state that has them.
            keys: of the passages; at least one.
        """
        ...

    def save(self) -> None:
        """Keep what was derived, so that the next start need not derive it again."""
        ...

    def heal(self) -> None:
        """Derive anew what is missing or damaged, and keep it, where it can be kept."""
        ...

    def problems(self, reader: Reader) -> Iterator[str]:
        """Yield what of the derived is not as the truth has it."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Where documents are kept, and what finds their passages.

    Attributes:
        open_truth: opens the truth of a data folder, and makes one if told to; raises NotFound where there is none.
        open_index: opens the index of a truth, a manifest and a data folder.
    """

    open_truth: Callable[[Path, bool], AbstractContextManager[Truth]]
    open_index: Callable[[Truth, Manifest, Path], Index]
