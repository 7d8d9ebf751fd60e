"""Tables that go on on the next page of a PDF: the names of their columns are told again above the rows there."""

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.files.pdf.tables import NUMBER

EDGE_LINES = 2  # lines of a page below a table, or above it, that may be its footer or header
NEAR = 3.0  # points by which the columns of a table may stand elsewhere on the next page
# The names of columns, the rule below them, the rows.
TABLE = re.compile(r"^(\|.*\|\n)(\|(?: --- \|)+)((?:\n\|.*\|$)*)", re.MULTILINE)
CELLS = re.compile(r"(?<!\\)\|")

Columns = tuple[float, ...]  # where the columns of a table begin and end


def continued(pages: Iterable[tuple[str, Sequence[Columns]]]) -> Iterator[str]:
    """Yield the texts of pages with the names of columns above rows that go on from the page before.

    Args:
        pages: the text of each and the columns of its tables, in the order in which they stand.
    """
    head = ""
    edges: Columns = ()
    for text, tables in pages:
        goes_on = bool(head and tables) and _is_same(edges, tables[0])
        if goes_on:
            text = _with_head(text, head)
        yield text
        edges = tables[-1] if tables else ()
        head = _open_head(text) if tables else ""


def _with_head(text: str, head: str) -> str:
    """Return the text of a page whose first table goes on, unless it names its columns itself."""
    table = TABLE.search(text)
    if table is None or _lines(text[: table.start()]) > EDGE_LINES:
        return text
    first, rule, rows = table.groups()
    if first == head or _names(first, rows.split("\n")[1:]):
        return text
    return f"{text[: table.start()]}{head}{rule}\n{first.rstrip()}{rows}{text[table.end() :]}"


def _names(first: str, rows: Sequence[str]) -> bool:
    """Return whether a row names columns: no figures in it, and a column of nothing but figures below it."""
    columns = list(zip(*map(_cells, rows), strict=False))
    figures = [bool(column) and all(map(NUMBER.fullmatch, column)) for column in columns]
    return any(figures) and not any(map(NUMBER.fullmatch, _cells(first)))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in CELLS.split(row)[1:-1]]


def _open_head(text: str) -> str:
    """Return the names of the columns of the table at the end of a page, if there is one."""
    table = next(reversed(list(TABLE.finditer(text))), None)
    return "" if table is None or _lines(text[table.end() :]) > EDGE_LINES else table[1]


def _lines(text: str) -> int:
    return sum(map(bool, map(str.strip, text.split("\n"))))


def _is_same(columns: Columns, others: Columns) -> bool:
    return len(columns) == len(others) and all(abs(a - b) <= NEAR for a, b in zip(columns, others, strict=True))
