"""What stands in a DOCX is read as Word shows it: fields, first letters, boxes, tables, headers, parts by any name."""

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.office.docx import read
from tests.corpus.files.office.docx_makers import R, W, paragraph, raw_docx, relations, text_of

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction: str, shown: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"{marks[0]}{told}{marks[1]}{run(shown)}{marks[2]}"


def box(text: str) -> str:
    return f"<w:r><w:drawing><w:txbxContent>{paragraph(text)}</w:txbxContent></w:drawing></w:r>"


SAID = {
    f'<w:fldSimple w:instr="SEQ Table">{run("7")}</w:fldSimple>': "7",
    field(" SEQ Figure ", "4"): "4",
    field("HYPERLINK x", "a link"): "a link",
    run("a") + "<w:r><w:cr/></w:r>" + run("b"): "a\nb",
    run("10") + run("2", '<w:vertAlign w:val="superscript"/>'): "10²",
    "<w:r><w:ruby><w:rt>"
    + run("かん")
    + "</w:rt><w:rubyBase>"
    + run("漢")
    + "</w:rubyBase></w:ruby></w:r>": "漢(かん)",
    '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>': "α",
    '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>': "☑",
    run("\uf0fc", '<w:rFonts w:ascii="Wingdings"/>'): "✓",
    run("\uf123"): "\uf123",
    f'<w:smartTag w:element="place">{run("Oban")}</w:smartTag>': "Oban",
    f"<w:dir w:val='rtl'>{run('שלום')}</w:dir>": "שלום",
    f"<w:moveFrom>{run('gone')}</w:moveFrom><w:moveTo>{run('come')}</w:moveTo>": "come",
}


@pytest.mark.parametrize(("xml", "said"), SAID.items(), ids=SAID.values())
def test_what_stands_in_a_paragraph(tmp_path: Path, xml: str, said: str) -> None:
    assert text_of(tmp_path, f"<w:p>{run('It ')}{xml}{run(' so.')}</w:p>") == f"It {said} so."


def test_a_box_that_is_ticked_is_read(tmp_path: Path) -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{}</w:checkBox></w:ffData></w:fldChar></w:r>'
    rest = '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ticks = ("<w:checked/>", '<w:checked w:val="0"/><w:default/>', "<w:default/>", "")
    boxes = "".join(begin.format(tick) + rest for tick in ticks)
    assert text_of(tmp_path, f"<w:p>{boxes}{run(' yes')}</w:p>") == "☒☐☒☐ yes"


@pytest.mark.parametrize("kind", ["drop", "margin"])
def test_a_large_first_letter_belongs_to_its_word(tmp_path: Path, kind: str) -> None:
    letter = paragraph("O", f'<w:framePr w:dropCap="{kind}" w:lines="3"/>')
    assert text_of(tmp_path, letter + paragraph("nce upon a time.")) == "Once upon a time."


def test_a_paragraph_whose_end_was_deleted_goes_on(tmp_path: Path) -> None:
    first = paragraph("One ", "<w:rPr><w:del/></w:rPr>")
    assert text_of(tmp_path, first + paragraph("sentence.")) == "One sentence."
    assert text_of(tmp_path, paragraph("Above.") + first) == "Above.\n\nOne"


def test_what_is_there_for_newer_and_older_programs_is_read_once(tmp_path: Path) -> None:
    both = f'<mc:Choice Requires="wps">{box("In a box.")}</mc:Choice><mc:Fallback>{box("In a box.")}</mc:Fallback>'
    only = f'<mc:Choice Requires="wps">{box("Newer.")}</mc:Choice>'
    text = text_of(
        tmp_path,
        f"<w:p {MC}>{run('Text.')}<mc:AlternateContent>{both}</mc:AlternateContent>"
        f"<mc:AlternateContent>{only}</mc:AlternateContent></w:p>",
    )
    assert text == "Text.\n\nIn a box.\n\nNewer."


def test_levels_of_the_outline_make_headings(tmp_path: Path) -> None:
    body = paragraph("一、总则", '<w:outlineLvl w:val="1"/>') + paragraph("文。", '<w:outlineLvl w:val="9"/>')
    assert text_of(tmp_path, body) == "## 一、总则\n\n文。"


