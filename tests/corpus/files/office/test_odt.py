"""ODT: headings and lists with the numbers that offices show, tables, notes, headers and formulas."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.office.odt import read
from tests.corpus.files.file_makers import docx_bytes

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("draw", "drawing"),
    )
)
NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
NAMES += (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:loext="urn:org:documentfoundation:names:experimental:office:'
)
NAMES += 'xmlns:loext:1.0"'


def odt(folder: Path, text: str, *, automatic: str = "", styles: str = "", more: dict[str, str] | None = None) -> Path:
    """Write an ODT: its text, the styles of that, those of the document with its pages, and other parts."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {NAMES}>"
        f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:text>{text}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {NAMES}>{styles}</office:document-styles>",
        **(more or {}),
    }
    with zipfile.ZipFile(folder / "a.odt", "w") as written:
        for name, data in parts.items():
            written.writestr(name, data)
    return folder / "a.odt"


def said(folder: Path, text: str, automatic: str = "", styles: str = "") -> str:
    return extract_of(folder, text, automatic, styles).text


def extract_of(folder: Path, text: str, automatic: str = "", styles: str = "", **more: str) -> Extract:
    return read(odt(folder, text, automatic=automatic, styles=styles, more=more))


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(text: str, level: int = 1, more: str = "") -> str:
    return f'<text:h text:outline-level="{level}" {more}>{text}</text:h>'


def items(*inner: str, more: str = 'text:style-name="L"') -> str:
    return (
        f"<text:list {more}>" + "".join(f"<text:list-item>{each}</text:list-item>" for each in inner) + "</text:list>"
    )


def number(level: int, form: str, more: str = "") -> str:
    return f'<text:list-level-style-number text:level="{level}" style:num-format="{form}" {more}/>'


def list_style(*levels: str, name: str = "L") -> str:
    return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'


DOTTED = list_style(number(1, "1", 'style:num-suffix="."'), number(2, "1", 'text:display-levels="2"'), number(3, "a"))
SAID = {
    p("a  b<text:s text:c='2'/>c<text:tab/>d<text:line-break/>e"): "a b  c\td\ne",
    p("10<text:span text:style-name='Up'>2</text:span>"): "10²",
    p(
        "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>かん</text:ruby-text></text:ruby>字"
    ): "漢(かん)字",
    p("A<text:a xlink:href='x'>link</text:a><office:annotation><text:p>said</text:p></office:annotation>."): "Alink.",
    "<text:tracked-changes><text:changed-region><text:deletion>" + p("gone") + "</text:deletion></text:changed-region>"
    "</text:tracked-changes>" + p("here"): "here",
    "<text:section>" + p("In a section.") + "</text:section>": "In a section.",
    p("Text.<draw:frame><draw:text-box>" + p("In a box.") + "</draw:text-box></draw:frame>"): "Text.\n\nIn a box.",
    p("Text.<draw:custom-shape>" + p("One.") + p("Two.") + "</draw:custom-shape>"): "Text.\n\nOne.\n\nTwo.",
    p("Name", "Mine") + p("x"): "# Name\n\nx",
    p("x = 1", "Preformatted_20_Text") + p("y", "Preformatted_20_Text"): "```\nx = 1\ny\n```",
    p(
        "Moor<text:note><text:note-citation>7</text:note-citation><text:note-body>"
        + p("With ropes.")
        + "</text:note-body>"
        "</text:note> here."
    ): "Moor[1] here.\n\n[1] With ropes.",
}
STYLES = """<style:style style:name="Mine" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="Up" style:family="text"><style:text-properties style:text-position="super 58%"/>
</style:style>"""


@pytest.mark.parametrize(("text", "expected"), SAID.items(), ids=range(len(SAID)))
def test_what_a_text_says(tmp_path: Path, text: str, expected: str) -> None:
    assert said(tmp_path, text, STYLES) == expected


# Numbers


def test_lists_count_within_each_other(tmp_path: Path) -> None:
    text = items(p("a") + items(p("b"), p("c") + items(p("d")), more=""), p("e") + items(p("f"), more="") + p("more"))
    assert said(tmp_path, text, DOTTED) == "1. a\n  1.1 b\n  1.2 c\n    a d\n2. e\n  2.1 f\n\nmore"


@pytest.mark.parametrize(
    ("form", "expected"),
    [("I", "(IV)"), ("一, 二, 三, ...", "(四)"), ("①, ②, ③, ...", "(④)"), ("甲, 乙, ...", "(丁)"), ("?", "(4)")],
)
def test_numbers_are_written_as_the_list_writes_them(tmp_path: Path, form: str, expected: str) -> None:
    level = number(1, form, 'style:num-prefix="(" style:num-suffix=")" text:start-value="4"')
    assert said(tmp_path, items(p("x")), list_style(level)) == f"{expected} x"


def test_newer_programs_say_the_whole_label(tmp_path: Path) -> None:
    level = number(1, "一, 二, 三, ...", 'loext:num-list-format="第%1%条"')
    assert said(tmp_path, items(p("甲"), p("乙")), list_style(level)) == "第一条 甲\n第二条 乙"


