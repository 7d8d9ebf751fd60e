"""Sheets, slides, books and texts in archives that are made to cost: each as small as its maker can have it."""

import struct
from collections.abc import Callable, Mapping

from eval.attacks import hostile_archives as zips

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument"

Make = Callable[[], bytes]
Parts = Mapping[str, str | bytes]


def _types(**parts: str) -> str:
    rows = (
        f'<Override PartName="/{name.replace("__", "/")}.xml" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>{"".join(rows)}</Types>'


def xlsx(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', more: Parts | None = None, sheets: int = 1) -> Make:
    """Return what makes an XLSX whose sheets are all the same rows, with parts beside or in place of its own."""

    def make() -> bytes:
        named = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId0"/>' for n in range(sheets))
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": _types(xl__workbook=f"{MAIN}.spreadsheetml.sheet.main+xml"),
            "_rels/.rels": zips.relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{zips.OFFICE}"><sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": zips.relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}"><si><t>A crane</t></si></sst>',
        }
        return zips.zipped(parts | dict(more or {}))

    return make


def pptx(shapes: str, more: Parts | None = None, slides: int = 1, declared: str = "") -> Make:
    """Return what makes a PPTX that shows one slide so many times."""

    def make() -> bytes:
        listed = "".join(f'<p:sldId id="{256 + n}" r:id="rId0"/>' for n in range(slides))
        names = f'xmlns:p="{SLIDE}" xmlns:a="{DRAWING}" xmlns:r="{zips.OFFICE}"'
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": _types(
                ppt__presentation=f"{MAIN}.presentationml.presentation.main+xml",
                ppt__slides__slide1=f"{MAIN}.presentationml.slide+xml",
            ),
            "_rels/.rels": zips.relations(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": zips.relations(("slide", "slides/slide1.xml")),
            "ppt/slides/slide1.xml": f"{declared}<p:sld {names}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>",
        }
        return zips.zipped(parts | dict(more or {}))

    return make


def open_document(kind: str, inside: str, declared: str = "") -> Make:
    """Return what makes a document of OpenDocument: `text` or `spreadsheet`, with what its body holds."""

    def make() -> bytes:
        names = " ".join(f'xmlns:{each}="{OPEN}:{each}:1.0"' for each in ("office", "text", "table"))
        content = f"<office:body><office:{kind}>{inside}</office:{kind}></office:body>"
        return zips.zipped(
            {
                "mimetype": f"application/vnd.oasis.opendocument.{kind}",
                "content.xml": f"{declared}<office:document-content {names}>{content}</office:document-content>",
            }
        )

    return make


def epub(
    chapter: str | bytes = "<p>A chapter.</p>", more: Parts | None = None, times: int = 1, declared: str = ""
) -> Make:
    """Return what makes an EPUB that has one chapter, so many times in its order of reading."""

    def make() -> bytes:
        spine = '<itemref idref="c"/>' * times
        parts: dict[str, str | bytes] = {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "a.opf": f'{declared}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest><item id="c" '
            f'href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>{spine}</spine></package>',
            "c.xhtml": chapter,
        }
        return zips.zipped(parts | dict(more or {}))

    return make


def shape(text: str) -> str:
    """Return a shape of a slide that holds a text."""
    return f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


def far_cell() -> str:
    """Return the rows of a sheet with a cell in each of two corners, as far apart as can be."""
    return '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


def many_cells(count: int) -> str:
    """Return rows of so many cells, ten in each."""
    return "".join(f"<row>{'<c><v>1</v></c>' * 10}</row>" for _ in range(count // 10))


def repeated(rows: int, columns: int) -> str:
    """Return a table of OpenDocument whose only cell says that it is there so often."""
    cell = f'<table:table-cell table:number-columns-repeated="{columns}"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    return f'<table:table table:name="S">{row}</table:table>'


def circle_of_sectors() -> bytes:
    """Return a file of OLE whose list of parts goes on in itself."""
    ends, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9L", 0, 1, 1, 0, 4096, ends, 0, ends, 0) + struct.pack("<109L", 0, *[free] * 108)
    sectors = struct.pack("<128L", table, 1, *[free] * 126)  # the second sector is followed by itself
    root = "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB3L", 22, 5, 1, free, free, free)
    return head + sectors + (root + bytes(36) + struct.pack("<LQ", ends, 0)).ljust(512, b"\0")
