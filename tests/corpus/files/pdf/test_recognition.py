"""Words in pictures of pages: what is recognised is told as such, in the order in which it is read."""

import io
from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.formats import format_of
from corpus.files.pdf.ocr import Line, ordered
from corpus.files.pdf.recognition import AT_ONCE, LIBRARY, recognised
from corpus.files.sandbox import Extractor
from corpus.parts import Part

WORDS = ("The harbour of Lindau has 36 berths,", "and its lamps burn no paraffin since 2031.")
COLUMNS = (
    ("The quay that had sunk was raised", "on piles of larch in three summers,", "and boats put in there again."),
    ("The market moved back to the square", "behind the customs house, and those", "who sold fish got a roof."),
)


def scan(path: Path, *, beside: bool = False) -> Path:
    """Make a PDF whose first page is a picture of a page, and whose second is a page if one is to stand beside it."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=A4)
    for number, line in enumerate(WORDS):
        canvas.drawString(70, 700 - 20 * number, line)
    canvas.save()
    with pdfium.PdfDocument(drawn.getvalue()) as document, closing(document[0]) as page:
        picture = page.render(scale=2).to_pil()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.showPage()
    if beside:
        canvas.drawString(70, 700, "A page with words.")
        canvas.showPage()
    canvas.save()
    return path


def extracted(path: Path) -> Extract:
    kind = format_of(path)
    assert kind is not None
    with Extractor() as extractor:
        return extractor.extract(path, kind, path.name)


@pytest.mark.skipif(find_spec(LIBRARY) is None, reason="the extra ocr is not installed")
def test_words_in_pictures_are_read_and_said_to_be(tmp_path: Path) -> None:
    extract = extracted(scan(tmp_path / "scan.pdf", beside=True))
    assert extract.text == "\n".join(WORDS) + "\n\fA page with words.\n\f"
    first, second = extract.parts
    assert first.ocr is not None and first.ocr > 0.9
    assert second.ocr is None


@pytest.mark.skipif(find_spec(LIBRARY) is not None, reason="the extra ocr is installed")
def test_without_the_extra_the_way_to_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"only pictures; .* install \"wherefrom\[ocr\]\""):
        extracted(scan(tmp_path / "scan.pdf"))
    assert extracted(scan(tmp_path / "both.pdf", beside=True)).remarks == (
        'pages that show only pictures were not read: 1; install "wherefrom[ocr]" for them',
    )


# What is made of what was recognised


def test_pages_are_recognised_some_at_a_time_and_the_others_left_as_they_are() -> None:
    pages = 2 * AT_ONCE + 1
    asked: list[Sequence[int]] = []

    def recognise(numbers: Sequence[int]) -> dict[str, Any]:
        asked.append(numbers)
        return {"pages": [{"text": f"picture {number}", "sure": 0.9} for number in numbers]}

    text = "said\n\f" + "\f" * pages
    parts = (Part(label="i"), *[Part(label=str(number)) for number in range(pages)])
    read = recognised(Extract(text, parts=parts, pictures=tuple(range(2, pages + 2))), recognise)
    assert [len(numbers) for numbers in asked] == [AT_ONCE, AT_ONCE, 1]
    assert read.text == "said\n\f" + "".join(f"picture {number}\n\f" for number in range(2, pages + 2))
    assert [part.ocr for part in read.parts] == [None] + [0.9] * pages
    assert [part.label for part in read.parts] == [part.label for part in parts]


def test_pictures_without_words_are_told() -> None:
    with pytest.raises(UnreadableFile, match="no words were recognised"):
        recognised(Extract("\f", pictures=(1,)), lambda numbers: {"pages": [{"text": "", "sure": 0.0}]})


def test_what_cannot_be_recognised_costs_itself_only() -> None:
    def fail(numbers: Sequence[int]) -> dict[str, Any]:
        raise UnreadableFile("it took too long")

    read = recognised(Extract("said\n\f\f", pictures=(2,)), fail)
    assert (read.text, read.remarks) == ("said\n\f\f", ("pages 2 were not recognised: it took too long",))
    with pytest.raises(UnreadableFile, match="it took too long"):
        recognised(Extract("\f", pictures=(1,)), fail)


# The order in which lines are read


def lines(rows: Sequence[str], left: float = 100, top: float = 100, width: float = 400) -> list[Line]:
    return [Line(text, 1, left, top + 40 * n, left + width, top + 40 * n + 25) for n, text in enumerate(rows)]


def test_columns_of_prose_are_read_one_after_another() -> None:
    title, foot = lines(["A title over both columns"], width=900), lines(["A foot"], top=300)
    found = [*title, *lines(COLUMNS[1], left=600, top=150), *lines(COLUMNS[0], top=150), *foot]
    assert ordered(found) == ["A title over both columns", *COLUMNS[0], "A foot", *COLUMNS[1]]


def test_cells_at_one_height_are_a_line() -> None:
    cells = [*lines(["Port", "Lindau", "Ostend"], width=80), *lines(["Berths", "12", "36"], left=400, width=80)]
    assert ordered(cells) == ["Port Berths", "Lindau 12", "Ostend 36"]
    assert ordered([]) == []
