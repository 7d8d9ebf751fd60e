"""Why a PDF has no text: what is drawn on its pages instead, or how its streams are packed."""

from collections.abc import Iterable, Iterator
from ctypes import c_float
from enum import Enum
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.files.pdf.streams import stream_problem
from corpus.files.pdf.units import Box

DEEPEST = 4  # drawings inside drawings
MOST_OBJECTS = 2_000  # of a page that are looked at
# Links and the windows of notes draw nothing by themselves.
UNDRAWN = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
WAY_OUT = 'run it through OCR first, or install "wherefrom[ocr]"'


class Drawn(Enum):
    """What can be seen on a page besides words that can be read, and what is said of a file that has nothing else."""

    PICTURES = f"it has no text, only pictures; {WAY_OUT}"
    LETTERS = f"its fonts do not tell which characters they draw; {WAY_OUT}"
    SHAPES = f"it has no text, only drawings; if they show words, {WAY_OUT}"
    FIELDS = "it has no text, only fields of a form that nobody has filled in"


def drawn(page: pdfium.PdfPage) -> Drawn | None:
    """Return what can be seen on a page without words; pictures before letters, and those before anything else."""
    objects = (raw.FPDFPage_GetObject(page, number) for number in range(raw.FPDFPage_CountObjects(page)))
    seen = {kind for _, kind in zip(range(MOST_OBJECTS), _kinds(objects, page.get_bbox()), strict=False)}
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind not in UNDRAWN:
            seen.add(Drawn.FIELDS if kind == raw.FPDF_ANNOT_WIDGET else Drawn.SHAPES)
    return next((kind for kind in Drawn if kind in seen), None)


def _kinds(objects: Iterable[raw.FPDF_PAGEOBJECT], page: Box, depth: int = 0) -> Iterator[Drawn | None]:
    for each in objects:
        kind = raw.FPDFPageObj_GetType(each)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = (raw.FPDFFormObj_GetObject(each, number) for number in range(raw.FPDFFormObj_CountObjects(each)))
            yield from _kinds(inner, page, depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            yield Drawn.PICTURES
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            yield Drawn.LETTERS if _is_seen(each, page) else None
        else:
            yield Drawn.SHAPES


def _is_seen(text: raw.FPDF_PAGEOBJECT, page: Box) -> bool:
    """Return whether letters are drawn within a page; spaces have no height."""
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(text, left, bottom, right, top)
    inside = left.value < page[2] and right.value > page[0] and bottom.value < page[3] and top.value > page[1]
    return inside and top.value > bottom.value


def why_no_text(seen: Iterable[Drawn | None], path: Path) -> str:
    """Return why a PDF has no text, with the way out.

    Args:
        seen: what can be seen on its pages.
        path: the file.
    """
    found = set(seen)
    reason = next((kind.value for kind in Drawn if kind in found), None)
    return reason or stream_problem(path) or "nothing is written or drawn on its pages"
