"""In which order boxes on a page are read: row by row where white space goes across, else column by column."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

DEEPEST = 20  # rows in columns in rows; what is nested deeper has no order that anyone would see
SLACK = 0.1  # the share of a box that may overlap the next one, for boxes are larger than their text


class Box(NamedTuple):
    """Where something stands, in any unit."""

    left: float
    top: float
    width: float
    height: float


Item = TypeVar("Item")


def in_reading_order(items: Sequence[tuple[Box, Item]], deepest: int = DEEPEST) -> Iterator[Item]:
    """Yield items in the order in which a reader comes upon their boxes; the given order where none is seen."""
    groups = _groups(items, across=False)
    if len(groups) < 2:
        groups = _groups(items, across=True)
    if len(groups) < 2 or not deepest:
        yield from (item for _, item in items)
        return
    for group in groups:
        yield from in_reading_order(group, deepest - 1)


def _groups(items: Sequence[tuple[Box, Item]], *, across: bool) -> list[list[tuple[Box, Item]]]:
    """Return items in groups between which a line can be drawn, down the page or across it."""

    def extent(box: Box) -> tuple[float, float]:
        start, length = (box.left, box.width) if across else (box.top, box.height)
        return start + SLACK * length, start + (1 - SLACK) * length

    groups: list[list[tuple[Box, Item]]] = []
    places = {id(item): place for place, item in enumerate(items)}
    reach = float("-inf")
    for item in sorted(items, key=lambda item: extent(item[0])):
        start, end = extent(item[0])
        if start >= reach:
            groups.append([])
        groups[-1].append(item)
        reach = max(reach, end)
    return [sorted(group, key=lambda item: places[id(item)]) for group in groups]