def test_code_stays_in_lines(tmp_path: Path) -> None:
    style = '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="Source Code"/></w:style>'
    body = paragraph("x = 1", '<w:pStyle w:val="C"/>') + paragraph("# no heading", '<w:pStyle w:val="C"/>')
    assert text_of(tmp_path, body, styles=style) == "```\nx = 1\n# no heading\n```"


# Tables


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if '<' in content else paragraph(content)}</w:tc>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


NAMES, HARBOUR = cell("Quay") + cell("Length"), cell("North") + cell("40 | 41")


def test_a_title_and_a_remark_across_a_table_are_no_rows(tmp_path: Path) -> None:
    text = text_of(tmp_path, table(cell("Quays of 2031", span(2)), NAMES, HARBOUR, cell("Source: survey.", span(2))))
    assert text == "Quays of 2031\n\n| Quay | Length |\n| --- | --- |\n| North | 40 \\| 41 |\n\nSource: survey."


@pytest.mark.parametrize(
    "body",
    [
        table(cell(paragraph("Once.") + paragraph("Twice."))),
        table(cell("Once."), cell("Twice.")),
    ],
)
def test_a_table_that_only_places_text_is_none(tmp_path: Path, body: str) -> None:
    assert text_of(tmp_path, body) == "Once.\n\nTwice."


def test_a_table_in_a_table_is_one_of_its_own(tmp_path: Path) -> None:
    text = text_of(tmp_path, table(cell("Quays") + cell(table(NAMES, HARBOUR))))
    assert text == "Quays\n\n| Quay | Length |\n| --- | --- |\n| North | 40 \\| 41 |"


def test_headings_in_a_frame_are_headings(tmp_path: Path) -> None:
    heading = paragraph("Rules", '<w:outlineLvl w:val="0"/>')
    text = text_of(tmp_path, table(cell(heading + paragraph("Be kind.")) + cell("Margin.")))
    assert text == "# Rules\n\nBe kind.\n\nMargin."


def test_names_in_two_rows_become_one(tmp_path: Path) -> None:
    merged = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    above = cell("Town", merged[0]) + cell("Visitors", span(2))
    below = cell("", merged[1]) + cell("2030") + cell("2031")
    text = text_of(tmp_path, table(above, below, cell("Oban") + cell("4") + cell("5")))
    assert text == "| Town | Visitors 2030 | Visitors 2031 |\n| --- | --- | --- |\n| Oban | 4 | 5 |"


def test_rows_and_cells_that_are_wrapped_or_deleted(tmp_path: Path) -> None:
    wrapped = f"<w:sdt><w:sdtContent><w:tr>{NAMES}</w:tr></w:sdtContent></w:sdt>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{HARBOUR}</w:tr>"
    text = text_of(tmp_path, f"<w:tbl>{wrapped}{gone}<w:tr>{cell('South') + cell('30')}</w:tr></w:tbl>")
    assert text == "| Quay | Length |\n| --- | --- |\n| South | 30 |"


# Headers, notes and parts


def header(content: str, tag: str = "hdr") -> str:
    return f"<w:{tag} {W} {R}>{content}</w:{tag}>"


def sections(*named: tuple[str, str]) -> str:
    return "".join(
        f'<w:p><w:pPr><w:sectPr><w:{kind}Reference r:id="{i}"/></w:sectPr></w:pPr></w:p>' for kind, i in named
    )


def test_headers_say_once_what_the_text_does_not(tmp_path: Path) -> None:
    page = f"{run('Page ')}{field('PAGE', '3')}{run(' of ')}{field(' NUMPAGES ', '9')}"
    more = {
        "h1": ("header", header(f"<w:p>{run('No. HB-12')}<w:r><w:tab/></w:r>{page}</w:p>")),
        "h2": ("header", header(table(cell("No. HB-12") + cell("Harbour rules") + cell("draft 4")))),
        "f1": ("footer", header(f"<w:p>{page}</w:p>" + paragraph("Harbour office"), "ftr")),
    }
    body = paragraph("Harbour rules") + sections(("header", "h1"), ("header", "h2"), ("footer", "f1"), ("header", "h1"))
    extract = read(raw_docx(tmp_path / "a.docx", body, more=more))
    assert extract.text == "No. HB-12\ndraft 4\nHarbour office\n\nHarbour rules"
    assert extract.metadata.title == "Harbour rules", "what stands above each page is not what a text is called"


