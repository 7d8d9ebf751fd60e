"""Tables of office files: rows with a header, or what they only place on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.files.office.blocks import MOST_COLUMNS, Blocks


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what stands in it, how many columns it spans, and whether it is the lower part of another."""

    content: Blocks
    columns: int = 1
    goes_on: bool = False


Row = Sequence[Cell]


def add_table(rows: Sequence[Row], blocks: Blocks) -> None:
    """Add the rows of a table to blocks; what was made a table to stand in its place becomes what it is.

    That are a frame around a text, headings with what is below them, tables in tables, and titles or remarks that go
    across all columns above or below the rows.
    """
    rows = [row for row in rows if row]
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    cells = [cell for row in rows for cell in row]
    places = width < 2 or any(cell.content.has_table or cell.content.has_heading_over_text for cell in cells)
    first, last = (0, 0) if places else _rows_between_titles(rows)
    for row in rows[:first]:
        _dissolve(row, blocks)
    blocks.table(_texts(rows[first:last]))
    for row in rows[last:]:
        _dissolve(row, blocks)


def _dissolve(row: Row, blocks: Blocks) -> None:
    for cell in row:
        blocks.extend(cell.content)


def _rows_between_titles(rows: Sequence[Row]) -> tuple[int, int]:
    """Return where the rows of several cells begin and end."""
    several = [number for number, row in enumerate(rows) if len(row) > 1]
    return (several[0], several[-1] + 1) if several else (0, 0)


def _texts(rows: Sequence[Row]) -> list[list[str]]:
    """Return what the cells say, those that span rows said again in each of them, and one row of names on top."""
    above: dict[int, str] = {}
    texts = [list(_row(row, above)) for row in rows]
    if len(rows) > 2 and any(cell.columns > 1 for cell in rows[0]) and any(cell.goes_on for cell in rows[1]):
        return [_named(texts[0], texts[1]), *texts[2:]]
    return texts


def _row(row: Row, above: dict[int, str]) -> Iterator[str]:
    column = 0
    for cell in row:
        text = above.get(column, "") if cell.goes_on else cell.content.flat()
        above[column] = text
        yield text
        yield from [""] * (min(cell.columns, MOST_COLUMNS) - 1)
        column += cell.columns


def _named(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the names of columns that stand in groups, each with that of its group."""
    said, group = [], ""
    for number, name in enumerate(names):
        group = (groups[number] if number < len(groups) else "") or group
        said.append(name if group == name else f"{group} {name}")
    return said
