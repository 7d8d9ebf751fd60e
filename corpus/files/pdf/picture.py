"""A page of a PDF as PDFium draws it, with words marked. Run in the process that reads files only.

The words come from the text that `corpus.files.pdf.reader` made of the page, where white space and characters that
nobody sees may differ from the page's own; so neither counts when they are looked for.
"""

import re
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from contextlib import closing
from math import sqrt

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.files.extract import UNPRINTABLE
from corpus.files.pdf.page import page_units
from corpus.files.pdf.reader import open_pdf
from corpus.files.pdf.units import LINE_END_HYPHEN, Box

MOST_PIXELS = 16_000_000  # of a picture; a receipt of ten feet is still read, and takes 50 MB
LONGEST_SIDE = 32_000  # pixels; browsers show no picture that is longer
YELLOW = (255, 222, 90)  # as a felt pen's; a light grey in print without colours
# White space and what `clean_text` drops, but not halves of pairs: PDFium has characters beyond the basic plane as two.
UNSEEN = re.compile(rf"\s|(?![\ud800-\udfff]){UNPRINTABLE.pattern}")

TABLE_RULE = re.compile(r"^\|(?: --- \|)+$", re.MULTILINE)  # below the names of columns


def draw(pdf: str, page: int, width: int, mark: Mapping[str, str] | None) -> dict[str, object]:
    """Return a page as a PNG in base64, `None` if there is none of that number, and whether its words were marked."""
    with open_pdf(b64decode(pdf)) as document:
        pages = len(document)
        if not 1 <= page <= pages:
            return {"png": None, "marked": False, "pages": pages}
        with closing(document[page - 1]) as drawn:
            boxes = [] if mark is None else _boxes(drawn, **mark)
            if boxes:
                _fill(drawn, _bands(boxes))
            return {"png": b64encode(_rendered(drawn, width)).decode(), "marked": bool(boxes), "pages": pages}


def _rendered(page: pdfium.PdfPage, width: int) -> bytes:
    wide, high = page.get_size()
    scale = min(width / wide, sqrt(MOST_PIXELS / wide / high), LONGEST_SIDE / high)
    # It rounds up, which must not lead beyond the width.
    with closing(page.render(scale=scale * (1 - 1e-6), rev_byteorder=True)) as bitmap:
        return _png(memoryview(bitmap.buffer).cast("B"), bitmap.width, bitmap.height, bitmap.stride)


def _png(pixels: memoryview, width: int, height: int, stride: int) -> bytes:
    """Return rows of red, green and blue as a PNG, whose specification is at https://www.w3.org/TR/png-3."""
    rows = b"".join(b"\0" + pixels[start : start + 3 * width] for start in range(0, height * stride, stride))
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)  # 8 bits of each of the three colours
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _boxes(page: pdfium.PdfPage, words: str, before: str) -> list[Box]:
    """Return where the characters of the words stand that are nearest to where they are looked for."""
    with closing(page.get_textpage()) as text_page:
        characters, places = _characters(page, text_page)
        # Above the rows of a page that a table goes on to stand the names of its columns, which are not printed there.
        for wanted in (words, TABLE_RULE.split(words, maxsplit=1)[-1]):
            wanted = _seen(TABLE_RULE.sub("", wanted))
            start = _nearest(characters, wanted, len(_seen(TABLE_RULE.sub("", before)))) if wanted else None
            if start is not None:
                boxes = (_box(text_page, place) for place in places[start : start + len(wanted)])
                return [box for box in boxes if box and box[0] < box[2] and box[1] < box[3]]
    return []


def _box(text_page: pdfium.PdfTextPage, place: int | Box | None) -> Box | None:
    return text_page.get_charbox(place, loose=True) if isinstance(place, int) else place


def _characters(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> tuple[str, list[int | Box | None]]:
    """Return what can be seen of what is read on a page, as `_seen` has it, and where each of that stands."""
    left, bottom, right, top = page.get_bbox()
    characters: list[str] = []
    places: list[int | Box | None] = []
    for unit, place in page_units(page, text_page):
        if place is None and TABLE_RULE.search(unit):
            continue  # it stands elsewhere where the table goes on from the page before
        seen = _seen(unit)
        if seen and isinstance(place, int):
            box = text_page.get_charbox(place)
            if box[0] > right or box[2] < left or box[1] > top or box[3] < bottom:  # it is cropped
                continue
        characters.append(seen)
        places += [place] * len(seen)
    return "".join(characters), places


def _seen(text: str) -> str:
    """Return the characters that are compared, in the units of UTF-16, which PDFium counts."""
    codes = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return UNSEEN.sub("", LINE_END_HYPHEN.sub("-", "".join(map(chr, codes))))


def _nearest(text: str, words: str, expected: int) -> int | None:
    """Return where the words begin that stand nearest to an offset."""
    found = (text.rfind(words, 0, expected + len(words)), text.find(words, expected))
    return min((start for start in found if start >= 0), key=lambda start: abs(start - expected), default=None)


def _bands(boxes: Iterable[Box]) -> list[Box]:
    """Return one box for characters that follow each other on a line, so that what is between them is marked, too."""
    bands: list[Box] = []
    for box in boxes:
        if bands and _on_one_line(bands[-1], box):
            left, bottom, right, top = zip(bands.pop(), box, strict=True)
            box = min(left), min(bottom), max(right), max(top)
        bands.append(box)
    return bands


def _on_one_line(band: Box, box: Box) -> bool:
    """Return whether two boxes share half of their height and are parted by no more than a wide space."""
    higher = max(band[3] - band[1], box[3] - box[1])
    shared = min(band[3], box[3]) - max(band[1], box[1])
    return shared > higher / 2 and max(box[0] - band[2], band[0] - box[2]) < higher


def _fill(page: pdfium.PdfPage, boxes: Iterable[Box]) -> None:
    """Lay a colour over boxes as ink does: what is dark stays dark, and where boxes overlap it is no darker."""
    path = raw.FPDFPageObj_CreateNewPath(0, 0)
    for left, bottom, right, top in boxes:
        raw.FPDFPath_MoveTo(path, left, bottom)
        for corner in ((right, bottom), (right, top), (left, top)):
            raw.FPDFPath_LineTo(path, *corner)
        raw.FPDFPath_Close(path)
    raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_WINDING, False)
    raw.FPDFPageObj_SetFillColor(path, *YELLOW, 255)
    raw.FPDFPageObj_SetBlendMode(path, b"Multiply")
    raw.FPDFPage_InsertObject(page, path)
