"""What was filled in on a PDF: values with what is printed beside them or their names, and texts typed over it."""

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.files.page_picture import mark_on_page, render_page
from corpus.files.pdf.reader import read
from corpus.files.sandbox import Extractor
from tests.corpus.files.file_makers import one_page_pdf


def form(path: Path) -> Path:
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.drawString(60, 705, "Holder of the berth:")
    canvas.drawString(360, 705, "Lake")
    canvas.acroForm.textfield(name="f1", x=200, y=700, width=120, height=20, value="Wang Hai")
    canvas.acroForm.textfield(name="f2", x=400, y=700, width=120, height=20, value="Upper Lake")
    canvas.acroForm.textfield(name="empty", x=60, y=640, width=120, height=20)
    canvas.acroForm.textfield(name="secret", x=60, y=600, width=120, height=20, value="1234", fieldFlags="password")
    canvas.acroForm.textfield(name="harbour", tooltip="Harbour", x=60, y=560, width=120, height=20, value="Lindau")
    canvas.acroForm.checkbox(name="paid", x=60, y=500, size=20, checked=True)
    canvas.drawString(90, 505, "Paid for the year")
    canvas.acroForm.checkbox(name="late", x=60, y=470, size=20, checked=False)
    canvas.acroForm.choice(name="boat", x=60, y=420, width=120, height=20, value="sail", options=["sail", "motor"])
    canvas.save()
    return path


FILLED = ["Holder of the berth: Wang Hai", "Lake: Upper Lake", "Harbour: Lindau", "☒ Paid for the year", "boat: sail"]


def test_values_are_lines_below_what_is_printed(tmp_path: Path) -> None:
    text = read(form(tmp_path / "a.pdf")).text
    _, _, filled = text.removesuffix("\n\f").partition("Paid for the year")
    assert filled.split() == " ".join(FILLED).split()
    assert "1234" not in text


def test_a_value_is_marked_in_its_field(tmp_path: Path) -> None:
    path = form(tmp_path / "a.pdf")
    text = read(path).text
    start = text.index("Upper Lake")
    mark = mark_on_page(text, start, start + len("Upper Lake"), 1)
    with Extractor() as extractor:
        assert render_page(extractor, path.read_bytes(), 1, mark).marked


def test_a_text_that_was_typed_over_the_page_is_read(tmp_path: Path) -> None:
    note = b"<</Type/Annot/Subtype/%s/Rect[50 50 300 90]/F %d/Contents(%s)>>"
    notes = [note % (b"FreeText", 4, b"typed"), note % (b"FreeText", 2, b"hidden"), note % (b"Text", 4, b"a remark")]
    data = one_page_pdf(b"BT /F1 12 Tf 50 700 Td (printed) Tj ET")
    (tmp_path / "a.pdf").write_bytes(data.replace(b"/Page/", b"/Page/Annots[" + b" ".join(notes) + b"]/"))
    assert read(tmp_path / "a.pdf").text == "printed\ntyped\n\f"


def test_an_empty_form_is_told(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.acroForm.textfield(name="f1", x=200, y=700)
    canvas.showPage()
    canvas.save()
    with pytest.raises(UnreadableFile, match="only fields of a form that nobody has filled in"):
        read(tmp_path / "a.pdf")
