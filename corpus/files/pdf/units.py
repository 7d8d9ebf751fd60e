"""What is read on a page of a PDF, character by character, and where each stands."""

import re
from collections.abc import Iterable, Iterator
from ctypes import byref, c_double, c_ushort
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

# PDFium puts one of these for a hyphen at the end of a line, and takes the line break out.
LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
# Scripts without spaces between words: there, the end of a line in a cell stands for none.
UNSPACED = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\ud840-\ud8ff]")
PIPE = "\\|"  # as in tables of Markdown
MOST = 0x10FFFF  # of the numbers of characters; PDFium says others of fonts that name none

Box = tuple[float, float, float, float]  # left, bottom, right, top, in the page's own units
# A character, in tables with a backslash, or what is written between them; and which of the page's characters it is,
# in which box it stands, or that it is printed nowhere.
Unit = tuple[str, int | Box | None]


class Glyphs(NamedTuple):
    """The characters of a page, those of pairs each by itself, line breaks among them; and the middle of each."""

    texts: list[str]
    middles: list[tuple[float, float]]


def characters(text_page: pdfium.PdfTextPage) -> list[str]:
    """Return the characters of a page with the line breaks that PDFium sees, those of pairs each by itself."""
    opened, count = text_page.raw, text_page.count_chars()
    written = (c_ushort * (count + 1))()
    # All at once takes a thirtieth of the time, but characters that fonts do not name are left out there.
    if raw.FPDFText_GetText(opened, 0, count, written) == len(written):
        return list(map(chr, written[:count]))
    codes = (raw.FPDFText_GetUnicode(opened, number) for number in range(count))
    return [chr(code) if code <= MOST else "\ufffd" for code in codes]


def middles(text_page: pdfium.PdfTextPage, count: int) -> list[tuple[float, float]]:
    """Return where the middles of so many characters of a page are."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    asked = text_page.raw, byref(left), byref(right), byref(bottom), byref(top)
    found = []
    for number in range(count):
        raw.FPDFText_GetCharBox(asked[0], number, *asked[1:])
        found.append(((left.value + right.value) / 2, (bottom.value + top.value) / 2))
    return found


def inside(page: pdfium.PdfPage, glyphs: Glyphs) -> list[bool]:
    """Return which characters of a page are shown, and not cropped; line breaks and spaces are."""
    left, bottom, right, top = page.get_bbox()
    return [
        text.isspace() or (left <= x <= right and bottom <= y <= top)
        for text, (x, y) in zip(glyphs.texts, glyphs.middles, strict=True)
    ]


def joined(numbers: Iterable[int], glyphs: Glyphs) -> Iterator[Unit]:
    """Yield characters in a line of a table: spaces for white space and for whatever is left out between them."""
    before = None
    for number in numbers:
        text = glyphs.texts[number]
        if before is not None:
            between = "".join(glyphs.texts[before + 1 : number])
            space = _space(glyphs.texts[before], between, text)
            if space:
                yield space, None
        yield ("-" if LINE_END_HYPHEN.match(text) else PIPE if text == "|" else text), number
        before = number


def _space(before: str, between: str, after: str) -> str:
    """Return what parts two characters in a line; `between` is white space, or text that stands elsewhere."""
    if not between or LINE_END_HYPHEN.match(before):
        return ""
    line_ends = not between.isspace() or "\n" in between
    return "" if line_ends and UNSPACED.match(before) and UNSPACED.match(after) else " "


def text_of(units: Iterable[Unit]) -> str:
    """Return what units say, the halves of pairs as one character."""
    text = "".join(text for text, _ in units).replace("\0", "")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
