"""Forms of Adobe's XFA, whose pages no program but Adobe's draws: what their template says and what was filled in.

Such a PDF holds a page that asks for another viewer. What the form says is in XML: a template of captions and texts,
and the values by the names of the template's fields.
"""

from collections.abc import Iterator
from ctypes import c_ulong, create_string_buffer

import pypdfium2 as pdfium
from lxml import etree
from pypdfium2 import raw

from corpus.errors import UnreadableFile

SHORTEST = 3  # letters of a caption by which the pages of a form are told from a page that asks for another viewer
HIDDEN = ("hidden", "invisible", "inactive")
HOLDERS = ("subform", "subformSet", "area")  # of other parts
BOXES = {True: "☒", False: "☐"}  # as printed forms have them


def form_text(document: pdfium.PdfDocument, pages: str) -> str | None:
    """Return what a form says whose pages do not; `None` where the pages of a PDF are its own.

    Args:
        document: the PDF.
        pages: the text of its pages.

    Raises:
        UnreadableFile: if the form cannot be read either.
    """
    kind = raw.FPDF_GetFormType(document)
    if kind not in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        return None
    parts = _parts(document)
    values = _first(parts.get("datasets"), "data")
    lines = [line for line in _lines(parts["template"], values) if any(line)] if "template" in parts else []
    text = "\n".join(": ".join(filter(None, line)) for line in lines)
    shown, fixed = _bare(pages), [_bare(caption) for caption, _ in lines]
    if any(caption in shown for caption in fixed if len(caption) >= SHORTEST):
        return None
    if kind == raw.FORMTYPE_XFA_FOREGROUND and len(_bare(text)) <= len(shown):
        return None
    if not lines:
        raise UnreadableFile("it is a form that only Adobe's programs draw (XFA); print it to a PDF from there")
    return text


def _parts(document: pdfium.PdfDocument) -> dict[str, etree._Element]:
    """Return the parts of a form by their names: its template and what was filled in are among them."""
    parts: dict[str, etree._Element] = {}
    for number in range(raw.FPDF_GetXFAPacketCount(document)):
        for element in _elements(_packet(document, number)):
            parts.setdefault(_name(element), element)
    return parts


def _packet(document: pdfium.PdfDocument, number: int) -> bytes:
    length = c_ulong()
    raw.FPDF_GetXFAPacketContent(document, number, None, 0, length)
    content = create_string_buffer(length.value)
    raw.FPDF_GetXFAPacketContent(document, number, content, length.value, length)
    return content.raw


def _elements(packet: bytes) -> Iterator[etree._Element]:
    """Yield the elements of a packet, and of one that holds the others theirs; a packet may be half of a tag."""
    try:
        root = etree.fromstring(packet, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    except etree.XMLSyntaxError:
        return
    yield root
    yield from root.iterchildren("*")


def _lines(element: etree._Element, values: etree._Element | None) -> Iterator[tuple[str, str]]:
    """Yield the texts and captions of a template, each with what was filled in, in the order in which they stand.

    A part of the form that was filled in several times stands there so often; a part without a name of its own among
    the values belongs to the one around it.
    """
    used: dict[str, int] = {}
    for child in element.iterchildren("*"):
        kind, filled = _name(child), _children(values, child.get("name"))
        if child.get("presence") in HIDDEN:
            continue
        if kind == "draw":
            yield _text(_first(child, "value")), ""
        elif kind == "exclGroup":
            chosen = "".join(map(_text, filled[:1]))
            yield from (_choice(field, chosen) for field in _children(child, "field"))
        elif kind == "field" and _first(_first(child, "ui"), "button") is None:
            place = used[child.get("name", "")] = used.get(child.get("name", ""), -1) + 1
            yield _field(child, _text(filled[place] if place < len(filled) else _first(child, "value")))
        elif kind in HOLDERS:
            for part in filled or [values]:
                yield from _lines(child, part)


def _field(field: etree._Element, value: str) -> tuple[str, str]:
    """Return the caption of a field and its value, as it is shown."""
    if _first(_first(field, "ui"), "checkButton") is not None:
        return _choice(field, value)
    shown, saved = ([_text(item) for item in items] for items in _items(field))
    return _caption(field), dict(zip(saved, shown, strict=False)).get(value, value)


def _choice(field: etree._Element, chosen: str) -> tuple[str, str]:
    """Return a box to be ticked with its caption; the first of its items is what it says when it is."""
    shown, _ = _items(field)
    return f"{BOXES[bool(chosen) and chosen == _text(next(iter(shown), None))]} {_caption(field)}", ""


def _items(field: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return the items of a list as they are shown and as they are saved."""
    lists = _children(field, "items")
    saved = [each for each in lists if each.get("save") == "1"]
    shown = [each for each in lists if each not in saved] or saved
    return list(shown[0]) if shown else [], list(saved[0]) if saved else []


def _caption(field: etree._Element) -> str:
    return _text(_first(_first(field, "caption"), "value"))


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _children(element: etree._Element | None, name: str | None) -> list[etree._Element]:
    return [] if element is None else [each for each in element.iterchildren("*") if _name(each) == name]


def _first(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(iter(_children(element, name)), None)


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _bare(text: str) -> str:
    return "".join(text.split()).strip("".join(BOXES.values()))