def test_headers_with_page_numbers_only_say_nothing(tmp_path: Path) -> None:
    more = {"h1": ("header", header(f"<w:p>{run('— ')}<w:fldSimple w:instr='PAGE'>{run('3')}</w:fldSimple></w:p>"))}
    body = paragraph("Text.") + sections(("header", "h1"))
    extract = read(raw_docx(tmp_path / "a.docx", body, more=more))
    assert (extract.text, extract.metadata.title) == ("Text.", None)


def test_a_field_that_never_ends_hides_nothing_below(tmp_path: Path) -> None:
    open_field = field("PAGE", "3").rpartition("<w:r>")[0]
    assert text_of(tmp_path, f"<w:p>{run('One.')}{open_field}</w:p>" + paragraph("Two.")) == "One.\n\nTwo."


def test_notes_are_numbered_in_the_order_of_their_signs(tmp_path: Path) -> None:
    def note(name: str, text: str) -> str:
        return f'<w:footnote w:id="{name}">{paragraph(text)}</w:footnote>'

    def sign(name: str) -> str:
        return f'<w:r><w:footnoteReference w:id="{name}"/></w:r>'

    circle = f'<w:footnote w:id="9"><w:p>{run("Ninth, see")}{sign("9")}</w:p></w:footnote>'
    notes = f"<w:footnotes {W}>{note('4', 'Fourth.')}{circle}{note('5', 'Never named.')}</w:footnotes>"
    body = f"<w:p>{run('A')}{sign('9')}{run(' b')}{sign('4')}{run(' c')}{sign('9')}</w:p>"
    extract = read(raw_docx(tmp_path / "a.docx", body, more={"footnotes": ("footnotes", notes)}))
    assert extract.text == "A[1] b[2] c[1]\n\n[1] Ninth, see[1]\n[2] Fourth."


@pytest.mark.parametrize("main", ["word/document2.xml", "text.xml", "inner/deep/body.xml"])
def test_the_text_is_found_wherever_it_stands(tmp_path: Path, main: str) -> None:
    assert read(raw_docx(tmp_path / "a.docx", paragraph("Here."), main=main)).text == "Here."


def test_the_strict_form_of_the_standard_is_read(tmp_path: Path) -> None:
    path = raw_docx(tmp_path / "a.docx", paragraph("Strict.", '<w:outlineLvl w:val="0"/>') + paragraph("Text."))
    with zipfile.ZipFile(path) as parts:
        data = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(path, "w") as parts:
        for name, xml in data.items():
            strict = xml.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006",
                b"http://purl.oclc.org/ooxml/wordprocessingml",
            )
            parts.writestr(
                name,
                strict.replace(
                    b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/officeDocument"
                ),
            )
    assert read(path).text == "# Strict.\n\nText."


def test_a_text_that_is_another_file_inside_is_told(tmp_path: Path) -> None:
    body = '<w:altChunk r:id="chunk"/>'
    path = raw_docx(tmp_path / "a.docx", body)
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("word/page.html", "<p>Text.</p>")
    with zipfile.ZipFile(path) as parts:
        data = {name: parts.read(name) for name in parts.namelist()}
    data["word/_rels/document.xml.rels"] = relations(("chunk", "aFChunk", "page.html")).encode()
    with zipfile.ZipFile(path, "w") as parts:
        for name, xml in data.items():
            parts.writestr(name, xml)
    with pytest.raises(UnreadableFile, match=r"a file of another kind \(word/page.html\)"):
        read(path)