def test_lists_go_on_where_they_say_so(tmp_path: Path) -> None:
    first = items(p("a"), more='text:style-name="L" xml:id="one"')
    other = items(p("x"), more='text:style-name="M" xml:id="two"')
    styled = items(p("b"), more='text:style-name="L" text:continue-numbering="true"')
    named = items(p("c"), more='text:style-name="L" text:continue-list="one"')
    anew = items(p("d")) + items(p("e")).replace("list-item>", 'list-item text:start-value="9">', 1)
    text = first + p("Between.") + other + styled + named + anew
    styles = DOTTED + list_style(number(1, "a"), name="M")
    assert said(tmp_path, text, styles) == "1. a\n\nBetween.\n\na x\n2. b\n3. c\n1. d\n9. e"


def test_bullets_are_signs_and_levels_without_a_form_say_nothing(tmp_path: Path) -> None:
    bullet = '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    assert said(tmp_path, items(p("a") + items(p("b"), more="")), list_style(bullet, number(2, ""))) == "- a\n\nb"


def test_headings_are_numbered_by_the_outline(tmp_path: Path) -> None:
    levels = "".join(
        f'<text:outline-level-style text:level="{level}" style:num-format="1" text:display-levels="{level}"/>'
        for level in (1, 2)
    )
    styles = f"<office:styles><text:outline-style>{levels}</text:outline-style></office:styles>"
    plain = '<style:style style:name="Plain" style:family="paragraph" style:list-style-name=""/>'
    text = h("One") + h("In it", 2) + h("Preface", 1, 'text:style-name="Plain"') + h("Two") + h("In two", 2) + p("x")
    expected = "# 1 One\n\n## 1.1 In it\n\n# Preface\n\n# 2 Two\n\n## 2.1 In two\n\nx"
    assert said(tmp_path, text, plain, styles) == expected


@given(depths=st.lists(st.integers(0, 2), min_size=1, max_size=25))
def test_nested_lists_count_as_their_places_do(tmp_path_factory: pytest.TempPathFactory, depths: list[int]) -> None:
    """Each item in a list of its own that goes on, as offices write what is between paragraphs."""
    text, expected, counts = "", [], [0, 0, 0]
    for depth in depths:
        item = p("x")
        for _ in range(depth):
            item = items(item, more="")
        text += items(item, more='text:style-name="L" text:continue-numbering="true"') + p("y")
        counts = [*counts[:depth], counts[depth] + 1, 0, 0][:3]
        shown = [str(max(count, 1)) for count in counts[: depth + 1]]
        expected += [(f"{shown[0]}.", ".".join(shown), "abcdefghijklmnopqrstuvwxyz"[counts[2] - 1])[depth] + " x", "y"]
    assert said(tmp_path_factory.mktemp("odt"), text, DOTTED) == "\n\n".join(expected)


# Tables, headers and what is refused


def row(*cells: str) -> str:
    return "<table:table-row>" + "".join(cells) + "</table:table-row>"


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text) if text else ''}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def test_tables_are_rows_with_names_in_one(tmp_path: Path) -> None:
    above = row(
        cell("Town", 'table:number-rows-spanned="2"'), cell("Visitors", 'table:number-columns-spanned="2"'), COVERED
    )
    names = row(COVERED, cell("2030"), cell("2031"))
    head = f"<table:table-header-rows>{above}{names}</table:table-header-rows>"
    rows = row(cell("Oban"), cell("4", 'table:number-columns-repeated="2"'))
    title = row(cell("Visitors of towns", 'table:number-columns-spanned="3"'), COVERED, COVERED)
    text = said(tmp_path, f"<table:table>{head}{rows}{title}</table:table>")
    table = "| Town | Visitors 2030 | Visitors 2031 |\n| --- | --- | --- |\n| Oban | 4 | 4 |"
    assert text == f"{table}\n\nVisitors of towns"


def test_a_table_with_endless_empty_cells_stays_small(tmp_path: Path) -> None:
    empty = row(cell("", 'table:number-columns-repeated="16384"'))
    endless = empty.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">')
    text = said(tmp_path, f"<table:table>{row(cell('a'), cell('b'))}{row(cell('c'))}{endless}</table:table>")
    assert text == "| a | b |\n| --- | --- |\n| c |  |"


def test_headers_formulas_and_properties(tmp_path: Path) -> None:
    page = "<text:page-number>3</text:page-number>"
    pages = (
        f"<style:master-page><style:header>{p(f'No. HB-12<text:tab/>Page {page}')}</style:header></style:master-page>"
    )
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>E</mi><annotation>E = m c^2</annotation></math>'
    more = {
        "Object 1/content.xml": math,
        "meta.xml": f"<office:document-meta {NAMES}><office:meta><dc:title>Harbour rules</dc:title>"
        "<meta:initial-creator>Jane Doe</meta:initial-creator>"
        "<meta:creation-date>2023-04-06T10:00:00</meta:creation-date></office:meta></office:document-meta>",
    }
    formula = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    extract = extract_of(tmp_path, p(f"It is {formula} here."), "", pages, **more)
    assert extract.text == "No. HB-12\n\nIt is E = m c^2 here."
    assert (extract.metadata.title, extract.metadata.author) == ("Harbour rules", "Jane Doe")
    assert extract.metadata.other == {"created": "2023-04-06"}


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    locked = odt(tmp_path, p("x"), more={"META-INF/manifest.xml": "<manifest:encryption-data/>"})
    with pytest.raises(UnreadableFile, match="locked by a password"):
        read(locked)
    (path := tmp_path / "b.odt").write_bytes(docx_bytes())
    with pytest.raises(UnreadableFile, match="so no ODT"):
        read(path)
    path.write_bytes(locked.read_bytes()[:-30])
    with pytest.raises(UnreadableFile, match="damaged or incomplete"):
        read(path)
