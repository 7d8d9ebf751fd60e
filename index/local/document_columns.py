"""What conditions are about, in columns: the facts of documents, and the years their passages speak of.

It finds the passages that meet a condition. It is told of documents as they come and go, and knows no store.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from corpus.document import DocumentFacts
from index.filters.conditions import And, Comparison, Condition, Not
from index.filters.names import YEARS, check_names, texts_of
from index.local.column import Column, Numbers
from index.local.letters import Mask

Keys = NDArray[np.int64]

# What is said of documents that are gone stays until they are one in so many.
MOST_DEAD = 4


class DocumentColumns:
    """Documents with their facts and passages; each has a number, which it keeps until others are cleared away."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # of each document's id
        self._alive = bytearray()  # whether each document is held
        self._own: list[tuple[str, ...]] = []  # the keys of each document's own metadata
        self._own_keys = Counter[str]()  # how many documents have each
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._columns: dict[str, Column] = {}
        # Of each passage its key, the number of its document, and the years.
        self._keys = array("q")
        self._owners = array("i")
        self._years = Column(YEARS)
        self._ascending = True

    def __len__(self) -> int:
        """How many documents are held."""
        return len(self._numbers)

    def add(self, facts: DocumentFacts, keys: Sequence[int], years: Mapping[int, Collection[int]]) -> None:
        """Add a document, in place of the one of its id if there is one.

        Args:
            facts: what is known of it.
            keys: of its passages, none of which is held.
            years: that each passage speaks of, by its key; none where it is not among them.
        """
        self.remove(facts.document_id)
        number = self._numbers[facts.document_id] = len(self._alive)
        self._alive.append(True)
        own = tuple(facts.metadata)
        self._own.append(self._shared.setdefault(own, own))
        self._own_keys.update(own)
        for name, texts in texts_of(facts):
            if texts:
                if name not in self._columns:
                    self._columns[name] = Column(name)
                self._columns[name].add(number, texts)
        for key in keys:
            self._years.add(len(self._keys), list(map(str, years.get(key, ()))))
            self._ascending &= not self._keys or self._keys[-1] < key
            self._keys.append(key)
            self._owners.append(number)

    def remove(self, document_id: str) -> Keys:
        """Remove the document of an id and return the keys of its passages, none if it is not held."""
        number = self._numbers.pop(document_id, None)
        if number is None:
            return np.empty(0, np.int64)
        keys: Keys = self._all_keys()[self._all_owners() == number]
        self._alive[number] = False
        self._own_keys.subtract(self._own[number])
        if (len(self._alive) - len(self)) * MOST_DEAD > len(self._alive):
            self._clear_away()
        return keys

    def settle(self) -> None:
        """Put everything in order now, so that no question waits for it."""
        for column in [*self._columns.values(), self._years]:
            column.settle()

    def select(self, condition: Condition) -> Keys:
        """Return the keys of the passages that meet a condition, ascending.

        Raises:
            InvalidInput: if it is on metadata that no document has.
        """
        columns = {each.column for each in condition.comparisons()}
        check_names(columns, {key for key, count in self._own_keys.items() if count})
        lifted = YEARS in columns
        met, owners = self._meeting(condition, lifted), self._all_owners()
        passages = met & self._living()[owners] if lifted else (met & self._living())[owners]
        found = self._all_keys()[passages]
        return found if self._ascending else np.sort(found)

    def _meeting(self, condition: Condition, lifted: bool) -> Mask:
        """Return which documents meet a condition, or which passages, if it is `lifted` to them."""
        if isinstance(condition, Comparison):
            return self._comparing(condition, lifted)
        if isinstance(condition, Not):
            return ~self._meeting(condition.condition, lifted)
        masks = [self._meeting(each, lifted) for each in condition.conditions]
        size = len(self._keys) if lifted else len(self._alive)
        join = np.logical_and if isinstance(condition, And) else np.logical_or
        return reduce(join, masks, np.full(size, isinstance(condition, And)))

    def _comparing(self, comparison: Comparison, lifted: bool) -> Mask:
        if comparison.column == YEARS:
            return self._years.meeting(comparison, len(self._keys))
        column = self._columns.get(comparison.column, Column(comparison.column))
        documents = column.meeting(comparison, len(self._alive))
        return documents[self._all_owners()] if lifted else documents

    def _clear_away(self) -> None:
        """Number the documents and passages that are held anew, and forget all others."""
        living = self._living()
        passages = living[self._all_owners()]
        numbers = _renumbered(living)
        for column in self._columns.values():
            column.keep(numbers)
        self._years.keep(_renumbered(passages))
        self._keys = array("q", self._all_keys()[passages].tobytes())
        self._owners = array("i", numbers[self._all_owners()][passages].tobytes())
        self._own = [own for own, alive in zip(self._own, living.tolist(), strict=True) if alive]
        self._numbers = {document_id: int(numbers[number]) for document_id, number in self._numbers.items()}
        self._alive = bytearray(b"\1" * len(self._numbers))
        self._columns = {name: column for name, column in self._columns.items() if column}

    # Views of what grows: they are let go of before it grows again.

    def _living(self) -> Mask:
        return np.frombuffer(self._alive, np.bool_)

    def _all_keys(self) -> Keys:
        return np.frombuffer(self._keys, np.int64)

    def _all_owners(self) -> Numbers:
        return np.frombuffer(self._owners, np.int32)


def _renumbered(kept: Mask) -> Numbers:
    """Return new numbers, from 0, for what is kept, -1 for the rest."""
    return np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