def test_formulas_of_other_programs_are_told(tmp_path: Path) -> None:
    drawn = (
        '<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="{}"/></w:object></w:r>'
    )
    body = f"<w:p>{run('The limit is ')}{drawn.format('Equation.3')}{run(' here.')}{drawn.format('Excel.Sheet')}</w:p>"
    extract = read(raw_docx(tmp_path / "a.docx", body))
    assert extract.text == "The limit is  here."
    assert extract.remarks == ("formulas that another program draws (Equation.3) are left out: 1",)


CHART = """<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><a:p><a:r><a:t>Ships</a:t></a:r></a:p>
</c:title><c:ser><c:tx><c:pt idx="0"><c:v>North</c:v></c:pt></c:tx><c:cat><c:pt idx="0"><c:v>2030</c:v></c:pt></c:cat>
<c:val><c:pt idx="0"><c:v>5</c:v></c:pt></c:val></c:ser></c:chart></c:chartSpace>"""
DIAGRAM = """<d:dataModel xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram"
xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:pt><d:t><a:p><a:r><a:t>First</a:t></a:r></a:p></d:t>
</d:pt><d:pt type="pres"><d:t><a:p><a:r><a:t>Twice</a:t></a:r></a:p></d:t></d:pt></d:dataModel>"""


def test_charts_and_diagrams_say_their_figures_and_texts(tmp_path: Path) -> None:
    chart = '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="chart"/>'
    diagram = '<d:relIds xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="data"/>'
    body = f"<w:p>{run('Seen:')}<w:r><w:drawing>{chart}</w:drawing><w:drawing>{diagram}</w:drawing></w:r></w:p>"
    more = {"chart": ("chart", CHART), "data": ("diagramData", DIAGRAM)}
    text = read(raw_docx(tmp_path / "a.docx", body, more=more)).text
    assert text == "Seen:\n\nShips\n\n|  | North |\n| --- | --- |\n| 2030 | 5 |\n\n- First"


AROUND_TEXT = [
    "<w:hyperlink>{}</w:hyperlink>",
    "<w:ins>{}</w:ins>",
    "<w:moveTo>{}</w:moveTo>",
    "<w:smartTag>{}</w:smartTag>",
    "<w:customXml>{}</w:customXml>",
    "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
    '<w:fldSimple w:instr="REF x">{}</w:fldSimple>',
    '<w:bdo w:val="rtl">{}</w:bdo>',
    f"<mc:AlternateContent {MC}><mc:Choice>{{}}</mc:Choice><mc:Fallback/></mc:AlternateContent>",
    "<w:unheard>{}</w:unheard>",
]
AROUND_BLOCKS = [
    "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "<w:customXml>{}</w:customXml>",
    "<w:p><w:r><w:drawing><w:txbxContent>{}</w:txbxContent></w:drawing></w:r></w:p>",
    "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
]
PARAGRAPHS = ["", '<w:outlineLvl w:val="1"/>', '<w:framePr w:dropCap="drop"/>', "<w:rPr><w:del/></w:rPr>", "<w:numPr/>"]


@given(data=st.data())
def test_no_word_is_lost_whatever_stands_around_it(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    body, count = "", data.draw(st.integers(1, 5))
    for number in range(count):
        inner = run(f"word{number} ")
        for around in data.draw(st.lists(st.sampled_from(AROUND_TEXT), max_size=3)):
            inner = around.format(inner)
        block = f"<w:p><w:pPr>{data.draw(st.sampled_from(PARAGRAPHS))}</w:pPr>{inner}</w:p>"
        for around in data.draw(st.lists(st.sampled_from(AROUND_BLOCKS), max_size=3)):
            block = around.format(block)
        body += block
    said = re.findall(r"word\d", text_of(tmp_path_factory.mktemp("docx"), body))
    assert said == [f"word{number}" for number in range(count)]


def test_a_document_of_pictures_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="it has no text, and what pictures show is not read"):
        text_of(tmp_path, "<w:p><w:r><w:drawing/></w:r></w:p>")


def test_xml_that_is_damaged_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="a damaged or incomplete DOCX"):
        text_of(tmp_path, "<w:p><w:r><w:t>\x0b</w:t></w:r>")
