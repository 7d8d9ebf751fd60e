"""PDF: the text of every page in the order in which it was drawn; what cannot be read is told for what it is."""

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.files.pdf import reader
from corpus.files.pdf.reader import PAGE_LIMIT, read
from corpus.parts import Part
from corpus.passage import Span
from corpus.splitting.layout import reading_text
from corpus.splitting.sentences import FlowText
from tests.corpus.files.file_makers import FONT, Line, column, make_pdf, one_page_pdf, raw_pdf, scanned_pdf

LEFT = "左栏说，海湾县渔港改造工程全面完工，新增泊位三十六个，可停靠渔船四百二十艘。"
RIGHT = "右栏说，合作社为一千五百名渔民开设了航海与急救课程，每期为两周，费用由县承担。"


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "is_installed", lambda: False)


def text_of(path: Path) -> str:
    return read(path).text


def labelled(label: str) -> Part:
    return Part(label=label)


def bare(text: str) -> str:
    return "".join(text.split())


def test_each_page_ends_with_a_form_feed(tmp_path: Path) -> None:
    pages = [column("第一页的话。"), [], column("第三页的话。")]
    assert text_of(make_pdf(tmp_path / "a.pdf", pages)) == "第一页的话。\n\f\n\f第三页的话。\n\f"


def test_what_is_printed_on_pages_is_told_where_the_file_says_it(tmp_path: Path) -> None:
    pages = [column(f"第{number}页的话。") for number in range(5)]
    assert read(make_pdf(tmp_path / "a.pdf", pages)).parts == ()
    labels: dict[int, dict[str, object]] = {
        0: {"style": "ROMAN_LOWER"},
        2: {"style": "ARABIC", "start": 1},
        4: {"style": "ARABIC", "prefix": "A-"},
    }
    assert read(make_pdf(tmp_path / "b.pdf", pages, labels=labels)).parts == tuple(
        map(labelled, ("i", "ii", "1", "2", "A-1"))
    )
    long: dict[int, dict[str, object]] = {0: {"prefix": "x" * 99}}
    assert read(make_pdf(tmp_path / "c.pdf", pages, labels=long)).parts == ()


def test_columns_are_read_one_after_another_where_they_were_drawn_so(tmp_path: Path) -> None:
    left, right = column(LEFT, characters=14), column(RIGHT, x=320, characters=14)
    text = text_of(make_pdf(tmp_path / "columns.pdf", [left + right]))
    assert bare(text) == LEFT + RIGHT


def test_columns_that_were_drawn_line_by_line_are_mixed(tmp_path: Path) -> None:
    """What the library cannot do, noted in docs/formats.md: it does not look for columns."""
    left, right = column(LEFT, characters=14), column(RIGHT, x=320, characters=14)
    rows = [line for pair in zip(left, right, strict=False) for line in pair]
    text = text_of(make_pdf(tmp_path / "rows.pdf", [rows]))
    assert bare(text) != LEFT + RIGHT
    assert sorted(bare(text)) == sorted(LEFT + RIGHT)


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("backwards", [False, True])
def test_lines_that_run_down_are_read_from_right_to_left(tmp_path: Path, backwards: bool) -> None:
    rows = [["海湾县渔港改造工程完工，", "新增泊位三十六个，"], ["可停靠渔船四百二十艘。", "合作社开设了急救课程。"]]
    drawn = [(500 - 24 * n, 750 - 300 * r, line) for r, row in enumerate(rows) for n, line in enumerate(row)]
    registerFont(UnicodeCIDFont(FONT, isVertical=True))
    try:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
        canvas.setFont(FONT, 14)
        for x, y, line in drawn[::-1] if backwards else drawn:
            canvas.drawString(x, y, line)
        canvas.save()
    finally:
        registerFont(UnicodeCIDFont(FONT))
    assert text_of(tmp_path / "a.pdf") == "\n".join(line for row in rows for line in row) + "\n\f"


