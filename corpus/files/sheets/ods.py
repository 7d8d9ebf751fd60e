"""The sheets of an ODS as they are shown: a cell says what stands in it, and a day is written as ISO 8601 has it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.office.odf import OFFICE, STYLE, TABLE, TEXT, check_unlocked, odf_properties
from corpus.files.office.ooxml import Element, elements_of, local
from corpus.files.sheets.extracting import MOST_ELEMENTS, Sheet, check_cells, extract_of_sheets
from corpus.files.sheets.header import Merged
from corpus.files.sheets.lines import Row
from corpus.files.zip_parts import opened

CONTENT_PART = "content.xml"
MIDNIGHT = "T00:00:00"
SPACES = {f"{TEXT}s": " ", f"{TEXT}tab": " ", f"{TEXT}line-break": " "}
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


def read(path: Path) -> Extract:
    """Return the text of a workbook's sheets and what its properties say.

    Raises:
        UnreadableFile: if it is damaged, locked, no ODS, or more than a document can be.
    """
    with opened(path, "ODS", MOST_ELEMENTS) as parts:
        check_unlocked(parts)
        if CONTENT_PART not in parts.namelist():
            raise UnreadableFile(f"it is a ZIP without {CONTENT_PART}, so no ODS; give it the ending of what it is")
        return _Workbook(parts).extract()


class _Workbook:
    """A workbook that is read from its beginning to its end, as its sheets come."""

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts = parts
        self._hidden = set[str]()  # styles of sheets that are not shown
        self._cells = 0

    def extract(self) -> Extract:
        """Return what all sheets say that a person sees."""
        read = list(self._sheets())
        hidden = [sheet.name or "" for sheet, seen in read if not seen]
        return extract_of_sheets([sheet for sheet, seen in read if seen], odf_properties(self._parts), hidden)

    def _sheets(self) -> Iterator[tuple[Sheet, bool]]:
        """Yield the sheets, and whether each is shown."""
        rows, merged, number = list[Row](), list[Merged](), 1
        tags = (f"{STYLE}style", f"{TABLE}table-row", f"{TABLE}table")
        with self._parts.open(CONTENT_PART) as part:
            for element in elements_of(part, *tags):
                kind = local(element)
                if kind == "style":
                    if any(each.get(f"{TABLE}display") == "false" for each in element):
                        self._hidden.add(element.get(f"{STYLE}name", ""))
                    continue
                if kind == "table-row":
                    repeated = _repeated(element, "rows")
                    rows += self._rows(element, number, repeated, merged)
                    number += repeated
                else:
                    seen = element.get(f"{TABLE}style-name") not in self._hidden
                    yield Sheet(element.get(f"{TABLE}name"), rows, merged), seen
                    rows, merged, number = [], [], 1
                element.clear(keep_tail=True)

    def _rows(self, row: Element, number: int, repeated: int, merged: list[Merged]) -> Iterator[Row]:
        """Yield a row as often as it is repeated, if anything stands in it."""
        cells = list[str]()
        column = 0
        for cell in row.iterchildren(*CELLS):
            said, times = _said(cell), _repeated(cell, "columns")
            if said:
                self._count(column + times, 1)
                cells += [""] * (column - len(cells)) + [said] * times
                merged += _span(cell, number, column)
            column += times
        if cells:
            self._count(len(cells), repeated)
            yield from (Row(number + place, tuple(cells)) for place in range(repeated))

    def _count(self, cells: int, rows: int) -> None:
        self._cells += cells * rows
        check_cells(self._cells)


def _said(cell: Element) -> str:
    if cell.get(f"{OFFICE}value-type") == "date":
        return str(cell.get(f"{OFFICE}date-value", "")).removesuffix(MIDNIGHT).replace("T", " ")
    return " ".join(_text(paragraph) for paragraph in cell.iterchildren(f"{TEXT}p")).strip()


def _text(element: Element) -> str:
    inner = (SPACES.get(child.tag) or _text(child) for child in element)
    return (element.text or "") + "".join(said + (child.tail or "") for said, child in zip(inner, element, strict=True))


def _repeated(element: Element, what: str) -> int:
    said = element.get(f"{TABLE}number-{what}-repeated", "1")
    return max(int(said), 1) if said.isdecimal() else 1


def _span(cell: Element, row: int, column: int) -> Iterator[Merged]:
    rows, columns = (
        int(said) if (said := cell.get(f"{TABLE}number-{each}-spanned", "1")).isdecimal() else 1
        for each in ("rows", "columns")
    )
    if max(rows, columns) > 1:
        yield Merged(row, column, row + rows - 1, column + columns - 1)
