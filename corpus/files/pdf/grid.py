"""The fields of ruled tables: lines that cross bound them, and where a line is missing, fields are one cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from corpus.files.pdf.rules import Rule, Rules

NEAR = 3.0  # points; ends of lines that are so near touch, and lines side by side are one that is drawn twice
OPEN = 10.0  # points that a line goes beyond the last that crosses it where a table is open at its side
FEWEST = 3  # edges of two columns, or of two rows
MOST_FIELDS = 50_000  # of a page; a sheet of two hundred rows and fifty columns has 10,000

Item = TypeVar("Item")


class Grid(NamedTuple):
    """The fields of a table.

    Attributes:
        columns: their edges from left to right.
        rows: their edges from the foot up.
        cells: the number of the cell that each field is part of, row by row from the foot.
    """

    columns: list[float]
    rows: list[float]
    cells: list[list[int]]

    def field(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and the column in which a place is, if it is in any."""
        if not (self.columns[0] < x <= self.columns[-1] and self.rows[0] < y <= self.rows[-1]):
            return None
        return bisect_left(self.rows, y) - 1, bisect_left(self.columns, x) - 1


def grids(rules: Rules) -> list[Grid]:
    """Return the grids of two columns and two rows or more, the smallest first: one may lie in a field of another."""
    level, upright = _joined(rules.level), _joined(rules.upright)
    if len(level) < FEWEST or len(upright) < FEWEST - 1:
        return []
    edged = ((lines, _edges(*lines), _edges(*reversed(lines))) for lines in _connected(level, upright))
    tables = [each for each in edged if len(each[1]) >= FEWEST and len(each[2]) >= FEWEST]
    if sum(len(columns) * len(rows) for _, columns, rows in tables) > MOST_FIELDS:
        return []
    found = [Grid(columns, rows, _cells(*lines, columns, rows)) for lines, columns, rows in tables]
    return sorted(found, key=lambda each: (each.columns[-1] - each.columns[0]) * (each.rows[-1] - each.rows[0]))


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return lines in order, those that lie on each other or go on each other as one."""
    joined: list[Rule] = []
    for group in near(sorted(rules), lambda rule: rule.at, NEAR):
        at = sum(rule.at for rule in group) / len(group)
        for _, start, end in sorted(group, key=lambda rule: rule.start):
            if joined and joined[-1].at == at and start <= joined[-1].end + NEAR:
                joined[-1] = Rule(at, joined[-1].start, max(joined[-1].end, end))
            else:
                joined.append(Rule(at, start, end))
    return joined


def near(items: Sequence[Item], place: Callable[[Item], float], distance: float) -> Iterator[list[Item]]:
    """Yield items, in the order of their places, in groups of those that are so near to the first of them."""
    group: list[Item] = []
    for item in items:
        if group and place(item) - place(group[0]) > distance:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _connected(level: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield lines that hang together by crossing each other."""
    places = [rule.at for rule in upright]
    group = list(range(len(level) + len(upright)))
    for number, rule in enumerate(level):
        for other in range(bisect_left(places, rule.start - NEAR), bisect_right(places, rule.end + NEAR)):
            if upright[other].start - NEAR <= rule.at <= upright[other].end + NEAR:
                group[_first(group, number)] = _first(group, len(level) + other)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate((*level, *upright)):
        members.setdefault(_first(group, number), ([], []))[number >= len(level)].append(rule)
    yield from members.values()


def _first(group: list[int], member: int) -> int:
    while group[member] != member:
        group[member] = member = group[group[member]]
    return member


def _edges(level: Iterable[Rule], upright: Iterable[Rule]) -> list[float]:
    """Return where the fields between upright lines begin and end, those that are open at a side, too."""
    edges = [group[0] for group in near(sorted(rule.at for rule in upright), float, NEAR)]
    if not edges:
        return []
    start, end = min((rule.start for rule in level), default=edges[0]), max((rule.end for rule in level), default=0)
    return [*([start] if start < edges[0] - OPEN else []), *edges, *([end] if end > edges[-1] + OPEN else [])]


def _cells(
    level: Sequence[Rule], upright: Sequence[Rule], columns: Sequence[float], rows: Sequence[float]
) -> list[list[int]]:
    """Return the number of the cell that each field is part of."""
    across, along = len(columns) - 1, len(rows) - 1
    group = list(range(along * across))
    walls, floors = _by_edge(upright, columns), _by_edge(level, rows)
    for row in range(along):
        for column in range(across):
            number = row * across + column
            x, y = (columns[column] + columns[column + 1]) / 2, (rows[row] + rows[row + 1]) / 2
            if column + 1 < across and not _is_between(walls[column + 1], y):
                group[_first(group, number)] = _first(group, number + 1)
            if row + 1 < along and not _is_between(floors[row + 1], x):
                group[_first(group, number)] = _first(group, number + across)
    return [[_first(group, row * across + column) for column in range(across)] for row in range(along)]


def _by_edge(rules: Iterable[Rule], edges: Sequence[float]) -> list[list[Rule]]:
    """Return the lines that lie on each edge."""
    on: list[list[Rule]] = [[] for _ in edges]
    for rule in rules:
        on[min(range(len(edges)), key=lambda number: abs(edges[number] - rule.at))].append(rule)
    return on


def _is_between(rules: Iterable[Rule], place: float) -> bool:
    return any(rule.start - NEAR <= place <= rule.end + NEAR for rule in rules)
