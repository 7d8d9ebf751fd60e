"""The sheets of an XLSX as they are shown: what formulas came to, numbers by their formats, hidden sheets left out."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.office.ooxml import Element, Package, R, elements_of, local
from corpus.files.sheets.cell_format import BUILT_IN, CellFormat, cell_format, shown
from corpus.files.sheets.extracting import MOST_COLUMNS, MOST_ELEMENTS, Sheet, check_cells, extract_of_sheets
from corpus.files.sheets.header import Merged
from corpus.files.sheets.lines import Row
from corpus.files.zip_parts import opened

USUAL_PART = "xl/workbook.xml"
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how characters are written that XML does not allow
TRUTH = {"1": "TRUE", "0": "FALSE"}
VISIBLE = "visible"
TRUE = ("1", "true", "on")


def read(path: Path) -> Extract:
    """Return the text of a workbook's sheets and what its properties say.

    Raises:
        UnreadableFile: if it is damaged, no XLSX, or more than a document can be.
    """
    with opened(path, "XLSX", MOST_ELEMENTS) as parts:
        return _Workbook(parts).extract()


class _Workbook:
    """A workbook and what its sheets have in common: texts, formats, and how days are counted."""

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts, self._package = parts, Package(parts)
        self._main = self._package.main(USUAL_PART) or ""
        root = self._package.tree(self._main)
        if root is None or local(root) != "workbook":
            raise UnreadableFile(f"it is a ZIP without {USUAL_PART}, so no XLSX; give it the ending of what it is")
        self._root = root
        properties = root.find("{*}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in TRUE
        self._texts = self._shared_texts()
        self._formats = self._cell_formats()
        self._sheets = set[str]()
        self._cells = self._unknown = 0  # formulas whose value nobody has computed among the cells

    def extract(self) -> Extract:
        """Return what all sheets say that a person sees."""
        listed = self._root.findall("{*}sheets/{*}sheet")
        seen = [each for each in listed if each.get("state", VISIBLE) == VISIBLE]
        hidden = [each.get("name", "") for each in listed if each not in seen]
        sheets = [sheet for each in seen if (sheet := self._sheet(each)) is not None]
        unknown = f"formulas without their values: {self._unknown:,}; open it in an office and save it"
        return extract_of_sheets(sheets, self._package.properties(), hidden, [unknown] if self._unknown else [])

    def _shared_texts(self) -> list[str]:
        texts = list[str]()
        for name in self._package.related(self._main, "sharedStrings"):
            for item in _elements(self._parts, name, "si"):
                texts.append(_text(item))
        return texts

    def _cell_formats(self) -> list[CellFormat]:
        """Return the formats that cells name by their numbers."""
        formats = list[CellFormat]()
        for name in self._package.related(self._main, "styles"):
            root = self._package.tree(name)
            if root is not None:
                codes = BUILT_IN | {
                    int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iter("{*}numFmt")
                }
                formats += [
                    cell_format(codes.get(int(each.get("numFmtId", "0")), ""))
                    for each in root.iterfind("{*}cellXfs/{*}xf")
                ]
        return formats

    def _sheet(self, sheet: Element) -> Sheet | None:
        relation = self._package.relations(self._main).get(sheet.get(f"{R}id", ""))
        if relation is None or relation.kind != "worksheet":  # a sheet of charts or of old macros
            return None
        if relation.target in self._sheets:
            raise UnreadableFile("two of its sheets are one part of it, so it is damaged; open it and save it again")
        self._sheets.add(relation.target)
        rows, merged = list[Row](), list[Merged]()
        for element in _elements(self._parts, relation.target, "row", "mergeCell"):
            if local(element) == "row":
                rows.append(self._row(element, rows[-1].number if rows else 0))
            elif found := _area(element.get("ref", "")):
                merged.append(found)
        return Sheet(sheet.get("name"), rows, merged)

    def _row(self, row: Element, before: int) -> Row:
        number = int(row.get("r") or before + 1)
        cells = dict[int, str]()
        column = -1
        for cell in row.iterchildren("{*}c"):
            place = REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            if said := self._cell(cell):
                cells[column] = said
        width = max(cells, default=-1) + 1
        self._cells += width
        check_cells(self._cells)
        if width > MOST_COLUMNS:
            raise UnreadableFile(f"row {number:,} has more than the {MOST_COLUMNS:,} columns of a sheet; split it")
        return Row(number, tuple(cells.get(place, "") for place in range(width)))

    def _cell(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(map(_text, cell.iterchildren("{*}is")))
        value = cell.findtext("{*}v") or ""
        if kind == "s":
            place = int(value or -1)
            return self._texts[place] if 0 <= place < len(self._texts) else ""
        if kind == "b":
            return TRUTH.get(value, value)
        if not value:
            self._unknown += cell.find("{*}f") is not None
            return ""
        if kind != "n":
            return _unescaped(value)
        style = int(cell.get("s", "0"))
        form = self._formats[style] if style < len(self._formats) else CellFormat()
        try:
            return shown(float(value), form, from_1904=self._from_1904)
        except ValueError:
            return value


def _elements(parts: zipfile.ZipFile, name: str, *wanted: str) -> Iterator[Element]:
    """Yield elements of a part, each gone when the next is asked for."""
    with parts.open(name) as part:
        for element in elements_of(part, *(f"{{*}}{each}" for each in wanted)):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _text(item: Element) -> str:
    """Return what a text says, without how Japanese names in it are pronounced."""
    runs = (run for run in item.iter("{*}t") if local(run.getparent()) != "rPh")
    return _unescaped("".join(run.text or "" for run in runs))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _area(reference: str) -> Merged | None:
    """Return the cells between two corners: A1:C2."""
    corners = [REFERENCE.fullmatch(each) for each in reference.replace("$", "").split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return None
    (left, top), (right, bottom) = ((_column(corner[1]), int(corner[2])) for corner in corners if corner)
    return Merged(top, left, bottom, right)


def _column(letters: str) -> int:
    """Return the number of a column, from 0: A, B, …, Z, AA."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
