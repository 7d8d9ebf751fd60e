"""Texts that differ, in order, and which of them meet a comparison: found by bisection, arithmetic or their letters."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.filters.comparing import (
    IN_ORDER,
    ON_DAYS,
    ON_TEXTS,
    Operator,
    Wanted,
    compares_days,
    matching,
    number_of,
)
from index.filters.days import Days, days_of
from index.local.letters import Letters, Mask

REMEMBERED = 32  # comparisons of letters


class OrderedTexts:
    """Texts that do not change. Masks are of shape `(texts,)`; a text's rank is its place in the order.

    Attributes:
        texts: each once, ascending.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._compared = LRUCache[tuple[Operator, str], Mask](REMEMBERED)

    def meeting(self, column: str, how: Operator, wanted: Sequence[Wanted]) -> Mask:
        """Return which texts compare so with any that is wanted under a name; see `comparing.matches`."""
        met = np.zeros(len(self.texts), np.bool_)
        if how is Operator.IS and not compares_days(column, how):
            met[self._equal({each for each in wanted if isinstance(each, str)})] = True
            met[self._equal_numbers({each for each in wanted if not isinstance(each, str)})] = True
            return met
        for each in wanted:
            if compares_days(column, how):
                met |= ON_DAYS[how](self._days, _many_days([days_of(each)]))
            elif how is Operator.STARTS_WITH:
                met[self._beginning(str(each))] = True
            elif how in ON_TEXTS:
                met |= self._lettered(how, str(each))
            else:
                met |= self._in_order(how, each)
        return met

    def _equal(self, wanted: Collection[str]) -> list[int]:
        """Return the ranks of the texts that are wanted."""
        places = [(bisect_left(self.texts, text), text) for text in wanted]
        return [rank for rank, text in places if self.texts[rank : rank + 1] == [text]]

    def _equal_numbers(self, wanted: Collection[int | float]) -> list[int]:
        """Return the ranks of the texts in which a number that is wanted is written."""
        numbers = {number for each in wanted if (number := number_of(each)) is not None}
        if not numbers:
            return []
        near = np.flatnonzero(np.isin(self._numbers, [float(number) for number in numbers]))
        return [rank for rank in near.tolist() if number_of(self.texts[rank]) in numbers]

    def _beginning(self, text: str) -> slice:
        """Return where the texts are that begin so."""
        first = bisect_left(self.texts, text)
        return slice(first, bisect_right(self.texts, text, first, key=lambda each: each[: len(text)]))

    def _in_order(self, how: Operator, wanted: Wanted) -> Mask:
        """Return which texts stand so to what is wanted: numbers as numbers where both are, else as texts."""
        texts, text = self.texts, str(wanted)
        bisect = bisect_right if how in (Operator.LESS_OR_EQUAL, Operator.GREATER) else bisect_left
        below = np.arange(len(texts)) < bisect(texts, text)
        met = below if how in (Operator.LESS, Operator.LESS_OR_EQUAL) else ~below
        number = number_of(wanted)
        if number is None:
            return met
        return np.where(np.isnan(self._numbers), met, IN_ORDER[how](self._numbers, float(number)))

    def _lettered(self, how: Operator, wanted: str) -> Mask:
        """Return which texts have the letters wanted; what was wanted last is remembered."""
        if (how, wanted) not in self._compared:
            self._compared[how, wanted] = self._look_for(how, wanted)
        return self._compared[how, wanted]

    def _look_for(self, how: Operator, wanted: str) -> Mask:
        if how is Operator.MATCHES and ("?" in wanted or "*" not in wanted):
            return np.fromiter((matching(wanted)(text) is not None for text in self.texts), np.bool_)
        look = {
            Operator.CONTAINS: self._letters.containing,
            Operator.ENDS_WITH: self._letters.ending,
            Operator.MATCHES: self._letters.matching,
        }
        return look[how](wanted)

    @cached_property
    def _letters(self) -> Letters:
        return Letters(self.texts)

    @cached_property
    def _numbers(self) -> NDArray[np.float64]:
        """What number each text is, NaN where it is none."""
        found = (number_of(text) for text in self.texts)
        return np.fromiter((np.nan if each is None else each for each in found), np.float64)

    @cached_property
    def _days(self) -> "_ManyDays":
        """Which days each text may be."""
        return _many_days(list(map(days_of, self.texts)))


@dataclass(frozen=True, slots=True)
class _ManyDays:
    """The first and last day of each of many dates, counted from the year 1; compares as `Days` does."""

    first: NDArray[np.int32]
    last: NDArray[np.int32]


def _many_days(dates: Sequence[Days | None]) -> _ManyDays:
    # What is no date begins after all days and ends before them, so it compares with none.
    first = [date.max.toordinal() + 1 if each is None else each.first.toordinal() for each in dates]
    last = [0 if each is None else each.last.toordinal() for each in dates]
    return _ManyDays(np.array(first, np.int32), np.array(last, np.int32))