def test_rows_of_a_table_are_lines(tmp_path: Path) -> None:
    rows = [("指标", "2021年", "2022年"), ("产量（万吨）", "11.9", "12.4"), ("泊位（个）", "12", "36")]
    cells: list[Line] = [(60 + 120 * c, 100 + 20 * r, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    assert text_of(make_pdf(tmp_path / "table.pdf", [cells])).split("\n")[1] == "产量（万吨） 11.9 12.4"


@pytest.mark.parametrize("turn", [0, 90])
def test_lines_that_are_written_upwards_are_lines(tmp_path: Path, turn: int) -> None:
    """As on sheets that are wider than high, which show a page of a table turned."""
    rows = ("Port Berths Boats", "Lindau 12 140", "Ostend 36 420", "Brest 20 260")
    lines = (b"0 1 -1 0 %d 100 Tm (%s) Tj" % (100 + 30 * n, row.encode()) for n, row in enumerate(rows))
    data = one_page_pdf(b"BT /F1 12 Tf " + b" ".join(lines) + b" ET").replace(b"/Page/", b"/Page/Rotate %d/" % turn)
    assert text_of(broken(tmp_path, data)) == "\n".join(rows) + "\n\f"


def test_what_is_cropped_is_not_read(tmp_path: Path) -> None:
    content = b"BT /F1 12 Tf 100 400 Td (on the page) Tj 0 300 Td (cut off) Tj 0 -320 Td (too) Tj ET"
    data = one_page_pdf(content).replace(b"/Page/", b"/Page/CropBox[50 100 500 500]/")
    assert text_of(broken(tmp_path, data)) == "on the page\ntoo\n\f"


def test_words_that_a_line_end_parts_are_read_whole(tmp_path: Path) -> None:
    words = ("The lamp burned litres of paraf-", "fin in the years 2019-", "2020.")
    lines: list[Line] = [(60, 100 + 16 * number, line) for number, line in enumerate(words)]
    text = text_of(make_pdf(tmp_path / "hyphens.pdf", [lines]))
    assert text.startswith("The lamp burned litres of paraf-\nfin in the years 2019-\n2020.")
    spans = [Span(start, start + len(line)) for line in text.split("\n")[:2] if (start := text.index(line)) >= 0]
    assert FlowText(text, spans).text.startswith("The lamp burned litres of paraffin in")
    assert "paraf-fin" in reading_text(text)


def test_characters_beyond_the_basic_plane_are_kept(tmp_path: Path) -> None:
    text = text_of(make_pdf(tmp_path / "rare.pdf", [column("姓名：𠮷田，㐂。")]))
    assert "田" in text


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("海湾县渔业年报", "陈望海", ("海湾县渔业年报", "陈望海")),
        ("Microsoft Word - 年报终稿.doc", "Administrator", (None, None)),
        ("年报.indd", "lenovo", (None, None)),
        ("untitled", "微软用户", (None, None)),
        ("(anonymous)", "User", (None, None)),
        ("20230406", "", (None, None)),
        ("新建 Microsoft Word 文档", "Windows 用户", (None, None)),
        ("Word in the margin", "Pc Pike", ("Word in the margin", "Pc Pike")),
    ],
)
def test_properties_count_where_a_person_wrote_them(
    tmp_path: Path, title: str, author: str, expected: tuple[str | None, str | None]
) -> None:
    metadata = read(make_pdf(tmp_path / "a.pdf", [column("正文。")], title=title, author=author)).metadata
    assert (metadata.title, metadata.author) == (expected[0] or "正文。", expected[1])
    assert metadata.published is None, "the day a file was made is not when it was published"
    assert metadata.other == {"created": "2000-01-01"}


def test_a_title_that_nobody_stated_is_the_first_line_of_words(tmp_path: Path) -> None:
    pages = [[(60.0, 40.0, "内部资料"), (250.0, 60.0, f"— {n} —"), *column(f"第{n}章，渔港。")] for n in (1, 2, 3)]
    assert read(make_pdf(tmp_path / "a.pdf", pages)).metadata.title == "第1章，渔港。"


def test_the_same_file_says_the_same_twice(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [column(LEFT), column(RIGHT)])
    assert read(path) == read(path)


# What cannot be read


def broken(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "broken.pdf"
    path.write_bytes(data)
    return path


def test_a_password_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="locked by a password"):
        text_of(make_pdf(tmp_path / "locked.pdf", [column("秘密。")], password="secret"))


@pytest.mark.usefixtures("without_ocr")
def test_pictures_of_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="OCR"):
        text_of(scanned_pdf(tmp_path / "scan.pdf"))


