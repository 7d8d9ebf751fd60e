"""Which rows of a table of a sheet name its columns, and what the columns are called then.

A header has names, not numbers, over nearly all columns, and what is below it is of another kind: numbers, days, or
words that never say what the header says. A sheet without one has rows only, for a name that is none would be told
with every row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

HEADER_WITHIN = 10  # rows of a table in which its header stands, below titles and units
LONGEST_NAME = 80  # characters of the name of a column
FILLED = 0.6  # of the columns that the fullest row has: for so many a header has names
COMPARED = 200  # rows below a header that show what its columns hold
NUMBER = re.compile(
    r"[^\w\s]{0,3}\d[\d\s.,:/%°+-]*(?:[Ee][+-]?\d+)?[^\W\d_]{0,3}|TRUE|FALSE|true|false|[-–—./]+|[Nn]/?[Aa]|#[A-Z/0!?]+"
)
# What may name a column though it has numbers: a year, a quarter, a month, a day.
PERIOD = re.compile(r"(?:19|20)\d\d(?:[-/.]\d{1,4}){0,2}\s?(?:年度?|[EFP]|Q[1-4])?|\d{1,2}\s?[月日季]度?")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one: rows from 1 and columns from 0, the last ones among them."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of a table that name its columns: the first of them, how many, and the names."""

    first: int
    depth: int
    names: tuple[str, ...]


class _Kind(Enum):
    EMPTY = auto()
    TEXT = auto()
    PERIOD = auto()
    NUMBER = auto()


def find_header(rows: Sequence[Cells], merged: Sequence[Merged]) -> Header | None:
    """Return the header of a table.

    Args:
        rows: the cells of each of its rows, all of the same columns.
        merged: cells that were merged; rows counted from 0 and columns as in `rows`.
    """
    most = max((sum(map(bool, cells)) for cells in rows), default=0)
    for place, cells in enumerate(rows[:HEADER_WITHIN]):
        with_corner = not cells[0] and all(cells[1:])  # nothing names the column of names
        if sum(map(bool, cells)) + with_corner < max(2, FILLED * most):
            continue
        depth = _depth(place, len(rows), len(cells), merged)
        names = _names(rows, place, depth, merged)
        return Header(place, depth, names) if _are_names(names, rows[place + depth :][:COMPARED]) else None
    return None


def _depth(place: int, rows: int, columns: int, merged: Sequence[Merged]) -> int:
    """Return how many rows the names of columns take: as many as one is merged over, two where one is over several."""
    spans = [each for each in merged if each.top == place]
    below = max((each.bottom - place + 1 for each in spans), default=1)
    grouped = any(0 < each.right - each.left < columns - 1 for each in spans)
    depth = max(below, 2 if grouped else 1)
    return depth if place + depth < rows else 1


def _names(rows: Sequence[Cells], place: int, depth: int, merged: Sequence[Merged]) -> tuple[str, ...]:
    """Return what columns are called, from the outermost name to the innermost."""
    named = [list(cells) for cells in rows[place : place + depth]]
    for each in merged:
        if depth > 1 and place <= each.top < place + depth:
            for cells in named[each.top - place : each.bottom - place + 1]:
                width = min(each.right + 1, len(cells)) - each.left
                cells[each.left : each.left + width] = [rows[each.top][each.left]] * width
    return tuple(" ".join(dict.fromkeys(filter(None, column))) for column in zip(*named, strict=True))


def _are_names(names: Cells, below: Sequence[Cells]) -> bool:
    kinds = [_kind(name) for name in names]
    if not below or _Kind.NUMBER in kinds or any(len(name) > LONGEST_NAME for name in names):
        return False
    columns = [[cells[place] for cells in below if cells[place]] for place in range(len(names))]
    of_periods = [_share(column, lambda kind: kind is _Kind.PERIOD) for column in columns]
    if any(kind is _Kind.PERIOD and share > 0.5 for kind, share in zip(kinds, of_periods, strict=True)):
        return False
    numeric = [_share(column, lambda kind: kind in (_Kind.NUMBER, _Kind.PERIOD)) > 0.5 for column in columns]
    if any(each and kind is not _Kind.EMPTY for each, kind in zip(numeric, kinds, strict=True)):
        return True
    told = list(filter(None, names))
    return len(set(told)) == len(told) and not any(
        name and name in column for name, column in zip(names, columns, strict=True)
    )


def _share(column: Cells, wanted: Callable[[_Kind], bool]) -> float:
    return sum(wanted(_kind(cell)) for cell in column) / max(len(column), 1)


def _kind(cell: str) -> _Kind:
    if not cell:
        return _Kind.EMPTY
    if PERIOD.fullmatch(cell):
        return _Kind.PERIOD
    return _Kind.NUMBER if NUMBER.fullmatch(cell) else _Kind.TEXT
