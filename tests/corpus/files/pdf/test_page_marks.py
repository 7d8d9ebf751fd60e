"""Marks on pictures of pages: they cover the words that are quoted, and nothing else."""

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpus.files.page_picture import Mark, mark_on_page, render_page
from corpus.files.pdf.picture import _boxes
from corpus.files.pdf.reader import read
from corpus.files.sandbox import Extractor
from tests.corpus.files.file_makers import FONT, HEIGHT, WIDTH, Line, column, make_pdf, raw_pdf

SIZE = 11  # points of the letters that `make_pdf` draws
SLACK = 3  # points by which a mark may be higher or wider than the letters
SCALE = 2  # pixels of a point

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in points from the top left corner


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as extractor:
        yield extractor


def around(line: Line, words: str) -> Rectangle:
    """Return where the words of a line were drawn, from the top of the letters to their foot."""
    x, y, text = line
    left = x + stringWidth(text[: text.index(words)], FONT, SIZE)
    return left, y - 0.7 * SIZE, left + stringWidth(words, FONT, SIZE), y


def marked_pixels(extractor: Extractor, pdf: bytes, page: int, mark: Mark) -> tuple[Image.Image, Image.Image]:
    """Return a page without a mark, and which of its pixels the mark changes, both in points times `SCALE`."""
    with pdfium.PdfDocument(pdf) as document:
        width = round(document[page - 1].get_width() * SCALE)
    plain, marked = (render_page(extractor, pdf, page, each, width) for each in (None, mark))
    assert (plain.marked, marked.marked) == (False, True)
    before, after = (Image.open(io.BytesIO(each.png)) for each in (plain, marked))
    return before.convert("L"), ImageChops.difference(before, after).convert("L").point(lambda value: 255 * bool(value))


def check_marked(plain: Image.Image, changed: Image.Image, rectangles: Sequence[Rectangle]) -> None:
    """Check that all that changed lies around the words, and that nothing around them is left as it was but letters."""
    outside = changed.copy()
    for left, top, right, bottom in rectangles:
        box = [SCALE * edge for edge in (left - SLACK, top - SLACK, right + SLACK, bottom + SLACK)]
        ImageDraw.Draw(outside).rectangle(box, fill=0)
        inner = (SCALE * (left + 1), SCALE * top, SCALE * (right - 1), SCALE * bottom)
        changes, letters = (bytes(each.crop(inner).tobytes()) for each in (changed, plain))
        assert all(change or letter < 128 for change, letter in zip(changes, letters, strict=True))
    assert outside.getbbox() is None


def quoted(path: Path, words: str, page: int = 1) -> tuple[bytes, Mark]:
    text = read(path).text
    mark = mark_on_page(text, text.index(words), text.index(words) + len(words), page)
    assert mark is not None
    return path.read_bytes(), mark


# Where the mark is


LINES: list[Line] = [
    (60, 100, "海湾县渔港改造工程全面完工，新增泊位三十六个。"),
    (60, 116, "The harbour has new berths, and its lamps burn paraf-"),
    (60, 132, "fin no more. 新增泊位供渔船停靠。"),
]


def test_the_words_are_covered_and_nothing_else(tmp_path: Path, extractor: Extractor) -> None:
    path = make_pdf(tmp_path / "a.pdf", [LINES])
    pdf, mark = quoted(path, "三十六个。\nThe harbour has new berths, and its lamps burn paraf-\nfin no")
    words = ("三十六个。", LINES[1][2], "fin no")
    rectangles = [around(line, part) for line, part in zip(LINES, words, strict=True)]
    check_marked(*marked_pixels(extractor, pdf, 1, mark), rectangles)


