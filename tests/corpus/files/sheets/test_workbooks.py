"""XLSX, XLS and ODS: what a person sees in their cells, and what is refused with its reason."""

from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from corpus.errors import UnreadableFile
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.sheets import extracting, ods, xls, xlsx
from corpus.parts import Part, PartKind
from tests.corpus.files.file_makers import change_part
from tests.corpus.files.sheets.makers import NAMESPACES, make_ods, make_xlsx


def write(workbook: Workbook) -> None:
    sheet = workbook.add_worksheet("渔获")
    share, day = workbook.add_format({"num_format": "0.0%"}), workbook.add_format({"num_format": "m/d/yy"})
    sheet.merge_range("A1:D1", "白沙镇2023年渔获")
    for column, name in enumerate(("渔船", "吨数", "比上年", "最后出海")):
        sheet.write(1, column, name)
    sheet.write_row(2, 0, ["海丰号", 412.5])
    sheet.write(2, 2, 0.125, share)
    sheet.write_datetime(2, 3, datetime(2023, 12, 24), day)
    sheet.write_row(3, 0, ["顺风号", 380])
    sheet.write_formula(3, 2, "=B4/B3-1", share, -0.075)
    sheet.write_datetime(3, 3, datetime(2023, 11, 2), day)
    other = workbook.add_worksheet("Sheet2")
    other.write_row(2, 1, ["Crew", "Swims"])
    other.write_row(3, 1, ["Ole\nStrand", True])
    other.write_rich_string(4, 1, "Ann ", workbook.add_format({"bold": True}), "Berg")
    other.write(4, 2, False)
    workbook.add_worksheet("lists").hide()
    workbook.add_worksheet("empty")


TEXT = """# 渔获

## 白沙镇2023年渔获

| 渔船 | 吨数 | 比上年 | 最后出海 |
| --- | --- | --- | --- |
| 海丰号 | 412.5 | 12.5% | 2023-12-24 |
| 顺风号 | 380 | -7.5% | 2023-11-02 |
\f| Crew | Swims |
| --- | --- |
| Ole Strand | TRUE |
| Ann Berg | FALSE |
\f"""


@pytest.fixture
def catch(tmp_path: Path) -> Path:
    created = datetime(2024, 1, 9)
    return make_xlsx(tmp_path / "catch.xlsx", write, title="渔获统计", author="陈望海", created=created)


def test_an_xlsx_is_read_as_it_is_shown(catch: Path) -> None:
    extract = xlsx.read(catch)
    assert extract.text == TEXT
    assert extract.parts == (
        Part(PartKind.SHEET, "渔获", rows=((2, 1), (4, 2), (6, 3))),
        Part(PartKind.SHEET, "Sheet2", rows=((0, 3), (2, 4))),
    )
    assert extract.remarks == ("hidden sheets were left out: lists",)
    assert (extract.metadata.title, extract.metadata.author) == ("渔获统计", "陈望海")
    assert extract.metadata.other == {"created": "2024-01-09"}


def test_cells_need_not_say_where_they_stand(catch: Path) -> None:
    """Some programs leave the places of rows and cells out, and write all names with a prefix."""

    def change(sheet: bytes) -> bytes:
        sheet = sheet.replace(b' r="A3"', b"").replace(b' r="B3"', b"").replace(b'<row r="4"', b"<row")
        return sheet

    change_part(catch, "xl/worksheets/sheet1.xml", change)
    assert xlsx.read(catch).text == TEXT


def test_a_formula_that_nobody_has_computed_is_told(catch: Path) -> None:
    change_part(catch, "xl/worksheets/sheet1.xml", lambda sheet: sheet.replace(b"<v>-0.075</v>", b""))
    extract = xlsx.read(catch)
    assert "| 顺风号 | 380 |  | 2023-11-02 |" in extract.text
    assert extract.remarks[1] == "formulas without their values: 1; open it in an office and save it"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda sheet: sheet.replace(b'r="D3"', b'r="XFE3"'), "row 3 has more than the 16,384 columns"),
        (lambda sheet: sheet[: len(sheet) // 2], "damaged or incomplete XLSX"),
    ],
)
def test_what_is_no_sheet_is_refused(catch: Path, change: object, told: str) -> None:
    change_part(catch, "xl/worksheets/sheet1.xml", change)  # type: ignore[arg-type]
    with pytest.raises(UnreadableFile, match=told):
        xlsx.read(catch)


def test_two_sheets_in_one_part_are_refused(catch: Path) -> None:
    change_part(catch, "xl/_rels/workbook.xml.rels", lambda relations: relations.replace(b"sheet2.xml", b"sheet1.xml"))
    with pytest.raises(UnreadableFile, match="two of its sheets are one part"):
        xlsx.read(catch)


def test_more_cells_than_a_document_has_are_refused(catch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "MOST_CELLS", 8)
    with pytest.raises(UnreadableFile, match="span more than 8 cells"):
        xlsx.read(catch)


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "a.xlsx", lambda workbook: workbook.add_worksheet("a"))
    with pytest.raises(UnreadableFile, match="nothing stands in its cells"):
        xlsx.read(path)
    with ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableFile, match="no XLSX; give it the ending of what it is"):
        xlsx.read(tmp_path / "b.xlsx")


