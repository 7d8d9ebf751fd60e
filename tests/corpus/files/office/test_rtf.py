"""RTF: letters in any encoding, headings, lists, tables and notes; what older programs shall read instead is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.office.rtf import CUT_OFF, read
from corpus.files.office.rtf_reader import Reader

WORDPAD = rb"{\rtf1\ansi\ansicpg936\deff0\deflang1033\deflangfe2052{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}"
WORD = (
    rb"{\rtf1\ansi\ansicpg936\uc2\deff0{\fonttbl{\f0\froman\fcharset0\fprq2 Times New Roman;}"
    rb"{\f13\fnil\fcharset134\fprq2 SimSun;}{\f9\fcharset2 Symbol;}{\f5\fcharset204 Arial Cyr;}"
    rb"{\f6\fcharset128 MS Gothic;}}"
)


def escaped(text: str, encoding: str) -> bytes:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding)).encode()


def said(rtf: bytes) -> str:
    return Reader().read(rtf).text()


SAID = {
    WORDPAD + rb"\pard\f0\fs20 " + escaped("海湾县渔业规划", "gbk") + rb"\par}": "海湾县渔业规划",
    # The second byte of a letter may stand there as itself.
    WORDPAD + b"\\'8d@\\'81a.\\par}": b"\x8d@\x81a.".decode("gbk"),
    WORD + rb"\loch\af0\hich\af0\dbch\f13 " + escaped("渔港", "gbk") + rb"{\f0 25}\par}": "渔港25",
    WORD + rb"{\f5 " + escaped("Порт", "cp1251") + rb"}\f6 " + escaped("港です", "cp932") + rb"\par}": "Порт港です",
    WORD + rb"\u28180\'d3\'e6\u-28675\'b8\'db end\par}": "渔" + chr(0x10000 - 28675) + " end",
    rb"{\rtf1\ansi\uc1 \u8222?Hafen\u8220? \u55357?\u56842?\par}": "„Hafen“ 😊",
    rb"{\rtf1\ansi\uc0 \u960 r{\super 2}\par}": "πr²",
    WORD + rb"\f9 a \'b3 b\par}": "α ≥ β",
    rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}\f0 " + escaped("žluťoučký", "cp1250") + rb"\par}": "žluťoučký",
    rb"{\rtf1\ansi it\rquote s a\~b \{c\} \\d\emdash e\line f\par}": "it’s a\u00a0b {c} \\d—e\nf",
    rb"{\rtf1 One{\deleted two} {\*\unheard of}{\pict 00ff00}{\object{\*\objdata 00}{\result shown}}\par}": "One shown",
    b"{\\rtf1 a{\\pict\\bin4 }{}\\}b\\par}": "ab",
    rb"{\rtf1{\upr{a?}{\*\ud{\u28180 ?}}}\par}": "渔",
    rb'{\rtf1 See {\field{\*\fldinst HYPERLINK "http://x.org"}{\fldrslt the page}}.\par}': "See the page.",
    rb"{\rtf1 Text.{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt Boxed.\par}}{\shprslt Old.}}\par}": "Text.\n\nBoxed.",
    rb"{\rtf1\pard\outlinelevel0 Rules\par\pard\outlinelevel9 Text.\par}": "# Rules\n\nText.",
    rb"{\rtf1{\stylesheet{\s0 Normal;}{\s7 heading 2;}}\pard\s7 Rules\par\pard\s0 Text.\par}": "## Rules\n\nText.",
    rb"{\rtf1 One.\par\par Two without an end}": "One.\n\nTwo without an end",
}


@pytest.mark.parametrize(("rtf", "text"), SAID.items(), ids=range(len(SAID)))
def test_what_rtf_says(rtf: bytes, text: str) -> None:
    assert said(rtf) == text


def test_numbers_and_signs_of_lists_stand_as_programs_wrote_them() -> None:
    def item(label: bytes, text: bytes, depth: int = 0) -> bytes:
        return rb"{\listtext\pard " + label + rb"\tab}\ls1\ilvl%d " % depth + text + rb"\par "

    body = item(b"3.", b"Third") + item(b"\\'b7", b"Sign", 1) + item(escaped("第四条", "gbk"), b"Fourth")
    assert said(WORDPAD + body + b"}") == "3. Third\n  - Sign\n第四条 Fourth"
    assert said(rb"{\rtf1{\pntext\f3 \'b7\tab}{\*\pn\pnlvlblt}Old\par}") == "- Old"


def row(*cells: bytes, widths: bytes = b"") -> bytes:
    return (
        rb"\trowd"
        + (widths or rb"\cellx%d" % 100 * len(cells))
        + b"\\pard\\intbl "
        + b"".join(cell + rb"\cell " for cell in cells)
        + rb"\row "
    )


def test_tables_are_rows() -> None:
    body = b"Above.\\par" + row(b"Quay", b"Length") + row(b"North\\par South", b"40 | 41") + rb"\pard Below.\par}"
    table = "| Quay | Length |\n| --- | --- |\n| North South | 40 \\| 41 |"
    assert said(b"{\\rtf1 " + body) == f"Above.\n\n{table}\n\nBelow."


def test_cells_that_are_merged() -> None:
    across = row(b"Quays of 2031", b"", widths=rb"\clmgf\cellx100\clmrg\cellx200")
    first = row(b"East", b"1", widths=rb"\clvmgf\cellx100\cellx200")
    second = row(b"", b"2", widths=rb"\clvmrg\cellx100\cellx200")
    text = said(b"{\\rtf1 " + across + row(b"Side", b"No.") + first + second + b"}")
    assert text == "Quays of 2031\n\n| Side | No. |\n| --- | --- |\n| East | 1 |\n| East | 2 |"


def test_notes_headers_and_properties(tmp_path: Path) -> None:
    page = rb"{\header No. HB-12\tab Page {\field{\*\fldinst PAGE}{\fldrslt 3}}\par}{\footer - \chpgn  -\par}"
    info = rb"{\info{\title Harbour rules}{\author Jane Doe}{\creatim\yr2023\mo4\dy6}{\operator x}}"
    body = rb"Moor{\super\chftn}{\footnote\pard {\super\chftn} With two ropes.} here.\par}"
    (path := tmp_path / "a.rtf").write_bytes(b"{\\rtf1\\ansi" + info + page + body)
    extract = read(path)
    assert extract.text == "No. HB-12\n\nMoor[1] here.\n\n[1] With two ropes."
    assert (extract.metadata.title, extract.metadata.author) == ("Harbour rules", "Jane Doe")
    assert extract.metadata.other == {"created": "2023-04-06"}
    assert not extract.remarks


def test_notes_may_begin_with_a_star(tmp_path: Path) -> None:
    note = rb"{\super\chftn}{\*\footnote\chftn\~\plain\pard With ropes.\par}"
    (path := tmp_path / "a.rtf").write_bytes(rb"{\rtf1 Moor" + note + rb" here.\par}")
    assert read(path).text == "Moor[1] here.\n\n[1] With ropes."


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (path := tmp_path / "a.rtf").write_bytes(rb"{\rtf1 One.\par{\footnote Two.")
    extract = read(path)
    assert "One." in extract.text
    assert extract.remarks == (CUT_OFF,)


def test_groups_that_are_nested_for_ever_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="nested more than 1,000 deep"):
        said(b"{\\rtf1" + b"{" * 2_000)


WORDS = [
    b"\\par ",
    b"\\cell ",
    b"\\row ",
    b"\\intbl ",
    b"\\u-1?",
    b"{\\footnote ",
    b"{\\shptxt ",
    b"{\\*\\x ",
    b"\\'b0",
    b"}",
]


@given(pieces=st.lists(st.sampled_from([*WORDS, b"{", b"text ", b"{\\fonttbl ", b"\\f99 ", b"{\\header ", b"\\uc3 "])))
def test_whatever_is_written_something_is_read(pieces: list[bytes]) -> None:
    assert isinstance(said(b"{\\rtf1 " + b"".join(pieces)), str)


@given(text=st.text(st.characters(codec="utf-16", exclude_categories=["C", "Z"]), max_size=30))
def test_any_text_in_unicode_is_read_back(text: str) -> None:
    halves = text.encode("utf-16-le")
    codes = [int.from_bytes(halves[at : at + 2], "little", signed=True) for at in range(0, len(halves), 2)]
    assert said(b"{\\rtf1\\uc1 " + b"".join(b"\\u%d?" % code for code in codes) + b"\\par}") == text
