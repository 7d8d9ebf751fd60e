"""The blocks of an ODF text: headings and items with the numbers that offices show, tables, notes and boxes."""

import re
from collections.abc import Callable, Iterable, Iterator

from corpus.files.office.blocks import Blocks
from corpus.files.office.docx_styles import number_of
from corpus.files.office.headers import PAGE_NUMBER
from corpus.files.office.odf import DRAW, TABLE, TEXT
from corpus.files.office.odf_styles import CODE, LEVELS, TITLE, Counts, Styles
from corpus.files.office.ooxml import Element, local
from corpus.files.office.tables import Cell, add_table
from corpus.files.text.markdown import raised

LINK = "{http://www.w3.org/1999/xlink}href"
ID = "{http://www.w3.org/XML/1998/namespace}id"
SPACE = re.compile(r"[ \t\r\n]+")
MOST_SPACES = 100  # in a row
MOST_REPEATED = 1_000  # rows or cells that are written once
PASSED_OVER = frozenset(
    "tracked-changes sequence-decls variable-decls user-field-decls forms annotation annotation-end number title desc "
    "note-citation alphabetical-index-auto-mark-file image".split()
)


class Body:
    """A reader of the texts of one document, which counts on from one to the next.

    Attributes:
        notes: the notes in the order of their signs.
    """

    def __init__(self, styles: Styles, formula: Callable[[str], str]) -> None:
        """Read nothing yet.

        Args:
            styles: those of the document.
            formula: what returns the text of an object by its address, nothing if it is no formula.
        """
        self.notes: list[Blocks] = []
        self._styles = styles
        self._formula = formula
        self._outline = Counts()
        self._counts: dict[str, Counts] = {}  # by the names and styles of lists
        self._boxes: list[Iterable[Element]] = []  # that hang on the paragraph that is read
        self._label = ""  # of the item whose first paragraph comes next
        self._blocks: dict[str, Callable[[Element, Blocks], None]] = {
            TEXT + "p": self._paragraph,
            TEXT + "h": self._heading,
            TEXT + "list": lambda element, blocks: self._list(element, blocks, "", Counts(), 0),
            TABLE + "table": self._table,
        }
        self._inlines: dict[str, Callable[[Element], str]] = {
            TEXT + "s": lambda element: " " * min(number_of(element.get(TEXT + "c")) or 1, MOST_SPACES),
            TEXT + "tab": lambda element: "\t",
            TEXT + "line-break": lambda element: "\n",
            TEXT + "page-number": lambda element: PAGE_NUMBER,
            TEXT + "page-count": lambda element: PAGE_NUMBER,
            TEXT + "span": self._span,
            TEXT + "ruby": self._ruby,
            TEXT + "note": self._note,
            DRAW + "text-box": self._box,
            **dict.fromkeys((TEXT + "p", TEXT + "list"), lambda element: self._box([element])),  # in a shape
            DRAW + "object": lambda element: self._formula(element.get(LINK, "")),
        }

    def read(self, container: Iterable[Element], blocks: Blocks) -> None:
        """Add the blocks in an element to others."""
        for child in container:
            add = self._blocks.get(child.tag)
            if add is not None:
                add(child, blocks)
            elif child.tag == DRAW + "frame":  # that stands beside no paragraph
                self._paragraph(child, blocks)
            elif local(child) not in PASSED_OVER:
                self.read(child, blocks)

    def _paragraph(self, element: Element, blocks: Blocks) -> None:
        text, style = self._inline(element), element.get(TEXT + "style-name", "")
        if self._styles.is_based_on(style, TITLE):
            blocks.heading(1, text)
        elif self._styles.is_based_on(style, CODE):
            blocks.code(text)
        else:
            blocks.paragraph(text)
        self._add_boxes(blocks)

    def _heading(self, element: Element, blocks: Blocks) -> None:
        level = number_of(element.get(TEXT + "outline-level")) or 1
        text, label = self._inline(element), ""
        unnumbered = self._styles.list_of(element.get(TEXT + "style-name", "")) == ""
        if not unnumbered and element.get(TEXT + "is-list-header") != "true":
            start = number_of(element.get(TEXT + "start-value"))
            label = self._outline.next(self._styles.outline, min(level, LEVELS) - 1, start)
        blocks.heading(level, f"{label} {text}" if label.strip() and text.strip() else text)
        self._add_boxes(blocks)

    def _add_boxes(self, blocks: Blocks) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.read(box, blocks)

    def _list(self, element: Element, blocks: Blocks, style: str, counts: Counts, depth: int) -> None:
        """Add the items of a list or, where its depth is more than 0, of one in another."""
        style = element.get(TEXT + "style-name") or style
        if not depth:
            goes_on = element.get(TEXT + "continue-numbering") == "true"
            before = element.get(TEXT + "continue-list") or (style if goes_on else None)
            counts = self._counts.get(before, counts) if before else counts
            self._counts[style] = self._counts[element.get(ID, style)] = counts
        for item in element:
            if local(item) in ("list-item", "list-header"):
                self._item(item, blocks, style, counts, depth)

    def _item(self, item: Element, blocks: Blocks, style: str, counts: Counts, depth: int) -> None:
        numbered = local(item) == "list-item"
        for child in item:
            if child.tag == TEXT + "list":
                self._list(child, blocks, style, counts, min(depth + 1, LEVELS - 1))
            elif numbered and child.tag in (TEXT + "p", TEXT + "h"):
                numbered = False
                start = number_of(item.get(TEXT + "start-value"))
                label = counts.next(self._styles.levels.get(style, {}), depth, start)
                self._first(child, blocks, label.strip(), depth)
            else:
                self._blocks.get(child.tag, self.read)(child, blocks)

    def _first(self, element: Element, blocks: Blocks, label: str, depth: int) -> None:
        """Add the first paragraph of an item, which has its number."""
        text = self._inline(element)
        if element.tag == TEXT + "h":
            level = number_of(element.get(TEXT + "outline-level")) or 1
            blocks.heading(level, f"{label} {text}" if text.strip() else "")
        elif label:
            blocks.item(depth, f"{label} ", text)
        else:
            blocks.paragraph(text)
        self._add_boxes(blocks)

    def _inline(self, element: Element) -> str:
        said = [SPACE.sub(" ", element.text or "")]
        for child in element:
            write = self._inlines.get(child.tag)
            if write is not None:
                said.append(write(child))
            elif local(child) not in PASSED_OVER:
                said.append(self._inline(child))
            said.append(SPACE.sub(" ", child.tail or ""))
        return "".join(said)

    def _span(self, element: Element) -> str:
        return raised(self._inline(element), self._styles.raised.get(element.get(TEXT + "style-name", ""), ""))

    def _ruby(self, element: Element) -> str:
        base, reading = (
            "" if each is None else self._inline(each)
            for each in (element.find(TEXT + "ruby-base"), element.find(TEXT + "ruby-text"))
        )
        return f"{base}({reading})" if reading.strip() else base

    def _note(self, element: Element) -> str:
        content = element.find(TEXT + "note-body")
        self.notes.append(note := Blocks())
        sign, boxes = f"[{len(self.notes)}]", self._boxes
        if content is not None:
            self.read(content, note)
        self._boxes = boxes
        return sign

    def _box(self, blocks: Iterable[Element]) -> str:
        self._boxes.append(blocks)
        return ""

    def _table(self, element: Element, blocks: Blocks) -> None:
        heads = element.find(TABLE + "table-header-rows")
        add_table(list(self._rows(element)), blocks, 1 if heads is None else len(heads))

    def _rows(self, element: Element) -> Iterator[list[Cell]]:
        below: dict[int, tuple[int, int]] = {}
        for row in element.iter(TABLE + "table-row"):
            if next(row.iterancestors(TABLE + "table")) is element:
                cells = list(self._cells(row, below))
                yield from [cells] * min(number_of(row.get(TABLE + "number-rows-repeated")) or 1, MOST_REPEATED)

    def _cells(self, row: Element, below: dict[int, tuple[int, int]]) -> Iterator[Cell]:
        """Yield the cells of a row.

        Args:
            row: with a place for each column, also where a cell above or to the left covers it.
            below: by the columns of cells above that cover some, for how many rows more, and how many columns.
        """
        column = covered_to = 0
        for each in row:
            if local(each) not in ("table-cell", "covered-table-cell"):
                continue
            rows, columns = (number_of(each.get(f"{TABLE}number-{of}-spanned")) or 1 for of in ("rows", "columns"))
            self.read(each, content := Blocks())
            for _ in range(min(number_of(each.get(TABLE + "number-columns-repeated")) or 1, MOST_REPEATED)):
                if local(each) == "table-cell":
                    yield Cell(content, columns)
                    below[column] = rows - 1, columns
                    covered_to = column + columns
                elif column >= covered_to and below.get(column, (0, 0))[0] > 0:
                    rows, columns = below[column]
                    yield Cell(Blocks(), columns, goes_on=True)
                    below[column] = rows - 1, columns
                    covered_to = column + columns
                column += 1
