"""From the cells of a sheet to lines of Markdown: its tables with their headers, and what stands above and below them.

A sheet is no table: it has titles over the names of its columns, several tables below or beside each other, notes at
their ends, rows and columns that are empty. Tables are told apart by what is empty between them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from corpus.files.sheets.header import HEADER_WITHIN, Header, Merged, find_header
from corpus.files.text.markdown import one_line, table_row, table_rule

HEADING = "## "
LONGEST_TITLE = 80  # characters of a line that is the heading of what is below
SENTENCE_ENDS = ("。", "！", "？", "；", ".", "!", "?", ";", ":", "：")
MARKS = ("#", "|", "`", "~", ">")  # what would make something else of a line
FEWEST_BESIDE = 2  # columns of a table that stands beside another; one by itself is a column with a gap before it


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet.

    Attributes:
        number: from 1.
        cells: what each says, as a person sees it, from the first column on; "" where nothing stands.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Markdown and the row of the sheet that it tells, if it tells one."""

    text: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows that stand together, with the cells of the columns in which anything stands, and which columns these are."""

    rows: tuple[Row, ...]
    columns: tuple[int, ...]


def lines_of(rows: Iterable[Row], merged: Sequence[Merged] = ()) -> list[Line]:
    """Return what a sheet says, a row of a table to a line.

    Args:
        rows: in their order; empty ones may be missing.
        merged: cells that were merged. One over several rows is repeated in each, so that each can be read alone.
    """
    by_top = defaultdict[int, list[Merged]](list)
    for each in merged:
        by_top[each.top].append(each)
    lines, named = list[Line](), tuple[int, ...]()  # the columns of the table above, if they have names
    for block in _blocks(_repeated(rows, merged), by_top):
        header = _header_of(block, by_top)
        if named and header is None and _goes_on(block, named) and lines[-1].text.startswith("|"):
            lines += [_row_line(row.number, _spread(row, block.columns, named)) for row in block.rows]
            continue
        lines += [Line(""), *_lines_of_block(block, header)] if lines else _lines_of_block(block, header)
        named = block.columns if header else ()
    if len(lines) > 1 and lines[-1].text.startswith(HEADING):  # below which nothing stands
        lines[-1] = replace(lines[-1], text=lines[-1].text.removeprefix(HEADING))
    return lines


def _repeated(rows: Iterable[Row], merged: Sequence[Merged]) -> Iterator[Row]:
    """Yield the rows in which anything stands, what is merged over several of them in each."""
    below = defaultdict[int, list[tuple[int, int]]](list)  # row -> columns and the rows in which their cells stand
    for each in merged:
        for number in range(each.top + 1, each.bottom + 1):
            below[number].append((each.left, each.top))
    tops = {each.top for each in merged}
    said = dict[int, tuple[str, ...]]()
    for row in rows:
        cells = list(map(one_line, row.cells))
        if not any(cells):
            continue
        for column, top in below.get(row.number, ()):
            if column < len(cells) and top in said and column < len(said[top]):
                cells[column] = said[top][column]
        if row.number in tops:
            said[row.number] = tuple(cells)
        yield Row(row.number, tuple(cells))


def _blocks(rows: Iterable[Row], by_top: Mapping[int, Sequence[Merged]]) -> Iterator[_Block]:
    """Yield what empty rows part, and of that what empty columns part, if each part has names of its own."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1].number - pair[0]):
        together = [row for _, row in group]
        runs = _runs(together)
        beside = [_within(together, run) for run in runs]
        if (
            len(runs) > 1
            and all(len(run) >= FEWEST_BESIDE for run in runs)
            and all(_header_of(block, by_top) for block in beside)
        ):
            yield from beside
        else:
            yield _within(together, tuple(column for run in runs for column in run))


def _runs(rows: Sequence[Row]) -> list[tuple[int, ...]]:
    """Return the columns in which anything stands, those that stand together in one."""
    filled = sorted({column for row in rows for column, cell in enumerate(row.cells) if cell})
    groups = groupby(enumerate(filled), key=lambda pair: pair[1] - pair[0])
    return [tuple(column for _, column in group) for _, group in groups]


def _within(rows: Iterable[Row], columns: tuple[int, ...]) -> _Block:
    cut = (Row(row.number, tuple(_cut(row.cells, columns))) for row in rows)
    return _Block(tuple(row for row in cut if any(row.cells)), columns)


def _cut(cells: Sequence[str], columns: Iterable[int]) -> Iterator[str]:
    return (cells[column] if column < len(cells) else "" for column in columns)


def _spread(row: Row, columns: Sequence[int], named: Iterable[int]) -> Iterator[str]:
    """Yield the cells of a row under the names of the table above, some of whose columns it lacks."""
    said = dict(zip(columns, row.cells, strict=True))
    return (said.get(column, "") for column in named)


def _header_of(block: _Block, by_top: Mapping[int, Sequence[Merged]]) -> Header | None:
    places = {column: place for place, column in enumerate(block.columns)}
    merged = [
        Merged(each.top - row.number + place, places[each.left], each.bottom - row.number + place, places[each.right])
        for place, row in enumerate(block.rows[:HEADER_WITHIN])
        for each in by_top.get(row.number, ())
        if each.left in places and each.right in places
    ]
    return find_header([row.cells for row in block.rows], merged)


def _goes_on(block: _Block, named: Sequence[int]) -> bool:
    """Return whether rows without names of their own are of the table above: no title stands over them."""
    return set(block.columns) <= set(named) and sum(map(bool, block.rows[0].cells)) > 1


def _lines_of_block(block: _Block, header: Header | None) -> Iterator[Line]:
    rows = block.rows
    if header is None:
        first = len(rows) if len(block.columns) == 1 else sum(1 for _ in takewhile(_is_single, rows))
        body = rows[first:]
    else:
        first, body = header.first, rows[header.first + header.depth :]
    notes = sum(1 for _ in takewhile(_is_single, reversed(body))) if len(block.columns) > 2 else 0
    body, below = body[: len(body) - notes], body[len(body) - notes :]
    for place, row in enumerate(rows[:first]):
        yield _text_line(row, may_be_title=(place == 0 and first < len(rows)) or len(rows) == 1)
    if first and (header or body):
        yield Line("")
    if header:
        yield _row_line(rows[first].number, header.names)
        yield Line(table_rule(len(header.names)))
    yield from (_row_line(row.number, row.cells) for row in body)
    if below:
        yield Line("")
    yield from (_text_line(row, may_be_title=False) for row in below)


def _is_single(row: Row) -> bool:
    return sum(map(bool, row.cells)) == 1


def _text_line(row: Row, *, may_be_title: bool) -> Line:
    text = " ".join(filter(None, row.cells))
    if text.startswith(MARKS):
        return _row_line(row.number, [text])
    is_title = may_be_title and len(text) <= LONGEST_TITLE and not text.endswith(SENTENCE_ENDS)
    return Line(f"{HEADING}{text}" if is_title else text, row.number)


def _row_line(number: int, cells: Iterable[str]) -> Line:
    return Line(table_row(cells), number)
