"""How a text that a document has compares with a value that is wanted: as dates, as numbers or as texts."""

import operator
import re
from collections.abc import Callable, Mapping
from enum import StrEnum, auto
from fnmatch import translate
from functools import lru_cache
from math import isfinite
from typing import Any

from index.filters.days import days_of
from index.filters.names import PUBLISHED

Wanted = str | int | float


class Operator(StrEnum):
    """How a value of a document is compared with one that is wanted."""

    IS = auto()
    CONTAINS = auto()
    STARTS_WITH = auto()
    ENDS_WITH = auto()
    MATCHES = auto()  # a glob: `*` stands for any characters, `/` among them, and `?` for one
    LESS = auto()
    LESS_OR_EQUAL = auto()
    GREATER = auto()
    GREATER_OR_EQUAL = auto()
    BEFORE = auto()
    AFTER = auto()
    EMPTY = auto()


def matches(column: str, how: Operator, held: str, wanted: Wanted) -> bool:
    """Return whether a text compares so with what is wanted under a name."""
    if compares_days(column, how):
        days, wanted_days = days_of(held), days_of(wanted)
        return days is not None and wanted_days is not None and bool(ON_DAYS[how](days, wanted_days))
    if how in ON_TEXTS:
        return ON_TEXTS[how](held, str(wanted))
    if how is Operator.IS:  # ids are texts, and 007 is not 7
        return held == wanted if isinstance(wanted, str) else number_of(held) == wanted
    number, wanted_number = number_of(held), number_of(wanted)
    if number is None or wanted_number is None:
        return bool(IN_ORDER[how](held, str(wanted)))
    return bool(IN_ORDER[how](float(number), float(wanted_number)))


def compares_days(column: str, how: Operator) -> bool:
    """Return whether days are compared: always where the operator speaks of them, and when documents appeared."""
    return how in (Operator.BEFORE, Operator.AFTER) or (column == PUBLISHED and how in ON_DAYS)


def number_of(value: Wanted) -> int | float | None:
    """Return the number that a value is or is written as, exact if it is a whole one, `None` if it is none."""
    try:
        number = _number_in(value) if isinstance(value, str) else value
        return number if isfinite(number) else None
    except (ValueError, OverflowError):  # no number, or one beyond what is compared with
        return None


def _number_in(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


@lru_cache(64)
def matching(glob: str) -> Callable[[str], object]:
    """Return what tells whether a text matches a glob. Brackets stand for themselves: names of files have them."""
    return re.compile(translate(glob.replace("[", "[[]"))).match


# What compares days takes many first and last days at once, too. A date that is known to the year or month only
# compares as any of its days may.
ON_DAYS: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.IS: lambda held, wanted: (held.first <= wanted.last) & (held.last >= wanted.first),
    Operator.LESS: lambda held, wanted: held.first < wanted.first,
    Operator.BEFORE: lambda held, wanted: held.first < wanted.first,
    Operator.LESS_OR_EQUAL: lambda held, wanted: held.first <= wanted.last,
    Operator.GREATER: lambda held, wanted: held.last > wanted.last,
    Operator.AFTER: lambda held, wanted: held.last > wanted.last,
    Operator.GREATER_OR_EQUAL: lambda held, wanted: held.last >= wanted.first,
}
ON_TEXTS: Mapping[Operator, Callable[[str, str], bool]] = {
    Operator.CONTAINS: operator.contains,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
    Operator.MATCHES: lambda held, wanted: matching(wanted)(held) is not None,
}
IN_ORDER: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}
