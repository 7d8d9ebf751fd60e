"""Ruled tables of a page of a PDF as lines of Markdown: a line a row, the names of the columns first.

What stands in their cells is told by where its characters are. Whatever shows that lines are no table's leaves the
page as it was: a drawing, a frame around columns of prose, words that lines cut.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from corpus.files.pdf.grid import Grid, near
from corpus.files.pdf.units import Glyphs, Unit, joined
from corpus.files.text.markdown import table_rule

FEWEST = 2  # columns, and rows, in which something stands
FILLED = 0.5  # of the fields of a table, and more; a drawing or an empty form has fewer
MOST_BROAD = 0.1  # of the fields of a table below its first row, in cells over several rows and columns at once
LONG = 400  # characters that half of the cells have; those are columns of prose in frames
MOST_TIMES = 2  # that a table may say what stands in it once, because cells over several rows are told in each
MOST_TORN = 0.1  # of the places where text goes on in another cell that are inside of a word
ONE_LINE = 4.0  # points by which the middles of the characters of a line differ at most
EVEN = 3  # columns with as many lines each, and lines of them, which are rows
NUMBER = re.compile(r"[^\w\s]{0,2}\d[\d\s.,:/%°()+-]*[^\W\d_]{0,3}")
YEAR = re.compile(r"(?:1[6-9]|20|21)\d\d\D?")

Cell = tuple[int, ...]  # which of the page's characters stand in it
Fields = list[list[int]]  # the number of the cell that each field is part of, row by row from the top


class Table(NamedTuple):
    """A table.

    Attributes:
        columns: where its columns begin and end.
        members: the page's characters that stand in it.
        title: what stands above the names of its columns, over all of them.
        rows: its cells from the top, as many in each; the first are the names of the columns.
    """

    columns: tuple[float, ...]
    members: frozenset[int]
    title: Cell
    rows: list[list[Cell]]

    def units(self, glyphs: Glyphs) -> Iterator[Unit]:
        """Yield the table as it is written."""
        if self.title:
            yield from joined(self.title, glyphs)
            yield "\n\n", None
        yield from self.head(glyphs)
        for row in self.rows[1:]:
            yield from _line(row, glyphs)

    def head(self, glyphs: Glyphs) -> Iterator[Unit]:
        """Yield the names of the columns and the rule below them."""
        yield from _line(self.rows[0], glyphs)
        yield f"{table_rule(len(self.rows[0]))}\n", None


def ruled_tables(fields: Iterable[Grid], glyphs: Glyphs) -> list[Table]:
    """Return the tables in the fields that the lines of a page bound, the smallest of which are first."""
    tables: list[Table] = []
    free = [number for number, text in enumerate(glyphs.texts) if not (text.isspace() or text == "\0")]
    for grid in fields:
        places = {number: field for number in free if (field := grid.field(*glyphs.middles[number]))}
        table = _table(grid, places, glyphs)
        if table is not None:
            tables.append(table)
            free = [number for number in free if number not in table.members]
    return tables


def _line(row: Iterable[Cell], glyphs: Glyphs) -> Iterator[Unit]:
    for cell in row:
        yield "| ", None
        yield from joined(cell, glyphs)
        yield " ", None
    yield "|\n", None


def _table(grid: Grid, places: Mapping[int, tuple[int, int]], glyphs: Glyphs) -> Table | None:
    """Return the table that characters in the fields of a grid are, if they are one."""
    cells: dict[int, list[int]] = {}
    for number, (row, column) in places.items():
        cells.setdefault(grid.cells[row][column], []).append(number)
    rows = _told(grid.cells[::-1], cells)
    fields = _turned(_told(_turned(rows), cells))
    if len(fields) < FEWEST or len(fields[0]) < FEWEST or not _is_table(fields, cells) or _is_torn(grid, places):
        return None
    title: Cell = ()
    if len(set(fields[0])) == 1:
        title, fields = tuple(cells[fields[0][0]]), fields[1:]
    said = {cell: "".join(text for text, _ in joined(members, glyphs)) for cell, members in cells.items()}
    head = _head_rows(fields, said)
    lines = [_names(fields[:head], cells)]
    for each in fields[head:]:
        lines += _split(_row(each, cells), glyphs)
    if sum(len(cell) for line in lines for cell in line) > MOST_TIMES * len(places):
        return None
    return Table(tuple(grid.columns), frozenset(places), title, lines)


def _told(rows: Fields, cells: Mapping[int, object]) -> Fields:
    """Return the rows that say something which the row above them does not."""
    above = [[-1] * len(rows[0]), *rows] if rows else []
    return [
        row
        for before, row in zip(above, rows, strict=False)
        if any(cell in cells and cell != over for over, cell in zip(before, row, strict=True))
    ]


def _turned(rows: Fields) -> Fields:
    return [list(column) for column in zip(*rows, strict=True)]


def _is_table(fields: Fields, cells: Mapping[int, Sequence[int]]) -> bool:
    """Return whether enough of the fields say something, and not too much, and are as regular as those of a table."""
    shown = {cell for row in fields for cell in row}
    every = len(fields) * len(fields[0])
    filled = sum(cell in cells for row in fields for cell in row)
    broad = sum(
        above[column] == cell and cell in (*row[column + 1 : column + 2], *row[max(column - 1, 0) : column])
        for above, row in pairwise(fields)
        for column, cell in enumerate(row)
    )
    prose = median(len(cells[cell]) for cell in shown if cell in cells) > LONG
    return filled > FILLED * every and broad <= MOST_BROAD * every and not prose


def _is_torn(grid: Grid, places: Mapping[int, tuple[int, int]]) -> bool:
    """Return whether lines cut words, as they do where they are drawn over text."""
    cells = [(number, grid.cells[row][column]) for number, (row, column) in places.items()]
    steps = [after - before for (before, cell), (after, next_cell) in pairwise(cells) if cell != next_cell]
    return steps.count(1) > MOST_TORN * len(steps)


def _head_rows(fields: Fields, said: Mapping[int, str]) -> int:
    """Return how many rows name the columns: two where names of the first stand over several columns."""
    if len(fields) <= FEWEST or len(set(fields[0])) == len(fields[0]):
        return 1
    first, second = fields[:2]
    if any(over == below for over, below in zip(first, second, strict=True)):
        return 2
    below = (said.get(cell, "") for cell in second)
    return 2 if all(not NUMBER.fullmatch(name) or YEAR.fullmatch(name) for name in below) else 1


def _names(rows: Fields, cells: Mapping[int, Sequence[int]]) -> list[Cell]:
    """Return the names of columns, those above them first; what stands over several names each of them."""
    columns = (dict.fromkeys(column) for column in _turned(rows))
    return [tuple(number for cell in column for number in cells.get(cell, ())) for column in columns]


def _row(row: Sequence[int], cells: Mapping[int, Sequence[int]]) -> list[Cell]:
    """Return the cells of a row, those over several columns in each; one over all of them is told once."""
    said = row if len(set(row)) > 1 else [row[0], *[-1] * (len(row) - 1)]
    return [tuple(cells.get(cell, ())) for cell in said]


def _split(row: list[Cell], glyphs: Glyphs) -> list[list[Cell]]:
    """Return the rows in what is one between lines: where columns alone are ruled, each line of text is a row.

    It is where figures stand at the same heights as words, and nothing at any other, or where so many columns have as
    many lines each that this is no chance.
    """
    heights = sorted((-glyphs.middles[number][1], number) for cell in row for number in cell)
    lines = [{number for _, number in group} for group in near(heights, lambda each: each[0], ONE_LINE)]
    parts = [[tuple(number for number in cell if number in line) for cell in row] for line in lines]
    columns = list(zip(*parts, strict=True))
    whole = [column for column in columns if all(column)]
    figures = [
        all(NUMBER.fullmatch("".join(glyphs.texts[each] for each in cell)) for cell in column) for column in whole
    ]
    even = len(whole) == len(columns) >= EVEN and len(lines) >= EVEN
    return parts if len(lines) > 1 and (even or (True in figures and False in figures)) else [row]