@pytest.mark.usefixtures("chinese_font")
def test_the_letters_can_be_read_below_the_mark(tmp_path: Path, extractor: Extractor) -> None:
    pdf, mark = quoted(make_pdf(tmp_path / "a.pdf", [LINES]), LINES[0][2])
    picture = Image.open(io.BytesIO(render_page(extractor, pdf, 1, mark).png)).convert("L")
    left, top, right, bottom = (round(edge * picture.width / WIDTH) for edge in around(LINES[0], LINES[0][2]))
    pixels = picture.crop((left, top, right, bottom)).tobytes()
    assert min(pixels) < 60 and 200 < max(pixels) < 250


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_is_marked_where_the_words_are(tmp_path: Path, extractor: Extractor, turn: int) -> None:
    with pdfium.PdfDocument(make_pdf(tmp_path / "a.pdf", [LINES])) as document:
        with closing(document[0]) as page:
            page.set_rotation(turn)
        document.save(tmp_path / "turned.pdf")
    pdf, mark = quoted(tmp_path / "turned.pdf", "全面完工")
    plain, changed = (picture.rotate(turn, expand=True) for picture in marked_pixels(extractor, pdf, 1, mark))
    check_marked(plain, changed, [around(LINES[0], "全面完工")])


def test_a_page_that_is_cropped_is_marked_where_the_words_are(tmp_path: Path, extractor: Extractor) -> None:
    cut = "裁切线以外"
    drawn: list[Line] = [(60, 90, cut), LINES[0], (400, 100, cut), *LINES[1:]]
    with pdfium.PdfDocument(make_pdf(tmp_path / "a.pdf", [drawn])) as document:
        with closing(document[0]) as page:
            page.set_cropbox(50, 400, 395, HEIGHT - 91)
        document.save(tmp_path / "cropped.pdf")
    pdf, mark = quoted(tmp_path / "cropped.pdf", "三十六个。\nThe harbour")
    places = [around(line, words) for line, words in zip(LINES, mark.words.split("\n"), strict=False)]
    shown = [(left - 50, top - 91, right - 50, bottom - 91) for left, top, right, bottom in places]
    check_marked(*marked_pixels(extractor, pdf, 1, mark), shown)


def test_cells_and_columns_are_marked_each_by_itself(tmp_path: Path, extractor: Extractor) -> None:
    lines: list[Line] = [
        (60, 100, "产量"),
        (200, 100, "11.9"),
        (340, 100, "12.4"),
        (60, 200, "左栏"),
        (340, 200, "右栏"),
    ]
    pdf, mark = quoted(make_pdf(tmp_path / "a.pdf", [lines]), "11.9 12.4\n左栏")
    rectangles = [around(line, line[2]) for line in lines[1:4]]
    check_marked(*marked_pixels(extractor, pdf, 1, mark), rectangles)


def test_a_quotation_over_two_pages_is_marked_on_both(tmp_path: Path, extractor: Extractor) -> None:
    first, second = (60.0, 800.0, "前一页的末尾，引文从这里开始，"), (60.0, 60.0, "到这里为止。后一页的其余。")
    path = make_pdf(tmp_path / "a.pdf", [[first], [second], []])
    text = read(path).text
    start, end = text.index("引文"), text.index("后一页")
    parts = [mark_on_page(text, start, end, page) for page in (1, 2, 3)]
    assert parts == [Mark("引文从这里开始，\n\f", "前一页的末尾，"), Mark("到这里为止。"), None]
    for page, line, words in ((1, first, "引文从这里开始，"), (2, second, "到这里为止。")):
        mark = parts[page - 1]
        assert mark is not None
        check_marked(*marked_pixels(extractor, path.read_bytes(), page, mark), [around(line, words)])


def test_only_documents_with_pages_have_marks() -> None:
    text = "一页。\n\f二页。\n\f"
    assert mark_on_page(text, 0, len(text), 2) == Mark("二页。\n\f")
    assert [mark_on_page(text, 0, len(text), page) for page in (-1, 0, 3)] == [None] * 3
    assert mark_on_page("没有分页。", 0, 3, 1) is None
    assert mark_on_page(text, 3, 5, 1) is None, "there is nothing to see of the end of a page"


