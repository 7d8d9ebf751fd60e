"""The sheets of an XLS, of Excel up to 2003, by calamine, which tells days and times and no other formats."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract
from corpus.files.folders.metadata import Metadata
from corpus.files.sheets.cell_format import plain
from corpus.files.sheets.extracting import Sheet, check_cells, extract_of_sheets
from corpus.files.sheets.header import Merged
from corpus.files.sheets.lines import Row

# What is granted, several times what honest files take: of bytes and of cells; and memory once, for a sheet is laid out
# whole before its cells can be counted.
BYTE_SECONDS, BYTE_MEMORY = 5e-6, 150
CELL_SECONDS, CELL_MEMORY = 20e-6, 300
LAID_OUT = 100_000_000

Value = int | float | str | bool | time | date | datetime | timedelta


def read(path: Path) -> Extract:
    """Return the text of a workbook's sheets.

    Raises:
        UnreadableFile: if it is damaged, locked, or more than a document can be.
    """
    size = path.stat().st_size
    grant(BYTE_SECONDS * size, LAID_OUT + BYTE_MEMORY * size)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            listed = [each for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
            seen = [each.name for each in listed if each.visible is SheetVisibleEnum.Visible]
            hidden = [each.name for each in listed if each.name not in seen]
            sheets = [workbook.get_sheet_by_name(name) for name in seen]
            _grant_cells(sheets)
            return extract_of_sheets(map(_sheet, sheets), Metadata(), hidden)
    except PasswordError:
        raise UnreadableFile("it is locked by a password; save it without one") from None
    except CalamineError:
        raise UnreadableFile("it is a damaged or incomplete XLS; open it and save it again") from None


def _grant_cells(sheets: list[CalamineSheet]) -> None:
    ends = [sheet.end for sheet in sheets if sheet.end is not None]
    cells = sum((row + 1) * (column + 1) for row, column in ends)
    check_cells(cells)
    grant(CELL_SECONDS * cells, CELL_MEMORY * cells)


def _sheet(sheet: CalamineSheet) -> Sheet:
    merged = [
        Merged(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Sheet(sheet.name, _rows(sheet), merged)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        yield Row(number, tuple(map(_said, cells)))


def _said(value: Value) -> str:
    """Return what a person sees in a cell, as far as it is told."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return plain(float(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return value.isoformat()
