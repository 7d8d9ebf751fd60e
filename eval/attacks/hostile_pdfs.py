"""PDF that are made to cost: streams in streams, pages that hold themselves, forms that draw forms."""

import zlib
from collections.abc import Sequence

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 12 Tf 50 700 Td (A line like any other.) Tj ET\n"


def raw_pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of objects, the first of them the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R" % (len(objects) + 1) + trailer + b">>\nstartxref\n%d\n%%%%EOF" % start
    return bytes(out + end)


def stream(data: bytes, entries: bytes = b"/Filter/FlateDecode") -> bytes:
    """Return a stream of bytes as they are."""
    return b"<</Length %d" % len(data) + entries + b">>stream\n" + data + b"\nendstream"


def packed(content: bytes, times: int = 1, level: int = 9) -> bytes:
    """Return bytes so many times over, as Flate packs them."""
    packer = zlib.compressobj(level)
    return b"".join(packer.compress(content) for _ in range(times)) + packer.flush()


def pdf(
    content: bytes, *, box: bytes = b"0 0 600 800", kids: int = 1, count: int | None = None, more: Sequence[bytes] = ()
) -> bytes:
    """Return a PDF that shows one page, with objects from number 6 that its page may name as forms F6, F7, ….

    Args:
        content: the stream of what is drawn.
        box: of the page.
        kids: how often it is shown.
        count: how many pages it says that it has.
        more: further objects.
    """
    forms = b"".join(b"/X%d %d 0 R" % (number, number) for number in range(6, 6 + len(more)))
    return raw_pdf(
        [
            CATALOGUE,
            b"<</Type/Pages/Kids[" + b"3 0 R " * kids + b"]/Count %d>>" % (kids if count is None else count),
            b"<</Type/Page/Parent 2 0 R/MediaBox[" + box + b"]/Contents 4 0 R/Resources 5 0 R>>",
            content,
            b"<</Font<</F1 " + FONT + b">>/XObject<<" + forms + b">>>>",
            *more,
        ]
    )


def forms(levels: int, times: int) -> bytes:
    """Return a PDF of forms each of which draws the next one so many times, the last one a line."""
    each = [
        stream(
            b"/X%d Do " % (number + 1) * times if number < 5 + levels else TEXT,
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources 5 0 R",
        )
        for number in range(6, 6 + levels)
    ]
    return pdf(stream(b"/X6 Do", b""), more=each)


def circle_of_forms() -> bytes:
    """Return a PDF with a form that draws itself, twice."""
    form = stream(b"/X6 Do /X6 Do", b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources 5 0 R")
    return pdf(stream(b"/X6 Do", b""), more=[form])


def circle_of_pages() -> bytes:
    """Return a PDF whose pages hold themselves."""
    return raw_pdf([CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R 2 0 R]/Count 3>>"])


def deep_pages(levels: int) -> bytes:
    """Return a PDF whose only page is so many levels down."""
    return raw_pdf(
        [
            CATALOGUE,
            *(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (3 + level) for level in range(levels)),
            b"<</Type/Page/MediaBox[0 0 9 9]>>",
        ]
    )


def locked() -> bytes:
    """Return a PDF that a password opens."""
    key = b"<" + b"41" * 32 + b">"
    entry = b"/Encrypt<</Filter/Standard/V 1/R 2/P -1/O" + key + b"/U" + key + b">>/ID[<41><41>]"
    return raw_pdf([CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"], entry)