BERTHS = Path(__file__).with_name("berths.xls")  # as Excel 97 writes them, made by xlwt
BERTHS_TEXT = """# 泊位

## 白沙港泊位一览

| 泊位 | 水深（米） | 启用日期 | 在用 |
| --- | --- | --- | --- |
| 北一号 | 9.5 | 2019-03-01 | TRUE |
| 北二号 | 11.25 | 2020-07-15 | TRUE |
| 南一号 | 7 | 1998-11-30 | FALSE |
\f# Pilots

| Pilot | Ship | Fee |
| --- | --- | --- |
| Ole Strand | Havbris | 420 |
| Ole Strand | Nordlys |  |
\f"""


def test_an_xls_is_read_as_it_is_shown(tmp_path: Path) -> None:
    extract = xls.read(BERTHS)
    assert extract.text == BERTHS_TEXT
    assert [part.label for part in extract.parts] == ["泊位", "Pilots"]
    assert extract.remarks == ("hidden sheets were left out: Lists",)
    (tmp_path / "cut.xls").write_bytes(BERTHS.read_bytes()[:3000])
    with pytest.raises(UnreadableFile, match="damaged or incomplete XLS"):
        xls.read(tmp_path / "cut.xls")


def test_an_xls_with_more_cells_than_a_document_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "MOST_CELLS", 20)
    with pytest.raises(UnreadableFile, match="its sheets span more than 20 cells"):
        xls.read(BERTHS)


def cell(said: str, kind: str = "string", more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{said}</text:p></table:table-cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def table(name: str, *rows: str, more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


EMPTY_ROWS = row(
    '<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048570"'
)
HIDDEN = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
NOTE = "<office:annotation><text:p>a remark</text:p></office:annotation>"
PROPERTIES = (
    f'<office:document-meta {NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tide tables</dc:title>'
    "<meta:initial-creator>Ann Berg</meta:initial-creator></office:document-meta>"
)


def test_an_ods_is_read_as_it_is_shown(tmp_path: Path) -> None:
    tides = table(
        "Tides",
        row(cell("Port"), cell("High <text:span>water</text:span>"), cell("Day"), cell("Share")),
        row(
            cell("White Sand", more='table:number-rows-spanned="2"').replace("<text:p>", NOTE + "<text:p>", 1),
            cell("4.10 m", "float", 'office:value="4.1"'),
            cell("05/06/24", "date", 'office:date-value="2024-05-06T00:00:00"'),
            cell("12.5%", "percentage", 'office:value="0.125"'),
        ),
        row(
            "<table:covered-table-cell/>",
            cell("4.30<text:s/>m", "float", 'table:number-columns-repeated="1"'),
            cell("05/07/24", "date", 'office:date-value="2024-05-07T06:30:00"'),
        ),
        row(cell("x", more='table:number-columns-repeated="2"'), more='table:number-rows-repeated="2"'),
        EMPTY_ROWS,
    )
    secret = table("Secret", row(cell("secret")), more='table:style-name="ta2"')
    extract = ods.read(make_ods(tmp_path / "a.ods", tides + secret, HIDDEN, {"meta.xml": PROPERTIES}))
    assert extract.text.split("\n") == [
        *("# Tides", "", "| Port | High water | Day | Share |", "| --- | --- | --- | --- |"),
        "| White Sand | 4.10 m | 2024-05-06 | 12.5% |",
        "| White Sand | 4.30 m | 2024-05-07 06:30:00 |  |",
        *("| x | x |  |  |", "| x | x |  |  |", "\f"),
    ]
    assert extract.parts == (Part(PartKind.SHEET, "Tides", rows=((2, 1), (4, 2))),)
    assert extract.remarks == ("hidden sheets were left out: Secret",)
    assert (extract.metadata.title, extract.metadata.author) == ("Tide tables", "Ann Berg")


def test_an_ods_that_a_password_locks_is_not_called_damaged(tmp_path: Path) -> None:
    manifest = {"META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": "\x93 no XML"}
    with pytest.raises(UnreadableFile, match="locked by a password"):
        ods.read(make_ods(tmp_path / "a.ods", "", parts=manifest))


def test_a_row_that_is_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    many = table(
        "a", row(cell("x", more='table:number-columns-repeated="16384"'), more='table:number-rows-repeated="9999"')
    )
    with pytest.raises(UnreadableFile, match=f"span more than {extracting.MOST_CELLS:,} cells"):
        ods.read(make_ods(tmp_path / "a.ods", many))


@pytest.mark.parametrize(
    ("names", "title", "called"),
    [
        (["North", "South"], "", "Berths 2024"),
        (["North", "South"], "Harbours", "Harbours"),
        (["North"], "", "North"),
    ],
)
def test_several_sheets_are_not_called_by_the_first(tmp_path: Path, names: list[str], title: str, called: str) -> None:
    def fill(workbook: Workbook) -> None:
        for name in names:
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["Berth", "Metres"])
            sheet.write_row(1, 0, ["A1", 40])

    make_xlsx(tmp_path / "Berths 2024.xlsx", fill, title=title)
    (found,) = read_documents([tmp_path])
    assert not isinstance(found, Skipped)
    assert found[1].title == called