def test_half_a_file_is_told(tmp_path: Path) -> None:
    whole = make_pdf(tmp_path / "a.pdf", [column(LEFT)] * 3).read_bytes()
    for data in (whole[: len(whole) // 2], whole[:20], b"%PDF-1.4\n" + bytes(range(256)) * 20):
        with pytest.raises(UnreadableFile, match="damaged"):
            text_of(broken(tmp_path, data))


def test_pages_that_hold_themselves_are_told(tmp_path: Path) -> None:
    data = raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 5>>"])
    with pytest.raises(UnreadableFile, match="all of its pages are damaged"):
        text_of(broken(tmp_path, data))


def test_too_many_pages_are_told_before_they_are_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="has 5,000 pages, more than the 2,000"):
        text_of(broken(tmp_path, one_page_pdf(b"BT /F1 12 Tf 50 700 Td (x) Tj ET", kids=5000)))
    assert PAGE_LIMIT == 2000


def test_too_much_text_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.files.extract.EXTRACT_LIMIT", 100)
    with pytest.raises(UnreadableFile, match="more than the 100 of a document"):
        text_of(make_pdf(tmp_path / "long.pdf", [column(LEFT)] * 5))


@pytest.mark.usefixtures("without_ocr")
def test_fonts_that_name_no_characters_are_told(tmp_path: Path) -> None:
    page = b"BT /F1 12 Tf 50 700 Td <" + b"".join(b"%02X" % code for code in range(1, 26)) + b"> Tj ET"
    with pytest.raises(UnreadableFile, match="fonts do not tell"):
        text_of(broken(tmp_path, one_page_pdf(page)))


def pages_pdf(contents: list[bytes]) -> bytes:
    """Return a PDF with a page for each content."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids["
        + kids
        + b"]/Count %d/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>>>" % len(contents),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, content in enumerate(contents):
        objects.append(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % (5 + 2 * number))
        objects.append(b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream")
    return raw_pdf(objects)


def unnamed(*codes: int) -> bytes:
    """Return a page whose font names no character of those."""
    return b"BT /F1 12 Tf 50 700 Td <" + b"".join(b"%02X" % code for code in codes) + b"> Tj ET"


@pytest.mark.usefixtures("without_ocr")
def test_pages_whose_fonts_name_no_characters_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    words = b"BT /F1 12 Tf 50 700 Td (The quay is open.) Tj ET"
    data = pages_pdf([words, unnamed(*range(1, 26)), words, unnamed(*range(1, 9))])
    extract = read(broken(tmp_path, data))
    assert extract.text == "The quay is open.\n\f\n\fThe quay is open.\n\f\n\f"
    assert extract.remarks == (
        'pages whose fonts name no characters were not read: 2, 4; install "wherefrom[ocr]" for them',
    )


def test_a_sign_without_a_name_beside_few_words_hides_none_of_them(tmp_path: Path) -> None:
    page = b"BT /F1 12 Tf 50 700 Td (201) Tj <1A> Tj ET"
    assert text_of(broken(tmp_path, one_page_pdf(page))).strip() == "201"


def test_what_a_file_is_refused_for_is_none_of_the_file_before(tmp_path: Path) -> None:
    locked = make_pdf(tmp_path / "locked.pdf", [column("秘密。")], password="secret")
    strange = b"%PDF-1.4\ntrailer<</Encrypt 1 0 R/Root 2 0 R>>\n%%EOF"
    for data, told in ((strange, "damaged, or encrypted in a way"), (b"%PDF-1.4\n", "incomplete")):
        with pytest.raises(UnreadableFile, match="locked by a password"):
            text_of(locked)
        with pytest.raises(UnreadableFile, match=told):
            text_of(broken(tmp_path, data))


# Why nothing is read


@pytest.mark.usefixtures("without_ocr")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "nothing is written or drawn on its pages"),
        (b"BT /F1 12 Tf 50 700 Td (   ) Tj ET", "nothing is written or drawn"),
        (b"BT /F1 12 Tf 50 -700 Td (below the page) Tj ET", "nothing is written or drawn"),
        (b"q 100 0 0 100 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q", "only pictures; .*OCR"),
        (b"50 50 m 90 90 l S", "only drawings; .*OCR"),
    ],
)
def test_what_stands_on_pages_without_text_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        text_of(broken(tmp_path, one_page_pdf(content)))


def test_a_page_that_is_packed_in_an_unknown_way_is_told(tmp_path: Path) -> None:
    data = one_page_pdf(b"BT /F1 12 Tf 50 700 Td (x) Tj ET").replace(b"/FlateDecode", b"/ZstdDecode ")
    with pytest.raises(UnreadableFile, match=r"packed in a way that is not read \(ZstdDecode\)"):
        text_of(broken(tmp_path, data))


def test_a_page_whose_bytes_are_not_what_was_packed_is_told(tmp_path: Path) -> None:
    """As after a program that took the file for text and put a mark for each byte that is none."""
    data = one_page_pdf(b"BT /F1 12 Tf 50 700 Td (some words of a page) Tj ET")
    with pytest.raises(UnreadableFile, match="it is damaged"):
        text_of(broken(tmp_path, data.replace(b"stream\nx\xda", b"stream\n\xef\xbf\xbd")))


def test_a_damaged_page_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    data = make_pdf(tmp_path / "a.pdf", [column("第一页。"), column("第二页。")]).read_bytes()
    extract = read(broken(tmp_path, data.replace(b"/Count 2", b"/Count 3")))
    assert extract.text == "第一页。\n\f第二页。\n\f\n\f"
    assert extract.remarks == ("damaged pages were not read: 3",)
