"""Conditions on what is known of documents, as other platforms filter, and the documents that meet them.

The index filters by a few fields and only by equality and dates. These conditions say more, so they are resolved
first: to the ids of the documents that meet them, by which the index then filters before it counts to k.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from itertools import product
from typing import Any

from corpus.document import DocumentFacts
from corpus.errors import InvalidInput
from corpus.store.truth import Reader
from index.answer import SearchResult
from index.query import Filters, Query
from service.backend import Backend
from service.platforms.days import Days, days_of

Value = str | int | float | bool

# What a condition may call each field of a document; any other name is looked up in the document's metadata.
NAMES: Mapping[str, tuple[str, ...]] = {
    "author": ("author",),
    "document_id": ("document_id", "file_id", "doc_id", "id"),
    "language": ("language", "lang"),
    "published": ("published", "published_at", "published_date", "publish_date", "date"),
    "publisher": ("publisher",),
    "source": ("source", "document_name", "filename", "file_name", "file"),
    "title": ("title", "name"),
    "url": ("url", "link"),
}
FIELDS = {name: field for field, names in NAMES.items() for name in names}
NO_DOCUMENT = ("",)  # no document has an empty id
LISTED = 20  # names of metadata that an error lists


class Operator(StrEnum):
    """How a value of a document is compared with one that is wanted."""

    IS = auto()
    CONTAINS = auto()
    STARTS_WITH = auto()
    ENDS_WITH = auto()
    LESS = auto()
    LESS_OR_EQUAL = auto()
    GREATER = auto()
    GREATER_OR_EQUAL = auto()
    BEFORE = auto()
    AFTER = auto()
    EMPTY = auto()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition. It holds if any value of any of the names compares so with any value that is wanted.

    Attributes:
        names: what is compared; several are as one name with the values of all.
        operator: how; texts compare without regard to case, numbers as numbers.
        wanted: with what; nothing for EMPTY.
        negated: whether it holds exactly where it otherwise would not, so also where there is no value.

    Raises:
        InvalidInput: if a value is missing, or no date where dates are compared: left out, the condition would
            find more than was asked for.
    """

    names: tuple[str, ...]
    operator: Operator
    wanted: tuple[Value, ...] = ()
    negated: bool = False

    def __post_init__(self) -> None:
        if self.operator is not Operator.EMPTY and (not self.wanted or "" in self.wanted):
            raise InvalidInput(f"the condition on {', '.join(self.names)} has no value; give one, or ask for empty")
        for name, value in product(self.names, self.wanted):
            if _compares_days(name, self.operator) and days_of(value) is None:
                raise InvalidInput(f"the condition on {name} is {value!r}; write 2026, 2026-04 or 2026-04-16")

    def holds(self, facts: DocumentFacts) -> bool:
        """Return whether a document meets it."""
        values = [(name, value) for name in self.names for value in _values(facts, name)]
        if self.operator is Operator.EMPTY:
            return bool(values) is self.negated
        found = any(
            _matches(name, self.operator, value, wanted) for (name, value), wanted in product(values, self.wanted)
        )
        return found is not self.negated

    def mentioned(self) -> Iterator[str]:
        """Yield the names it is about."""
        yield from self.names


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all must hold, or any."""

    conditions: tuple["Condition", ...]
    all_of_them: bool = True

    def holds(self, facts: DocumentFacts) -> bool:
        """Return whether a document meets it."""
        return (all if self.all_of_them else any)(each.holds(facts) for each in self.conditions)

    def mentioned(self) -> Iterator[str]:
        """Yield the names it is about."""
        for each in self.conditions:
            yield from each.mentioned()


Condition = Comparison | Group


async def search(backend: Backend, query: Query, condition: Condition | None) -> SearchResult:
    """Answer a question from the documents that meet a condition.

    Raises:
        InvalidInput: if the condition is on a name that nothing is known by.
        Overloaded, NotReady: as the backend does.
    """
    if condition is None:
        return await backend.search(query)
    return await backend.search(query, lambda reader, asked: replace(asked, filters=_filters(condition, reader)))


def _filters(condition: Condition, reader: Reader) -> Filters:
    facts = [each for each, _ in reader.facets()]
    _check_names(condition, facts)
    return Filters(document_id=tuple(each.document_id for each in facts if condition.holds(each)) or NO_DOCUMENT)


def _check_names(condition: Condition, facts: Iterable[DocumentFacts]) -> None:
    others = {name for each in facts for name in each.metadata}
    for name in condition.mentioned():
        if _field(name) is None and name not in others:
            known = [*NAMES, *sorted(others)[:LISTED]]
            raise InvalidInput(f"the condition is on {name!r}, which no document has; there are {', '.join(known)}")


def _values(facts: DocumentFacts, name: str) -> list[Value]:
    field = _field(name)
    found = facts.metadata.get(name) if field is None else getattr(facts, field)
    values = found if isinstance(found, list) else [found]
    return [value for value in values if isinstance(value, str | int | float) and value != ""]


def _matches(name: str, how: Operator, held: Value, wanted: Value) -> bool:
    if _compares_days(name, how):
        days, wanted_days = days_of(held), days_of(wanted)
        return days is not None and wanted_days is not None and ON_DAYS[how](days, wanted_days)
    if how in ON_TEXTS:
        return ON_TEXTS[how](_text(held), _text(wanted))
    if how is Operator.IS and isinstance(wanted, str):  # ids are texts, and 007 is not 7
        return _text(held) == _text(wanted)
    number, wanted_number = _number(held), _number(wanted)
    if number is None or wanted_number is None:
        return ON_VALUES[how](_text(held), _text(wanted))
    return ON_VALUES[how](number, wanted_number)


def _compares_days(name: str, how: Operator) -> bool:
    return how in (Operator.BEFORE, Operator.AFTER) or (_field(name) == "published" and how in ON_DAYS)


def _field(name: str) -> str | None:
    return FIELDS.get(name.lower())


def _text(value: Value) -> str:
    return str(value).casefold()


def _number(value: Value) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _may_be_before(held: Days, wanted: Days) -> bool:
    return held.first < wanted.first


def _may_be_after(held: Days, wanted: Days) -> bool:
    return held.last > wanted.last


# A date that is known to the year or month only compares as any of its days may, as the filters of the index do.
ON_DAYS: Mapping[Operator, Callable[[Days, Days], bool]] = {
    Operator.IS: lambda held, wanted: held.first <= wanted.last and held.last >= wanted.first,
    Operator.LESS: _may_be_before,
    Operator.BEFORE: _may_be_before,
    Operator.LESS_OR_EQUAL: lambda held, wanted: held.first <= wanted.last,
    Operator.GREATER: _may_be_after,
    Operator.AFTER: _may_be_after,
    Operator.GREATER_OR_EQUAL: lambda held, wanted: held.last >= wanted.first,
}
ON_TEXTS: Mapping[Operator, Callable[[str, str], bool]] = {
    Operator.CONTAINS: operator.contains,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
}
ON_VALUES: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}
