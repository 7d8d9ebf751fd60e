"""Files of sheets, slides, books, mails, archives and records that are made to cost, as `attack-files` reads them."""

from eval.attacks import hostile_archives as zips
from eval.attacks import hostile_containers as boxes
from eval.attacks import hostile_office as office
from eval.attacks.hostile import READ, Hostile, text

SECOND = {"xl/sharedStrings.xml": zips.laughs() + f'<sst xmlns="{office.SHEET}"><si><t>&e9;</t></si></sst>'}
GROUP, GROUP_END = "<p:grpSp>", "</p:grpSp>"
ITEM, ITEM_END = "<text:list><text:list-item>", "</text:list-item></text:list>"
NOTEBOOK = b'{"nbformat": 4, "metadata": {}, "cells": ['

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
FRACTION, FRACTION_END = "<m:f><m:num>", "</m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
HIGH_NUMBERS = (
    f'<w:numbering xmlns:w="{zips.WORD}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
    f'<w:start w:val="2147483647"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="{"%1" * 50_000}"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
NUMBERED = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'


def formulas(start: str, end: str, deep: int, times: int) -> office.Make:
    """Return what makes a DOCX of formulas, each with parts inside each other."""
    inside = f"<m:oMath {MATH}>{start * deep}<m:r><m:t>1</m:t></m:r>{end * deep}</m:oMath>"
    return lambda: zips.docx(f"<w:p>{inside * times}</w:p>")


WORDS = (
    Hostile("high-numbers.docx", lambda: zips.docx(NUMBERED * 5_000, {"word/numbering.xml": HIGH_NUMBERS}), None),
    Hostile("formulas.docx", formulas(FRACTION, FRACTION_END, 1, 50_000), None),
    Hostile("formulas-deep.docx", formulas(FRACTION, FRACTION_END, 60, 300), None),
    Hostile("formulas-deeper.docx", formulas(FRACTION, FRACTION_END, 20_000, 1)),
)
SHEETS = (
    Hostile("far.xlsx", office.xlsx(office.far_cell()), None),
    Hostile("cells.xlsx", office.xlsx(office.many_cells(2_500_000))),
    Hostile("sheets.xlsx", office.xlsx(office.many_cells(2_000), sheets=5_000)),
    Hostile("laughs.xlsx", office.xlsx(more=SECOND)),
    Hostile("bomb.xlsx", office.xlsx(" " * 900_000_000)),
    Hostile("string.xlsx", office.xlsx('<row><c t="s"><v>99999999999</v></c><c t="s"><v>-1</v></c></row>'), None),
    Hostile("numbers.xlsx", office.xlsx('<row r="99999999999"><c r="ZZZZZZZ1"><v>1e999</v></c></row>'), None),
    Hostile("no-sheet.xlsx", office.xlsx(more={"xl/worksheets/sheet1.xml": ""})),
    Hostile("ole.xls", lambda: zips.OLE),
    Hostile("circle.xls", office.circle_of_sectors),
    Hostile("repeated.ods", office.open_document("spreadsheet", office.repeated(1_048_576, 16_384)), None),
    Hostile("repeated-more.ods", office.open_document("spreadsheet", office.repeated(2**63, 2**63)), None),
    Hostile("laughs.ods", office.open_document("spreadsheet", "&e9;", zips.laughs())),
    Hostile("commas.csv", text(b","), None),
    Hostile("quote.csv", lambda: b'a,b\n1,"' + b"x\n" * 9_000_000, None),
    Hostile("columns.csv", lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n" + b"1," * 1_000_000, None),
    Hostile("nul.tsv", text(b"\0\t")),
)
SLIDES = (
    Hostile("deep.pptx", office.pptx(GROUP * 50_000 + GROUP_END * 50_000)),
    Hostile("shapes.pptx", office.pptx(office.shape("") * 400_000)),
    Hostile("slides.pptx", office.pptx(office.shape("x" * 10_000), slides=20_000)),
    Hostile("laughs.pptx", office.pptx(office.shape("&e9;"), declared=zips.laughs())),
    Hostile("no-slide.pptx", office.pptx("", {"ppt/slides/slide1.xml": ""})),
)
BOOKS = (
    Hostile("spine.epub", office.epub("<p>" + "x " * 50_000, times=100_000)),
    Hostile("deep.epub", office.epub("<html><body>" + "<div>" * 50_000)),
    Hostile("laughs.epub", office.epub(declared=zips.laughs())),
    Hostile("outside.epub", office.epub(more={"a.opf": "<package><spine/></package>"})),
    Hostile("bomb.epub", office.epub(b" " * 900_000_000)),
    Hostile("spaces.odt", office.open_document("text", '<text:p>a<text:s text:c="2000000000"/>b</text:p>'), None),
    Hostile("deep.odt", office.open_document("text", ITEM * 20_000 + ITEM_END * 20_000)),
    Hostile("repeated.odt", office.open_document("text", office.repeated(1_000_000, 1_000)), None),
    Hostile("laughs.odt", office.open_document("text", "<text:p>&e9;</text:p>", zips.laughs())),
    Hostile("braces.rtf", lambda: b"{\\rtf1 " + b"{" * 1_000_000 + b"A line."),
    Hostile("words.rtf", lambda: b"{\\rtf1 " + b"\\b" * 1_000_000 + b" A line.}", None),
    Hostile("binary.rtf", lambda: b"{\\rtf1 A line. \\bin99999999999999999999 x}", None),
    Hostile("skip.rtf", lambda: b"{\\rtf1 \\uc999999999 A line. \\u20013? More.}", None),
    Hostile("cells.rtf", lambda: b"{\\rtf1 " + b"\\trowd\\cellx1 x\\cell\\row" * 100_000 + b"}", None),
)
RECORDS = (
    Hostile("deep.json", lambda: b"[" * 5_000_000),
    Hostile("deep-names.json", lambda: b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000),
    Hostile("digits.json", lambda: b'{"a": ' + b"9" * 5_000_000 + b"}", None),
    Hostile("endless.json", lambda: b'{"a": 1e999, "b": -Infinity, "c": NaN}', None),
    Hostile("numbers.json", lambda: b"[" + b"1," * 9_000_000 + b"1]", None),
    Hostile("lines.jsonl", text(b'{"a":1}\n'), None),
    Hostile("deep.jsonl", lambda: (b"[" * 100_000 + b"\n") * 10),
    Hostile("cells.ipynb", lambda: NOTEBOOK + b'{"cell_type": "raw", "source": ""},' * 500_000 + b"{}]}", None),
    Hostile("strange.ipynb", lambda: NOTEBOOK + b'{"cell_type": 7, "source": {"a": [1]}}, null]}', None),
    Hostile(
        "outside.rst", lambda: b"A line.\n\n.. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n", READ
    ),
    Hostile(
        "laughs.rst", lambda: b"".join(b".. |a%d| replace:: %s\n" % (n + 1, b"|a%d| " % n * 10) for n in range(9)), None
    ),
    Hostile("deep.rst", lambda: b"".join(b" " * n + b"x\n\n" for n in range(2_000)), None),
    Hostile("marks.rst", text(b"*", 5_000_000), None),
    Hostile("titles.rst", text(b"T\n=\n\n", 5_000_000), None),
    Hostile("brackets.py", text(b"(", 5_000_000), None),
)
MESSAGES = (
    Hostile("circle.msg", office.circle_of_sectors),
    Hostile(
        "strange.zip",
        lambda: boxes.many((name, "x") for name in ("a\n.txt", "\x1b[31m.txt", "x" * 3_000 + ".txt")),
        None,
    ),
    Hostile("same.zip", lambda: boxes.many((name, "x") for name in ("a.txt", "A.txt", "a.txt/b.txt", "c//.txt")), None),
    Hostile("brackets.eml", lambda: boxes.HEAD + b"Cc: " + b"(" * 500_000 + b"\r\n\r\nA line.", None),
)
FORMATS = (*WORDS, *SHEETS, *SLIDES, *BOOKS, *RECORDS, *MESSAGES)
