"""The blocks of a slide: its title, then what its shapes say in the order in which they are read, tables and charts."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.files.office.blocks import BULLET, Blocks
from corpus.files.office.counting import numeral
from corpus.files.office.docx_styles import is_on, number_of
from corpus.files.office.drawings import add_drawing
from corpus.files.office.formulas import formula
from corpus.files.office.ooxml import MC, A, Element, M, Package, local
from corpus.files.office.reading_order import Box, in_reading_order
from corpus.files.office.tables import Cell, add_table

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
TITLES = ("title", "ctrTitle")
BULLETED = ("body", "obj", "")  # placeholders whose paragraphs have signs, by the styles of nearly all decks
SIDE = frozenset({"sldNum", "dt", "hdr"})  # placeholders that are about the slide and not of it
SHAPES = (P + "sp", P + "graphicFrame", P + "grpSp", P + "cxnSp")
# How PowerPoint names its numbers: arabicPeriod, alphaLcParenBoth, ea1ChsPlain.
FORMS = {
    **{"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman"},
    **{"romanUc": "upperRoman", "circleNum": "decimalEnclosedCircle", "ea1Chs": "chineseCounting"},
    **{"ea1Cht": "chineseCounting", "ea1Jpn": "japaneseCounting", "hindiNum": "hindiNumbers", "thaiNum": "thaiNumbers"},
    **{"arabicDb": "decimalFullWidth", "thaiAlpha": "thaiLetters", "hebrew2": "hebrew1", "arabic1": "arabicAlpha"},
}
AROUND = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Minus": "{}-"}


@dataclass(slots=True)
class Slide:
    """What a slide says.

    Attributes:
        title: of it, empty where it has none.
        level: of the title as a heading: 1 on a slide that is all title, else 2.
        content: all but the title.
        footers: what stands at its edge.
    """

    title: str
    level: int
    content: Blocks
    footers: list[Blocks]


class SlideReader:
    """A reader of the slides of one file."""

    def __init__(self, package: Package) -> None:
        """Read nothing yet."""
        self._package = package

    def read(self, name: str) -> Slide:
        """Return what the slide in a part says, nothing where there is no such part."""
        root, slide = self._package.tree(name), Slide("", 2, Blocks(), [])
        tree = None if root is None else root.find(f"{P}cSld/{P}spTree")
        places = self._inherited(name)
        for content in self._ordered([] if tree is None else list(_shapes(tree)), name, places, slide):
            slide.content.extend(content)
        return slide

    def notes(self, name: str) -> Blocks:
        """Return what the notes of the speaker to the slide in a part say."""
        notes = Blocks()
        for part in self._package.related(name, "notesSlide"):
            root = self._package.tree(part)
            for shape in () if root is None else root.iter(P + "sp"):
                if _placeholder(shape)[0] == "body":
                    _add_paragraphs(shape.find(P + "txBody"), notes, signs=False)
        return notes

    def _ordered(self, shapes: list[Element], name: str, places: dict[str, Box], slide: Slide) -> Iterator[Blocks]:
        """Yield what shapes say in the order in which they are read; a title goes to its slide."""
        said: list[tuple[Box | None, Blocks]] = []
        for shape in shapes:
            kind, number = _placeholder(shape)
            content = Blocks()
            self._add(shape, name, content, slide, signs=kind in BULLETED)
            if kind in TITLES and not slide.title:
                slide.title, slide.level = content.flat(), 1 if kind == "ctrTitle" else 2
            elif kind == "ftr":
                slide.footers.append(content)
            elif kind not in SIDE and len(content):
                said.append((_box(shape) or places.get(number or "") or places.get(kind or ""), content))
        boxed = [(box, content) for box, content in said if box is not None]
        yield from in_reading_order(boxed) if len(boxed) == len(said) else (content for _, content in said)

    def _add(self, shape: Element, name: str, content: Blocks, slide: Slide, *, signs: bool) -> None:
        if shape.tag == P + "grpSp":
            for inner in self._ordered(list(_shapes(shape)), name, {}, slide):
                content.extend(inner)
        elif shape.tag == P + "graphicFrame":
            for table in shape.iter(A + "tbl"):
                add_table([list(_cells(row)) for row in table.iterfind(A + "tr")], content)
            add_drawing(self._package, name, shape, content)
        else:
            _add_paragraphs(shape.find(P + "txBody"), content, signs=signs)

    def _inherited(self, name: str) -> dict[str, Box]:
        """Return where the layout of a slide, and what that is made after, put things by number and kind."""
        places: dict[str, Box] = {}
        for kind in ("slideLayout", "slideMaster"):
            name = next(iter(self._package.related(name, kind)), "")
            root = self._package.tree(name) if name else None
            for shape in () if root is None else root.iter(P + "sp"):
                if (box := _box(shape)) is not None:
                    what, number = _placeholder(shape)
                    for key in (number, what):
                        if key is not None:
                            places.setdefault(key, box)
        return places


def _shapes(tree: Element) -> Iterator[Element]:
    """Yield the shapes of a slide or a group, of what is there for newer and older programs one."""
    for child in tree:
        if child.tag in SHAPES:
            yield child
        elif child.tag == MC + "AlternateContent":
            for branch in child:
                if shapes := list(_shapes(branch)):
                    yield from shapes
                    break


def _placeholder(shape: Element) -> tuple[str | None, str | None]:
    """Return what kind of placeholder a shape is, empty where none is named, and its number; `None` if it is none."""
    found = next(shape.iter(P + "ph"), None) if shape.tag != P + "grpSp" else None
    return (None, None) if found is None else (found.get("type", ""), found.get("idx"))


def _box(shape: Element) -> Box | None:
    found = next((each for each in shape.iter(A + "xfrm", P + "xfrm")), None)
    offset = None if found is None else found.find(A + "off")
    size = None if found is None else found.find(A + "ext")
    if offset is None or size is None:
        return None
    try:
        return Box(
            *(float(each.get(key, "")) for each, key in ((offset, "x"), (offset, "y"), (size, "cx"), (size, "cy")))
        )
    except ValueError:
        return None


def _cells(row: Element) -> Iterator[Cell]:
    for cell in row.iterfind(A + "tc"):
        if not is_on(cell.get("hMerge", "0")):
            _add_paragraphs(cell.find(A + "txBody"), content := Blocks(), signs=False)
            yield Cell(content, number_of(cell.get("gridSpan")) or 1, is_on(cell.get("vMerge", "0")))


def _add_paragraphs(body: Element | None, blocks: Blocks, *, signs: bool) -> None:
    """Add the paragraphs of a shape, with the numbers that PowerPoint shows.

    Args:
        body: the text of the shape, if it has one.
        blocks: to which they are added.
        signs: whether a paragraph that says nothing of it has a sign before it.
    """
    counts: dict[int, tuple[str, int]] = {}
    for paragraph in () if body is None else body.iterfind(A + "p"):
        properties = paragraph.find(A + "pPr")
        depth = (number_of(properties.get("lvl", "0")) or 0) if properties is not None else 0
        number = None if properties is None else properties.find(A + "buAutoNum")
        text = _text(paragraph)
        if not text.strip():
            continue
        counts = {
            level: count for level, count in counts.items() if level < depth or (level == depth and number is not None)
        }
        if number is not None:
            kind = number.get("type", "arabicPeriod")
            before = counts.get(depth, ("", 0))
            value = before[1] + 1 if before[0] == kind else number_of(number.get("startAt")) or 1
            counts[depth] = kind, value
            blocks.item(depth, f"{_number(kind, value)} ", text)
        elif _has_sign(properties, signs or depth > 0):
            blocks.item(depth, f"{BULLET} ", text)
        else:
            blocks.paragraph(text)


def _has_sign(properties: Element | None, usual: bool) -> bool:
    if properties is None or properties.find(A + "buNone") is None:
        return usual or (properties is not None and properties.find(A + "buChar") is not None)
    return False


def _number(kind: str, value: int) -> str:
    name = next((name for name in sorted(FORMS, key=len, reverse=True) if kind.startswith(name)), "arabic")
    around = next((pattern for ending, pattern in AROUND.items() if kind.endswith(ending)), "{}")
    return around.format(numeral(value, FORMS[name]))


def _text(paragraph: Element) -> str:
    """Return what a paragraph says; the number of the slide is none of it."""
    said = []
    for child in paragraph:
        if child.tag == A + "br":
            said.append("\n")
        elif child.tag == A + "fld" and child.get("type", "").startswith(("slidenum", "datetime")):
            continue
        elif child.tag in (A + "r", A + "fld"):
            said.append(child.findtext(A + "t") or "")
        elif local(child) in ("AlternateContent", "m"):
            math = next(child.iter(M + "oMath"), None)
            said.append("" if math is None else formula(math))
    return "".join(said)
