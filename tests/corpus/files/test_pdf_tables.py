"""Tables of PDFs: rows between ruled lines are lines of Markdown; where lines are no table's, the page is as it was."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from corpus.files.pdf import read
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


WORDS = st.text("abcdefg海港123", min_size=1, max_size=8)


@given(rows=st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_every_cell_of_a_ruled_table_is_found(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    text = text_of(tmp_path_factory.mktemp("tables"), Spacer(1, 9), table(rows))
    assert text == f"{markdown(rows)}\n\f"
