"""Conditions: comparisons, and what is made of them by and, or and not. No condition is `None`.

They are values: equal ones mean the same, so that answers can be remembered by them.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import isfinite

from corpus.document import DocumentFacts
from corpus.errors import InvalidInput
from index.filters.comparing import ON_TEXTS, Operator, Wanted, compares_days, matches
from index.filters.days import days_of
from index.filters.names import FOLDER, YEARS, Value, column_of, text_of, values_of

MOST_COMPARISONS = 100
DEEPEST = 10
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """It holds if any value under a name compares so with any that is wanted.

    Attributes:
        name: what is compared, as it was given; see `column_of`.
        operator: how.
        wanted: with what, as it is compared: texts in lower case, true and false as texts; nothing for EMPTY.

    Raises:
        InvalidInput: if a value is missing, or no date where dates are compared: left out, the condition would
            find more than was asked for.
    """

    name: str
    operator: Operator
    wanted: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        wanted = () if self.operator is Operator.EMPTY else tuple(map(self._readable, self.wanted))
        if self.operator is not Operator.EMPTY and (not wanted or "" in wanted):
            raise InvalidInput(f"the condition on {self.name} has no value; give one, or ask for empty")
        object.__setattr__(self, "wanted", wanted)

    @property
    def column(self) -> str:
        """What is compared."""
        return column_of(self.name)

    @property
    def depth(self) -> int:
        """How deep it is nested."""
        return 0

    @property
    def cost(self) -> int:
        """How many comparisons it is to whoever makes it; however many values are looked up, they are one."""
        if self.operator in (Operator.IS, Operator.EMPTY):
            return 1
        return sum(1 + (str(each).count("*") if self.operator is Operator.MATCHES else 0) for each in self.wanted)

    def comparisons(self) -> Iterator["Comparison"]:
        """Yield the comparisons in it."""
        yield self

    def holds(self, facts: DocumentFacts, years: Collection[int] = ()) -> bool:
        """Return whether a passage meets it, given what is known of its document and the years it speaks of."""
        column = self.column
        held = list(map(str, years)) if column == YEARS else values_of(facts, column)
        if self.operator is Operator.EMPTY:
            return not held
        return any(matches(column, self.operator, text, wanted) for text in held for wanted in self.wanted)

    def _readable(self, value: Value) -> Wanted:
        """Return a value as it is compared."""
        if isinstance(value, float) and not isfinite(value):
            raise InvalidInput(f"the condition on {self.name} is {value}; give a number")
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise InvalidInput(f"the condition on {self.name} holds a NUL or half of a surrogate pair; remove it")
        column = self.column
        if compares_days(column, self.operator) and days_of(value) is None:
            raise InvalidInput(f"the condition on {self.name} is {value!r}; write 2026, 2026-04 or 2026-04-16")
        if isinstance(value, bool | str) or self.operator in ON_TEXTS:
            text = text_of(value, column)
            return text.rstrip("/") if column == FOLDER else text
        return int(value) if value == int(value) else value


@dataclass(frozen=True, slots=True)
class Not:
    """It holds exactly where a condition does not, so also where there is no value."""

    condition: "Condition"

    @property
    def depth(self) -> int:
        """How deep it is nested."""
        return self.condition.depth

    def comparisons(self) -> Iterator[Comparison]:
        """Yield the comparisons in it."""
        return self.condition.comparisons()

    def holds(self, facts: DocumentFacts, years: Collection[int] = ()) -> bool:
        """Return whether a passage meets it; see `Comparison.holds`."""
        return not self.condition.holds(facts, years)


@dataclass(frozen=True, slots=True)
class _Joined:
    """Conditions that are joined."""

    conditions: tuple["Condition", ...]

    @property
    def depth(self) -> int:
        """How deep it is nested."""
        return 1 + max((each.depth for each in self.conditions), default=0)

    def comparisons(self) -> Iterator[Comparison]:
        """Yield the comparisons in it."""
        for each in self.conditions:
            yield from each.comparisons()


@dataclass(frozen=True, slots=True)
class And(_Joined):
    """It holds if all of its conditions do."""

    def holds(self, facts: DocumentFacts, years: Collection[int] = ()) -> bool:
        """Return whether a passage meets it; see `Comparison.holds`."""
        return all(each.holds(facts, years) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Or(_Joined):
    """It holds if any of its conditions does."""

    def holds(self, facts: DocumentFacts, years: Collection[int] = ()) -> bool:
        """Return whether a passage meets it; see `Comparison.holds`."""
        return any(each.holds(facts, years) for each in self.conditions)


Condition = Comparison | And | Or | Not


def all_of(conditions: Iterable[Condition | None]) -> Condition | None:
    """Return the condition that all of some hold, leaving out those that are none."""
    given = tuple(each for each in conditions if each is not None)
    return And(given) if len(given) > 1 else given[0] if given else None


def check_size(condition: Condition) -> None:
    """Refuse a condition that is too large.

    Raises:
        InvalidInput: if it is, because every comparison is made anew for each question.
    """
    if condition.depth > DEEPEST:
        raise InvalidInput(f"the filters are nested {condition.depth} deep; nest them {DEEPEST} deep at most")
    count = sum(each.cost for each in condition.comparisons())
    if count > MOST_COMPARISONS:
        raise InvalidInput(f"the filters are {count} comparisons; give {MOST_COMPARISONS} at most")
