"""Tables of PDFs: rows between ruled lines are lines of Markdown; where lines are no table's, the page is as it was."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from corpus.files.page_picture import mark_on_page
from corpus.files.pdf.picture import _boxes
from corpus.files.pdf.reader import read
from tests.corpus.files.file_makers import FONT

Style = Sequence[tuple[object, ...]]
RULED: Style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
BERTHS = [["Port", "Berths", "Boats"], ["Lindau", "12", "140"], ["Ostend", "36", "420"], ["Brest", "20", "260"]]
PROSE = (
    "The harbour of Lindau was rebuilt in three summers, and the quay that had sunk was raised on piles of larch. "
    "Boats from the whole lake put in there again, and the market moved back to the square behind the customs house. "
)


def flowing_pdf(path: Path, flow: Sequence[Flowable]) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(list(flow))
    return path


def table(rows: Sequence[Sequence[object]], style: Style = RULED, **options: object) -> Table:
    return Table([list(row) for row in rows], style=[("FONTNAME", (0, 0), (-1, -1), FONT), *style], **options)


def text_of(path: Path, *flow: Flowable) -> str:
    return read(flowing_pdf(path / "a.pdf", flow)).text


def markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "| " + " | ".join(["---"] * len(rows[0])) + " |", *lines[1:]])


def paragraph(text: str) -> Paragraph:
    return Paragraph(text, ParagraphStyle("prose", fontName="Helvetica"))


def test_a_row_between_lines_is_a_line_below_the_names_of_its_columns(tmp_path: Path) -> None:
    text = text_of(tmp_path, paragraph("Ports in 2031."), table(BERTHS), paragraph("Counted in May."))
    assert text == f"Ports in 2031.\n\n{markdown(BERTHS)}\n\nCounted in May.\n\f"


@pytest.mark.parametrize(
    "style",
    [
        [("INNERGRID", (0, 0), (-1, -1), 0.5, colors.black)],
        [("BACKGROUND", (c, r), (c, r), (0.9, 0.9, 0.5 + 0.1 * ((r + c) % 2))) for r in range(4) for c in range(3)],
        [("GRID", (0, 0), (-1, -1), 3, colors.grey)],
        [
            (kind, (0, 0), (-1, end), 1, colors.black)
            for kind, end in (("LINEBEFORE", -1), ("BOX", -1), ("LINEBELOW", 0))
        ],
    ],
    ids=["open at its sides", "shaded", "thick", "columns alone"],
)
def test_tables_are_ruled_in_many_ways(tmp_path: Path, style: Style) -> None:
    assert text_of(tmp_path, table(BERTHS, style)) == f"{markdown(BERTHS)}\n\f"


def test_cells_over_several_rows_or_columns_are_told_in_each(tmp_path: Path) -> None:
    rows = [
        ["港口", "2021年", "", "2022年", ""],
        ["", "泊位", "渔船", "泊位", "渔船"],
        ["林岛", "12", "140", "暂停", ""],
    ]
    spans: Style = [
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (1, 0), (2, 0)),
        ("SPAN", (3, 0), (4, 0)),
        ("SPAN", (3, 2), (4, 2)),
    ]
    names = ["港口", "2021年泊位", "2021年渔船", "2022年泊位", "2022年渔船"]
    written = [names, ["林岛", "12", "140", "暂停", "暂停"]]
    assert text_of(tmp_path, table(rows, [*RULED, *spans])) == f"{markdown(written)}\n\f"


def test_what_stands_over_all_columns_is_a_title(tmp_path: Path) -> None:
    rows = [["Ports of the lake", "", ""], *BERTHS]
    text = text_of(tmp_path, table(rows, [*RULED, ("SPAN", (0, 0), (-1, 0))]))
    assert text == f"Ports of the lake\n\n{markdown(BERTHS)}\n\f"


def test_lines_in_a_cell_are_one(tmp_path: Path) -> None:
    rows = [["Port", "Remarks"], ["Lindau", "Open to\nall boats|yachts"], ["林岛", "新增\n泊位"]]
    written = [rows[0], ["Lindau", "Open to all boats\\|yachts"], ["林岛", "新增泊位"]]
    assert text_of(tmp_path, table(rows)) == f"{markdown(written)}\n\f"


def test_two_tables_side_by_side_are_two(tmp_path: Path) -> None:
    both = Table([[table(BERTHS), table([["Lamp", "Oil"], ["north", "7"]])]])
    text = text_of(tmp_path, both)
    assert text == f"{markdown(BERTHS)}\n\n{markdown([['Lamp', 'Oil'], ['north', '7']])}\n\f"


@pytest.mark.parametrize(
    ("rows", "style"),
    [
        ([[PROSE * 3, PROSE * 3], [PROSE * 3, PROSE * 3]], RULED),
        ([[PROSE * 2]], RULED),
        ([[PROSE, PROSE]], RULED),
        ([[PROSE], [PROSE], [PROSE]], RULED),
        ([["1", "", "", ""], ["", "", "", ""], ["", "", "2", ""]], RULED),
        (BERTHS, []),
    ],
    ids=["prose in frames", "a frame", "two columns", "boxes below each other", "a drawing", "no lines"],
)
def test_other_lines_leave_the_page_as_it_was(tmp_path: Path, rows: Sequence[Sequence[str]], style: Style) -> None:
    cells = [[paragraph(cell) if len(cell) > 20 else cell for cell in row] for row in rows]
    framed = text_of(tmp_path, table(cells, style))
    assert framed == text_of(tmp_path, table(cells, []))
    assert "|" not in framed


def test_lines_that_cut_words_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for line in range(4):
        canvas.drawString(70, 700 - 20 * line, PROSE[60 * line : 60 * line + 60])
    canvas.grid([60, 139, 262, 500], [730, 690, 650, 600])
    canvas.save()
    assert "|" not in read(path).text


def test_a_table_whose_lines_were_drawn_at_once_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.grid([60, 150, 250, 350], [740, 720, 700, 680, 660])
    for number, row in enumerate(BERTHS):
        for place, cell in enumerate(row):
            canvas.drawString((65, 155, 255)[place], 725 - 20 * number, cell)
    canvas.save()
    assert read(path).text == f"{markdown(BERTHS)}\n\f"


def test_a_table_that_goes_on_names_its_columns_on_each_page(tmp_path: Path) -> None:
    rows = [[f"Port {number}", str(number), str(7 * number)] for number in range(1, 100)]
    path = flowing_pdf(tmp_path / "a.pdf", [table([BERTHS[0], *rows]), paragraph("Counted in May.")])
    text = read(path).text
    pages = text.split("\f")[:-1]
    assert len(pages) > 2
    head = markdown([BERTHS[0]])
    assert all(page.startswith(f"{head}\n| Port ") for page in pages)
    assert text.count("| Port ") == len(rows) + len(pages)
    second = text.index("\f") + 1
    last_of_first, first_of_second = text.rindex("| Port", 0, second), text.index("| Port ", second + len(head))
    for page, start, end in (
        (1, last_of_first, second),
        (2, second, first_of_second + 20),
        (2, first_of_second, second + 90),
    ):
        mark = mark_on_page(text, start, end, page)
        assert mark is not None
        with pdfium.PdfDocument(path) as document, closing(document[page - 1]) as drawn:
            assert _boxes(drawn, mark.words, mark.before)


def test_another_table_of_the_same_columns_keeps_its_own_names(tmp_path: Path) -> None:
    lamps = [["Lamp", "Oil", "Hours"], ["north", "7", "12"], ["south", "5", "9"]]
    text = text_of(
        tmp_path, *[each for rows in (BERTHS, lamps) for each in (table(rows, colWidths=[90] * 3), PageBreak())]
    )
    assert text == f"{markdown(BERTHS)}\n\f{markdown(lamps)}\n\f"


def test_a_text_between_two_pages_of_tables_ends_the_first(tmp_path: Path) -> None:
    notes = [paragraph(f"Note {number} on the ports.") for number in range(3)]
    rows = [["Bregenz", "8", "90"], ["Romanshorn", "9", "70"]]
    text = text_of(tmp_path, table(BERTHS, colWidths=[90] * 3), *notes, PageBreak(), table(rows, colWidths=[90] * 3))
    assert text.endswith(f"\f{markdown(rows)}\n\f")


WORDS = st.text("abcdefg海港123", min_size=1, max_size=8)


@pytest.mark.usefixtures("chinese_font")
@given(rows=st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_every_cell_of_a_ruled_table_is_found(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    text = text_of(tmp_path_factory.mktemp("tables"), Spacer(1, 9), table(rows))
    assert text == f"{markdown(rows)}\n\f"
