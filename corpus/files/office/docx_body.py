"""The blocks of a part of a DOCX: paragraphs with the numbers that Word shows, tables, and what stands in boxes."""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Protocol

from corpus.files.office.blocks import Blocks
from corpus.files.office.docx_numbers import Numbers
from corpus.files.office.docx_styles import Styles, heading_level, is_on, value_of
from corpus.files.office.drawings import DRAWN
from corpus.files.office.formulas import formula
from corpus.files.office.headers import PAGE_FIELD, PAGE_NUMBER
from corpus.files.office.ooxml import MC, Element, M, W, local
from corpus.files.office.symbols import PRIVATE, is_symbol_font, symbol, without_private
from corpus.files.office.tables import Cell, add_table
from corpus.files.text.markdown import raised

CHECK_BOX_FIELD = re.compile(r"\s*FORMCHECKBOX\b")
BOXES = {True: "☒", False: "☐"}
# What is passed over with all that is in it: what was deleted or moved away, and what says how things look.
PASSED_OVER = frozenset(
    "del moveFrom pPr rPr tblPr tblGrid trPr tcPr sectPr instrText delText annotationRef footnoteRef endnoteRef "
    "sdtPr sdtEndPr rt".split()
)
SIGNS = {
    **{W + name: "\n" for name in ("br", "cr")},
    **{W + name: "\t" for name in ("tab", "ptab")},
    W + "noBreakHyphen": "\u2011",
}


class Notes(Protocol):
    """What numbers the notes of a document as it comes upon their signs."""

    def sign(self, kind: str, name: str) -> str:
        """Return the sign of a note in the text."""


class Body:
    """A reader of the parts of one document, which counts on from one to the next."""

    def __init__(self, styles: Styles, numbers: Numbers, notes: Notes, draw: Callable[[Element, Blocks], None]) -> None:
        """Read nothing yet.

        Args:
            styles: of the document.
            numbers: of its lists.
            notes: what numbers them.
            draw: what adds what a drawing says to blocks.
        """
        self._draw = draw
        self._styles = styles
        self._numbers = numbers
        self._notes = notes
        self._boxes: list[Element] = []  # with text, that hang on the paragraph that is read
        self._beside = Blocks()  # what drawings in it say
        self._before = ""  # what a paragraph without an end or a large first letter leaves to the next one
        self._fields: list[_Field] = []
        self._hidden = 0  # how many of them show the number of a page in this paragraph
        self._blocks: dict[str, Callable[[Element, Blocks], None]] = {
            W + "p": self._paragraph,
            W + "tbl": self._table,
            M + "oMathPara": lambda element, blocks: blocks.paragraph(formula(element)),
            MC + "AlternateContent": lambda element, blocks: self.read(_chosen(element), blocks),
        }
        self._inlines: dict[str, Callable[[Element], str]] = {
            W + "r": self._run,
            W + "t": lambda element: element.text or "",
            W + "sym": lambda element: symbol(int(element.get(W + "char", "0"), 16), element.get(W + "font", "")),
            W + "footnoteReference": self._note,
            W + "endnoteReference": self._note,
            W + "fldChar": self._field,
            W + "instrText": self._instruction,
            W + "fldSimple": self._simple_field,
            W + "ruby": self._ruby,
            W + "txbxContent": self._box,
            W + "drawing": self._drawing,
            M + "oMath": formula,
            M + "oMathPara": formula,
            MC + "AlternateContent": lambda element: self._inline(_chosen(element)),
        }

    def read(self, container: Element, blocks: Blocks) -> None:
        """Add the blocks in an element to others."""
        for child in container:
            add = self._blocks.get(child.tag)
            if add is not None:
                add(child, blocks)
            elif local(child) not in PASSED_OVER:
                self.read(child, blocks)
        blocks.paragraph(self._before)
        self._before = ""

    def _paragraph(self, element: Element, blocks: Blocks) -> None:
        properties = element.find(W + "pPr")
        text = self._before + self._inline(element)
        self._before, self._hidden = "", 0
        if properties is not None and _goes_on(properties):
            self._before = text
            return
        style = self._styles.of(properties)
        label = self._numbers.label(properties, style)
        level = heading_level(value_of(properties, "outlineLvl"))
        level = style.heading if level is None else level
        if style.code and not level and label is None:
            blocks.code(text)
        elif level and text.strip():
            blocks.heading(level, (label.text if label else "") + text)
        elif label is not None and label.text:
            blocks.item(label.depth, label.text, text)
        else:
            blocks.paragraph(text)
        blocks.extend(self._beside)
        boxes, self._boxes, self._beside = self._boxes, [], Blocks()
        for box in boxes:
            self.read(box, blocks)

    def _inline(self, element: Element) -> str:
        return "".join(self._said(child) for child in element)

    def _said(self, element: Element) -> str:
        """Return what something in a paragraph says, nothing while it is a number of a page."""
        if (sign := SIGNS.get(element.tag)) is not None:
            return sign
        write = self._inlines.get(element.tag)
        said = write(element) if write else "" if local(element) in PASSED_OVER else self._inline(element)
        return "" if self._hidden else said

    def _run(self, element: Element) -> str:
        text = self._inline(element)
        properties = element.find(W + "rPr")
        if properties is None or not text:
            return text
        text = raised(text, {"superscript": "sup", "subscript": "sub"}.get(value_of(properties, "vertAlign") or "", ""))
        fonts = properties.find(W + "rFonts")
        font = "" if fonts is None else fonts.get(W + "ascii", "")
        return without_private(text, font) if is_symbol_font(font) and max(text) >= chr(PRIVATE) else text

    def _note(self, element: Element) -> str:
        return self._notes.sign(local(element).removesuffix("Reference"), element.get(W + "id", ""))

    def _field(self, element: Element) -> str:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(element))
        elif kind == "separate" and self._fields:
            self._hidden += self._fields[-1].is_page_number
        elif kind == "end" and self._fields:
            field = self._fields.pop()
            self._hidden -= field.is_page_number and self._hidden > 0
            return field.sign()
        return ""

    def _instruction(self, element: Element) -> str:
        if self._fields:
            self._fields[-1].instruction += element.text or ""
        return ""

    def _simple_field(self, element: Element) -> str:
        return PAGE_NUMBER if PAGE_FIELD.match(element.get(W + "instr", "")) else self._inline(element)

    def _ruby(self, element: Element) -> str:
        base, reading = (
            "" if each is None else self._inline(each)
            for each in (element.find(W + "rubyBase"), element.find(W + "rt"))
        )
        return f"{base}({reading})" if reading.strip() else base

    def _box(self, element: Element) -> str:
        self._boxes.append(element)
        return ""

    def _drawing(self, element: Element) -> str:
        self._draw(element, self._beside)
        return self._inline(element)

    def _table(self, element: Element, blocks: Blocks) -> None:
        rows = [row for row in _children(element, "tr") if row.find(f"{W}trPr/{W}del") is None]
        heads = sum(1 for _ in takewhile(lambda row: row.find(f"{W}trPr/{W}tblHeader") is not None, rows))
        add_table([list(self._cells(row)) for row in rows], blocks, heads)

    def _cells(self, row: Element) -> Iterator[Cell]:
        before = row.find(f"{W}trPr/{W}gridBefore")
        if before is not None:
            yield Cell(Blocks(), _count(before.get(W + "val")))
        for each in _children(row, "tc"):
            properties = each.find(W + "tcPr")
            merged = None if properties is None else properties.find(W + "vMerge")
            self.read(each, content := Blocks())
            goes_on = merged is not None and merged.get(W + "val", "continue") == "continue"
            yield Cell(content, _count(value_of(properties, "gridSpan")), goes_on)


