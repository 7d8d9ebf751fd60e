"""Files of the formats that are not text, made when a test needs them: by reportlab, by python-docx, or by hand."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
FONT = "STSong-Light"  # one that every reader of PDF must know, so none is embedded

Line = tuple[float, float, str]  # where it begins, in points from the left and from the top, and what it says


def make_pdf(
    path: Path,
    pages: Sequence[Sequence[Line]],
    *,
    password: str | None = None,
    labels: Mapping[int, Mapping[str, object]] = MappingProxyType({}),
    **properties: str,
) -> Path:
    """Draw lines on pages in the order given.

    Args:
        path: of the file.
        pages: the lines of each.
        password: that opens it.
        labels: from which page on, counted from 0, pages are named how: `style`, `start`, `prefix` as reportlab has it.
        properties: `title` and `author`.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4, encrypt=password, invariant=1)
    canvas.setTitle(properties.get("title", ""))
    canvas.setAuthor(properties.get("author", ""))
    for number, label in labels.items():
        canvas.addPageLabel(number, **label)
    for page in pages:
        canvas.setFont(FONT, 11)
        for x, y, text in page:
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return path


def column(text: str, *, x: float = 60, y: float = 100, characters: int = 40) -> list[Line]:
    """Return a text as the lines of a column."""
    lines = [text[start : start + characters] for start in range(0, len(text), characters)]
    return [(x, y + 16 * number, line) for number, line in enumerate(lines)]


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of these objects, the first of them the catalogue; for what no tool would write."""
    out, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    )


def one_page_pdf(content: bytes, repeated: int = 1, *, kids: int = 1) -> bytes:
    """Return a PDF whose page draws `content` so many times over, and shows that page `kids` times."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(content) for _ in range(repeated)) + packer.flush()
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[" + b"3 0 R " * kids + b"]/Count %d>>" % kids,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def make_docx(path: Path, fill: Callable[[docx.document.Document], object]) -> Path:
    """Save what `fill` writes into an empty DOCX."""
    document = docx.Document()
    document.core_properties.author = ""
    fill(document)
    document.save(str(path))
    return path


def change_part(path: Path, part: str, change: Callable[[bytes], bytes | None]) -> None:
    """Change one part of a DOCX, or take it out."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name, data in parts.items():
            changed = change(data) if name == part else data
            if changed is not None:
                after.writestr(name, changed)


def scanned_pdf(path: Path) -> Path:
    """Make a PDF of two pages that show a picture and hold no text."""
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(2):
        canvas.rect(100, 100, 300, 400, fill=1)
        canvas.showPage()
    canvas.save()
    return path


def docx_bytes() -> bytes:
    """Return an empty DOCX."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    return stream.getvalue()
