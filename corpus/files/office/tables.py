"""Tables of office files: rows with a header, or what they only place on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.files.office.blocks import MOST_FILLED, Blocks

LONGEST_REPEATED = 300  # characters of a cell that is said again in each row that it spans; more is a text of its own


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what stands in it, how many columns it spans, and whether it is the lower part of another."""

    content: Blocks
    columns: int = 1
    goes_on: bool = False


Row = Sequence[Cell]


def add_table(rows: Sequence[Row], blocks: Blocks, heads: int = 1) -> None:
    """Add the rows of a table to blocks; what was made a table to stand in its place becomes what it is.

    That are a frame around a text, headings with what is below them, tables in tables, and titles or remarks that go
    across all columns above or below the rows.

    Args:
        rows: its cells.
        blocks: to which it is added.
        heads: how many rows hold the names of columns, as far as the file tells.
    """
    rows = [row for row in rows if any(len(cell.content) or cell.goes_on for cell in row)]
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    cells = [cell for row in rows for cell in row]
    places = width < 2 or any(cell.content.has_table or cell.content.has_heading_over_text for cell in cells)
    first, last = (0, 0) if places else _rows_between_titles(rows, width)
    for row in rows[:first]:
        _dissolve(row, blocks)
    blocks.table(_texts(rows[first:last], heads - first))
    for row in rows[last:]:
        _dissolve(row, blocks)


def _dissolve(row: Row, blocks: Blocks) -> None:
    for cell in row:
        blocks.extend(cell.content)


def _rows_between_titles(rows: Sequence[Row], width: int) -> tuple[int, int]:
    """Return where the rows begin and end that are no cell across all columns."""
    several = [number for number, row in enumerate(rows) if len(row) > 1 or row[0].columns < width]
    return (several[0], several[-1] + 1) if several else (0, 0)


def _texts(rows: Sequence[Row], heads: int) -> list[list[str]]:
    """Return what the cells say, those that span rows said again in each of them, and one row of names on top."""
    if len(rows) > 1 and any(cell.columns > 1 for cell in rows[0]) and any(cell.goes_on for cell in rows[1]):
        heads = max(heads, 2)
    heads = heads if 1 < heads < len(rows) else 0
    above: dict[int, str] = {}
    texts = [list(_row(row, above, spread=number < heads)) for number, row in enumerate(rows)]
    if not heads:
        return texts
    columns = zip_longest(*texts[:heads], fillvalue="")
    return [[" ".join(dict.fromkeys(filter(None, names))) for names in columns], *texts[heads:]]


def _row(row: Row, above: dict[int, str], *, spread: bool) -> Iterator[str]:
    """Yield what the cells of a row say, one that spans columns once or, spread, in each of them."""
    column = 0
    for cell in row:
        text = above.get(column, "") if cell.goes_on else cell.content.flat()
        above[column] = text if len(text) <= LONGEST_REPEATED else ""
        yield text
        yield from [text if spread else ""] * (min(cell.columns, MOST_FILLED) - 1)
        column += cell.columns
