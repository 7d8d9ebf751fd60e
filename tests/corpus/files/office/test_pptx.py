"""PPTX: a slide is a part; titles, text in the order it is read, numbers, tables, charts and notes are not lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.office.pptx import read
from corpus.parts import Part, PartKind
from tests.corpus.files.file_makers import change_part, docx_bytes

TITLE_SLIDE, CONTENT, TITLE_ONLY, BLANK = 0, 1, 5, 6  # layouts of the library's own template
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def said(folder: Path, fill: Callable[[Any], object]) -> Extract:
    presentation: Any = pptx.Presentation()
    fill(presentation)
    presentation.save(str(folder / "a.pptx"))
    return read(folder / "a.pptx")


def slide(presentation: Any, layout: int, title: str = "") -> Any:
    made = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def write(shape: Any, *paragraphs: tuple[str, int, str]) -> None:
    """Write paragraphs of a depth into a shape, with what says of their signs."""
    frame = shape.text_frame
    for number, (text, depth, sign) in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.text, paragraph.level = text, depth
        if sign:
            paragraph._p.get_or_add_pPr().append(parse_xml(f'<a:{sign} xmlns:a="{A}"/>'))


def box(made: Any, text: str, left: float, top: float, width: float = 2, height: float = 1) -> None:
    made.shapes.add_textbox(*map(Inches, (left, top, width, height))).text_frame.text = text


def test_each_slide_is_a_part_with_its_title(tmp_path: Path) -> None:
    def fill(presentation: Any) -> None:
        slide(presentation, TITLE_SLIDE, "海湾县渔业规划").placeholders[1].text = "渔业局"
        slide(presentation, BLANK)
        write(slide(presentation, CONTENT, "Goals").placeholders[1], ("More fish", 0, ""), ("Cod", 1, ""))
        presentation.core_properties.title, presentation.core_properties.author = "Plan of 2031", "Jane Doe"

    extract = said(tmp_path, fill)
    assert extract.text == "# 海湾县渔业规划\n\n渔业局\n\f\f## Goals\n\n- More fish\n  - Cod\n\f"
    assert extract.parts == (
        Part(PartKind.SLIDE, "海湾县渔业规划"),
        Part(PartKind.SLIDE),
        Part(PartKind.SLIDE, "Goals"),
    )
    assert (extract.metadata.title, extract.metadata.author) == ("Plan of 2031", "Jane Doe")


def test_numbers_are_those_that_are_shown(tmp_path: Path) -> None:
    def fill(presentation: Any) -> None:
        body = slide(presentation, CONTENT, "Steps").placeholders[1]
        letters = 'buAutoNum type="alphaLcParenBoth"'
        third, plain = 'buAutoNum type="arabicPeriod" startAt="3"', "buNone"
        write(
            body,
            *(
                ("Open", 0, third),
                ("slowly", 1, letters),
                ("wide", 1, letters),
                ("Close", 0, third),
                ("Mind", 0, plain),
            ),
            *(("Again", 0, third), ("甲", 0, 'buAutoNum type="ea1ChsPeriod"')),
        )

    text = "## Steps\n\n3. Open\n  (a) slowly\n  (b) wide\n4. Close\n\nMind\n\n3. Again\n一. 甲\n\f"
    assert said(tmp_path, fill).text == text


def test_shapes_are_read_as_they_stand_and_not_as_they_were_drawn(tmp_path: Path) -> None:
    def fill(presentation: Any) -> None:
        made = slide(presentation, TITLE_ONLY)
        for text, left, top in (("4", 5, 5), ("1", 0, 2), ("3", 5, 2.1), ("2", 0, 5.1)):
            box(made, text, left, top, height=2.5 if text in "13" else 1)
        box(made, "0", 0, 1.6, width=9, height=0.3)
        box(made, "5", 0, 6.8, width=9, height=0.3)
        made.shapes.title.text = "Title"

    assert said(tmp_path, fill).text.split() == ["##", "Title", "0", "1", "3", "2", "4", "5"]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    def fill(presentation: Any) -> None:
        made = slide(presentation, BLANK)
        for text, left, top, height in (("c", 5, 1, 2), ("a", 0, 1, 1), ("b", 0, 2.2, 3), ("d", 5, 3.1, 2)):
            box(made, text, left, top, height=height)

    assert said(tmp_path, fill).text.split() == ["a", "b", "c", "d"]


def test_groups_tables_charts_and_notes(tmp_path: Path) -> None:
    def fill(presentation: Any) -> None:
        made = slide(presentation, TITLE_ONLY, "Figures")
        group = made.shapes.add_group_shape()
        inner = group.shapes.add_textbox(*map(Inches, (1, 1.6, 2, 0.4)))
        inner.text_frame.text = "In a group."
        table = made.shapes.add_table(3, 2, *map(Inches, (1, 2.2, 5, 1))).table
        for place, text in enumerate(("Quay", "Length", "North", "40 | 41", "Not yet measured")):
            table.cell(place // 2, place % 2).text = text
        table.cell(2, 0).merge(table.cell(2, 1))
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = ["2030", "2031"]
        data.add_series("Ships", (5, 7))
        chart = made.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, (1, 4, 5, 2)), data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Ships in the harbour"
        made.notes_slide.notes_text_frame.text = "Tell of the storm."

    assert said(tmp_path, fill).text == (
        "## Figures\n\nIn a group.\n\n| Quay | Length |\n| --- | --- |\n| North | 40 \\| 41 |\n\nNot yet measured\n\n"
        "Ships in the harbour\n\n|  | Ships |\n| --- | --- |\n| 2030 | 5 |\n| 2031 | 7 |\n\nTell of the storm.\n\f"
    )


def test_formulas_and_breaks_stand_in_their_line(tmp_path: Path) -> None:
    paragraph = """<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
    xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
    xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"
    xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><a:r><a:t>If </a:t></a:r><mc:AlternateContent>
    <mc:Choice Requires="a14"><a14:m><m:oMath><m:r><m:t>x≤5</m:t></m:r></m:oMath></a14:m></mc:Choice>
    </mc:AlternateContent>
    <a:r><a:t>, go</a:t></a:r><a:br/><a:r><a:t>on</a:t></a:r><a:fld type="slidenum" id="x"><a:t>7</a:t></a:fld></a:p>"""

    def fill(presentation: Any) -> None:
        box(made := slide(presentation, BLANK), "", 1, 1)
        body = made.shapes[0].text_frame._txBody
        body.replace(body.p_lst[0], parse_xml(paragraph))

    assert said(tmp_path, fill).text == "If x≤5, go\non\n\f"


def test_what_stands_at_the_edge_of_slides_is_said_once(tmp_path: Path) -> None:
    def fill(presentation: Any) -> None:
        for title in ("One", "Two"):
            made = slide(presentation, TITLE_ONLY, title)
            for kind, text in (("ftr", "Harbour office"), ("sldNum", "3"), ("dt", "4 May")):
                shape = made.shapes.add_textbox(0, 0, 9, 9)
                shape.text_frame.text = text
                shape._element.nvSpPr.nvPr.append(
                    parse_xml(f'<p:ph xmlns:p="{NS_P}" type="{kind}" idx="{len(kind) + 20}"/>')
                )

    assert said(tmp_path, fill).text == "## One\n\nHarbour office\n\f## Two\n\f"


NS_P = "http://schemas.openxmlformats.org/presentationml/2006/main"


def test_a_presentation_without_a_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="it has no text"):
        said(tmp_path, lambda presentation: slide(presentation, BLANK))


def test_what_is_no_presentation_is_told(tmp_path: Path) -> None:
    (path := tmp_path / "a.pptx").write_bytes(docx_bytes())
    with pytest.raises(UnreadableFile, match="so no PPTX"):
        read(path)


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    said(tmp_path, lambda presentation: slide(presentation, TITLE_ONLY, "One"))
    path = tmp_path / "a.pptx"
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(UnreadableFile, match="damaged or incomplete"):
        read(path)


def test_a_slide_that_is_missing_is_counted(tmp_path: Path) -> None:
    said(tmp_path, lambda presentation: [slide(presentation, TITLE_ONLY, name) for name in ("One", "Two")])
    change_part(tmp_path / "a.pptx", "ppt/slides/slide1.xml", lambda data: None)
    assert read(tmp_path / "a.pptx").text == "\f## Two\n\f"


def test_more_slides_than_a_presentation_has_are_told_and_none_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.files.office.pptx.MOST_SLIDES", 2)
    said(tmp_path, lambda presentation: [slide(presentation, TITLE_ONLY, name) for name in ("One", "Two")])
    with pytest.raises(UnreadableFile, match="has 3 slides, more than the 2 of a document"):
        said(tmp_path, lambda presentation: [slide(presentation, TITLE_ONLY, name) for name in ("One", "Two", "Three")])


def test_an_empty_slide_part_is_damage_of_the_file(tmp_path: Path) -> None:
    said(tmp_path, lambda presentation: slide(presentation, TITLE_ONLY, "One"))
    change_part(tmp_path / "a.pptx", "ppt/slides/slide1.xml", lambda data: b"")
    with pytest.raises(UnreadableFile, match="a damaged or incomplete PPTX"):
        read(tmp_path / "a.pptx")
