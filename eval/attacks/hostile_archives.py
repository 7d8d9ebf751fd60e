"""DOCX that are made to cost: bombs, nesting, names, relations, entities; each as small as its maker can have it."""

import io
import struct
import zipfile
from collections.abc import Mapping

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
PARAGRAPH = "<w:p><w:r><w:t>A paragraph like any other.</w:t></w:r></w:p>"
BODY, RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def body(inside: str, declared: str = "") -> str:
    """Return the part that holds the text."""
    return f'{declared}<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>{inside}</w:body></w:document>'


def relations(*each: tuple[str, str], more: str = "") -> str:
    """Return a part of relations: the ending of a type and a target each."""
    rows = (
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(each)
    )
    return f'<Relationships xmlns="{PACKAGE}">{"".join(rows)}{more}</Relationships>'


def docx(inside: str = PARAGRAPH, more: Mapping[str, str | bytes] | None = None, declared: str = "") -> bytes:
    """Return a DOCX whose body holds what is given, with parts beside or in place of its own."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations(("officeDocument", BODY)),
        BODY: body(inside, declared),
    }
    return zipped(parts | dict(more or {}))


def laughs(levels: int = 9) -> str:
    """Return entities of which each stands for ten of the one before."""
    rows = "".join(f'<!ENTITY e{level + 1} "{f"&e{level};" * 10}">' for level in range(levels))
    return f'<!DOCTYPE w:document [<!ENTITY e0 "ha">{rows}]>'


def listed_often(count: int, long: int = 8) -> bytes:
    """Return a DOCX whose list of parts names so many, which are all the same bytes."""
    whole = docx()
    end = whole.rfind(b"PK\5\6")
    start = int.from_bytes(whole[end + 16 : end + 20], "little")
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, long, 0, 0, 0, 0, 0, 0)
    rows = b"".join(entry + b"%0*d" % (long, number) for number in range(count))
    size = end - start + len(rows)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, size, start, 0)
    longer = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count + 2, count + 2, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
    return whole[:end] + rows + longer + locator + last


def overlapping(count: int = 200, size: int = 5_000_000) -> bytes:
    """Return a DOCX of many parts that share the bytes of one, as a flat bomb does."""
    whole = docx(more={"word/a.xml": "<a>" + " " * size + "</a>"})
    end = whole.rfind(b"PK\5\6")
    start = int.from_bytes(whole[end + 16 : end + 20], "little")
    entry = whole[whole.rfind(b"PK\1\2", 0, end) : end]
    name = b"word/a.xml"
    rows = b"".join(entry.replace(name, b"word/%05d" % number) for number in range(count))
    rows = rows.replace(struct.pack("<H", len(name)), struct.pack("<H", len(name)))
    size_now = end - start + len(rows)
    return whole[:end] + rows + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3 + count, 3 + count, size_now, start, 0)


def lying(size: int = 300_000_000) -> bytes:
    """Return a DOCX whose text says that it is short and is not."""
    whole = docx(more={BODY: body(" " * size)})
    real = struct.pack("<L", len(body(" " * size)))
    return whole.replace(real, struct.pack("<L", 500))


def locked() -> bytes:
    """Return a DOCX whose parts say that a password locks them."""
    whole = bytearray(docx())
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = whole.find(mark)
        while at >= 0:
            whole[at + flags] |= 1
            at = whole.find(mark, at + 1)
    return bytes(whole)


def twice() -> bytes:
    """Return a DOCX with two parts of the name of its text."""
    whole = zipped({"word/document.xmk": body(PARAGRAPH), BODY: body(PARAGRAPH)})
    return whole.replace(b"word/document.xmk", BODY.encode())
