"""A workbook's sheets as a document: each a part of its own, headed by its name, with the row of every line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.files.extract import UNPRINTABLE, Extract, check_length
from corpus.files.folders.metadata import Metadata
from corpus.files.sheets.header import Merged
from corpus.files.sheets.lines import Line, Row, lines_of
from corpus.parts import PART_END, Part, PartKind

MOST_CELLS = 5_000_000  # of all sheets, empty ones before the last of a row among them
MOST_COLUMNS = 16_384  # as many as Excel has
MOST_ELEMENTS = 4_000_000  # of XML, two or three for each cell; with more no text would be short enough
# What programs call a sheet that nobody has named.
NO_NAME = re.compile(
    r"(?:sheet|工作表|table|tabelle|feuil|hoja|folha|foglio|лист|blad|シート|시트)[ _]?\d*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read: its name, if it has any, its rows in order, and which of its cells were merged."""

    name: str | None
    rows: Iterable[Row]
    merged: Sequence[Merged] = ()


def extract_of_sheets(
    sheets: Iterable[Sheet], metadata: Metadata, hidden: Sequence[str] = (), remarks: Sequence[str] = ()
) -> Extract:
    """Return the text of sheets and what is told of each; empty ones are left out.

    Args:
        sheets: those that a person sees.
        metadata: what the file says about itself.
        hidden: the names of the others.
        remarks: what else of the file could not be read.

    Raises:
        UnreadableFile: if nothing stands in any, or more than a document may have.
    """
    texts, parts, length = list[str](), list[Part](), 0
    for sheet in sheets:
        lines = lines_of(sheet.rows, sheet.merged)
        if not lines:
            continue
        name = " ".join(UNPRINTABLE.sub("", sheet.name or "").split())
        if name and not NO_NAME.fullmatch(name):
            lines = [Line(f"# {name}"), Line(""), *lines]
        text = UNPRINTABLE.sub("", "\n".join(line.text for line in lines))
        length += len(text)
        check_length(length)
        texts.append(f"{text}\n{PART_END}")
        parts.append(Part(PartKind.SHEET, name or None, rows=tuple(_rows_of(lines))))
    if not texts:
        raise UnreadableFile("nothing stands in its cells; what only a picture or a chart shows is not read")
    left_out = (f"hidden sheets were left out: {', '.join(hidden)}",) if hidden else ()
    return Extract("".join(texts), metadata, tuple(parts), remarks=(*left_out, *remarks))


def check_cells(count: int) -> None:
    """Refuse sheets of more cells than a document has room for.

    Raises:
        UnreadableFile: if they are.
    """
    if count > MOST_CELLS:
        raise UnreadableFile(f"its sheets span more than {MOST_CELLS:,} cells, empty ones among them; split it")


def _rows_of(lines: Iterable[Line]) -> Iterator[tuple[int, int]]:
    """Yield the first line that is a row, and each whose row is not the one after that of the line before."""
    expected = None
    for place, line in enumerate(lines):
        if line.row is not None and line.row != expected:
            yield place, line.row
            expected = line.row
        expected = None if expected is None else expected + 1