REPEATED = "渔港渔渔港渔港港渔港渔渔港渔港港港渔渔港渔" * 2


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, pdfium.PdfPage]]:
    path = make_pdf(tmp_path_factory.mktemp("repeated") / "a.pdf", [column(REPEATED, characters=10)])
    with pdfium.PdfDocument(path) as document:
        yield read(path).text, document[0]


@given(st.data())
def test_of_words_that_stand_there_often_the_right_ones_are_marked(
    repeated: tuple[str, pdfium.PdfPage], data: st.DataObject
) -> None:
    text, page = repeated
    start = data.draw(st.integers(0, len(text) - 3))
    end = data.draw(st.integers(start + 1, len(text)))
    mark = mark_on_page(text, start, end, 1)
    found = [] if mark is None else _boxes(page, mark.words, mark.before)
    seen = [offset for offset, character in enumerate(text) if not character.isspace()]
    drawn = [(60 + SIZE * (number % 10), 100 + 16 * (number // 10)) for number in range(len(seen))]
    expected = [place for offset, place in zip(seen, drawn, strict=True) if start <= offset < end]
    assert [(round(left), round(HEIGHT - bottom) // 16 * 16 + 4) for left, bottom, _, _ in found] == expected


# What the words are


def page_of_codes(content: bytes) -> bytes:
    """Return a page whose codes A to D are a ligature, two letters of one sign, a letter of mathematics, and alef."""
    names = (
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange"
        b" 4 beginbfchar <41> <FB01> <42> <00660066> <43> <D835DC65> <44> <05D0> endbfchar endcmap"
    )
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
            b"<</Length %d>>stream\n" % len(names) + names + b"\nendstream",
        ]
    )


@pytest.mark.parametrize(
    ("drawn", "read_as", "words"),
    [
        (b"AtB of words", "fitff of words", "fitff"),
        (b"AtB of words", "fitff of words", "itf"),
        (b"solve C for DD", "solve 𝑥 for אא", "𝑥"),
        (b"solve C for DD", "solve 𝑥 for אא", "אא"),
    ],
)
def test_letters_that_are_no_signs_of_their_own_are_marked(
    tmp_path: Path, extractor: Extractor, drawn: bytes, read_as: str, words: str
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(page_of_codes(b"BT /F1 20 Tf 50 400 Td (" + drawn + b") Tj ET"))
    assert read(path).text == f"{read_as}\n\f"
    pdf, mark = quoted(path, words)
    _, changed = marked_pixels(extractor, pdf, 1, mark)
    box = changed.getbbox()
    assert box is not None
    assert box[0] >= SCALE * 50 and box[1] >= SCALE * (400 - 25) and box[3] <= SCALE * (400 + 10)


@pytest.mark.usefixtures("chinese_font")
def test_vertical_writing_is_marked_along_its_line(tmp_path: Path, extractor: Extractor) -> None:
    registerFont(UnicodeCIDFont(FONT, isVertical=True))
    try:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
        canvas.setFont(FONT, 20)
        canvas.drawString(300, HEIGHT - 100, "竖排的一句话在此")
        canvas.save()
    finally:
        registerFont(UnicodeCIDFont(FONT))
    pdf, mark = quoted(tmp_path / "a.pdf", "一句话")
    _, changed = marked_pixels(extractor, pdf, 1, mark)
    box = changed.getbbox()
    assert box is not None
    assert [round(edge / SCALE / 5) * 5 for edge in box] == [290, 160, 310, 220]


def test_words_that_are_not_there_are_not_marked(tmp_path: Path, extractor: Extractor) -> None:
    pdf = make_pdf(tmp_path / "a.pdf", [LINES, []]).read_bytes()
    for page in (1, 2):
        plain = render_page(extractor, pdf, page, None)
        for words in ("从未有过的话", "\n \f", ""):
            assert render_page(extractor, pdf, page, Mark(words)) == plain
