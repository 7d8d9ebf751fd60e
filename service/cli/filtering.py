"""Which documents may answer, as the command line says it: `--filter NAME=VALUE`, as often as there are conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.errors import InvalidInput
from index.filters.conditions import Condition, all_of
from index.filters.making import any_of, make_condition
from index.filters.names import YEARS

# What is given once, and bounds what a document or passage has instead of being equal to it.
BOUNDS = ("published_after", "published_before", YEARS)


def condition_of(given: Sequence[str]) -> Condition | None:
    """Return the condition that all names have one of the values that are given for each, `None` if none is given.

    Raises:
        InvalidInput: if it is none, with what to write.
    """
    values: dict[str, list[str]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (name and equals):
            raise InvalidInput(f"--filter is {each!r}; write NAME=VALUE, as source=reports/2024/ or language=zh")
        values.setdefault(name, []).append(value)
    bounds = make_condition(**_bounds(values))
    return all_of([bounds, *(any_of(name, wanted) for name, wanted in values.items() if name not in BOUNDS)])


def _bounds(values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for name in BOUNDS:
        wanted = values.get(name, ())
        if len(wanted) > 1:
            raise InvalidInput(f"--filter {name} is given {len(wanted)} times; give it once")
        for value in wanted:
            bounds[name] = _year(value) if name == YEARS else value
    return bounds


def _year(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise InvalidInput(f"--filter {YEARS} is {value!r}; give a year, as 2024")
    return int(value)