class _Field:
    """A field that is open: what Word is told to show, and what it showed when the file was saved."""

    def __init__(self, begin: Element) -> None:
        self.instruction = ""
        self._begin = begin

    @property
    def is_page_number(self) -> bool:
        """Whether it shows the number of a page, which is none of the text."""
        return PAGE_FIELD.match(self.instruction) is not None

    def sign(self) -> str:
        """Return what stands for the field itself."""
        if CHECK_BOX_FIELD.match(self.instruction):
            box = self._begin.find(f"{W}ffData/{W}checkBox")
            ticks = [] if box is None else [box.find(W + name) for name in ("checked", "default")]
            tick = next((each for each in ticks if each is not None), None)
            return BOXES[tick is not None and is_on(tick.get(W + "val"))]
        return PAGE_NUMBER if self.is_page_number else ""


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, through whatever is put around them."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag not in (W + "tbl", W + "p") and local(child) not in PASSED_OVER:
            yield from _children(child, name)


def _count(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 4 else 1


def _goes_on(properties: Element) -> bool:
    """Return whether a paragraph is no whole one: its end was deleted, or it is the large first letter of the next."""
    frame = properties.find(W + "framePr")
    dropped = frame is not None and frame.get(W + "dropCap", "none") != "none"
    return dropped or properties.find(f"{W}rPr/{W}del") is not None


def _chosen(element: Element) -> Element:
    """Return of what is there for newer and older programs what has text that is not a picture of it."""
    branches = [branch for branch in element if local(branch) in ("Choice", "Fallback")]
    return next((each for each in branches if next(each.iter(W + "t", M + "t", *DRAWN), None) is not None), element[:0])
