"""What was filled in on a page of a PDF: the values of its fields, and the texts that were typed over it."""

import re
from collections.abc import Callable, Iterator, Sequence
from ctypes import c_ushort

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.files.pdf.units import Box, Unit

MOST = 5_000  # annotations of a page; the largest forms have some hundred fields
UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
PASSWORD = 1 << 13  # the flag of a field that does not show its value
TICKED = "☒"  # as printed forms have it
LONGEST = 80  # characters of a caption; what is longer is a sentence
INDEX = re.compile(r"\[\d+\]")  # which of several fields of one name it is
CHOSEN = (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
BOXES = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)


def filled_in(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> Iterator[Unit]:
    """Yield what was filled in on a page or typed over it, a line each, with the box in which it stands."""
    notes = [raw.FPDFPage_GetAnnot(page, number) for number in range(min(raw.FPDFPage_GetAnnotCount(page), MOST))]
    boxes = [_box(note) for note in notes]
    for note, box in zip(notes, boxes, strict=True):
        name, value = _said(page, note)
        raw.FPDFPage_CloseAnnot(note)
        if not _bare(value) or _bare(value) in _bare(text_page.get_text_bounded(*box)):
            continue
        yield "\n", None
        if name:
            name = _printed(page, text_page, box, boxes, before=value != TICKED) or name
            yield f"{TICKED} {name}" if value == TICKED else f"{name}: ", box if value == TICKED else None
        if value != TICKED:
            yield value, box


def _printed(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, box: Box, others: Sequence[Box], *, before: bool
) -> str:
    """Return what is printed on the line of a field before it, up to the next field; or behind a box to be ticked."""
    left, bottom, right, top = box
    beside = [other for other in others if other[1] < (bottom + top) / 2 < other[3]]
    if before:
        start = max((other[2] for other in beside if other[2] <= left), default=page.get_bbox()[0])
        text = text_page.get_text_bounded(start, bottom, left, top)
    else:
        end = min((other[0] for other in beside if other[0] >= right), default=page.get_bbox()[2])
        text = text_page.get_text_bounded(right, bottom, end, top)
    said = " ".join(text.split()).rstrip(":：")
    return said if len(said) <= LONGEST and any(map(str.isalpha, said)) else ""


def _said(page: pdfium.PdfPage, note: raw.FPDF_ANNOTATION) -> tuple[str, str]:
    """Return the name of a field and its value; of a text over the page no name, and of whatever else no value."""
    kind = raw.FPDFAnnot_GetSubtype(note)
    if raw.FPDFAnnot_GetFlags(note) & UNSEEN:
        return "", ""
    if kind == raw.FPDF_ANNOT_FREETEXT:
        return "", _string(raw.FPDFAnnot_GetStringValue, note, b"Contents")
    if kind != raw.FPDF_ANNOT_WIDGET or not page.formenv:
        return "", ""
    form = page.formenv.raw
    name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, form, note) or INDEX.sub(
        "", _string(raw.FPDFAnnot_GetFormFieldName, form, note).rpartition(".")[2]
    )
    return name, _value(form, note)


def _value(form: raw.FPDF_FORMHANDLE, note: raw.FPDF_ANNOTATION) -> str:
    """Return what a field shows; nothing for buttons, signatures and passwords."""
    kind = raw.FPDFAnnot_GetFormFieldType(form, note)
    if kind in BOXES:
        return TICKED if raw.FPDFAnnot_IsChecked(form, note) else ""
    if kind == raw.FPDF_FORMFIELD_TEXTFIELD:
        hidden = raw.FPDFAnnot_GetFormFieldFlags(form, note) & PASSWORD
        return "" if hidden else _string(raw.FPDFAnnot_GetFormFieldValue, form, note)
    if kind in CHOSEN:
        options = range(raw.FPDFAnnot_GetOptionCount(form, note))
        chosen = [number for number in options if raw.FPDFAnnot_IsOptionSelected(form, note, number)]
        labels = [_string(raw.FPDFAnnot_GetOptionLabel, form, note, number) for number in chosen]
        return ", ".join(labels) or _string(raw.FPDFAnnot_GetFormFieldValue, form, note)
    return ""


def _string(ask: Callable[..., int], *about: object) -> str:
    """Return a string that PDFium writes into a buffer, whose length in bytes it says first."""
    length = ask(*about, None, 0)
    buffer = (c_ushort * (length // 2 + 1))()
    ask(*about, buffer, length)
    return bytes(buffer)[:length].decode("utf-16-le", "ignore").rstrip("\0").replace("\r\n", "\n").replace("\r", "\n")


def _box(note: raw.FPDF_ANNOTATION) -> Box:
    box = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(note, box)
    return box.left, box.bottom, box.right, box.top


def _bare(text: str) -> str:
    return "".join(text.split())
