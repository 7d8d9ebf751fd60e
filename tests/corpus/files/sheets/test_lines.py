"""From cells to lines: headers, titles, notes, several tables, and the row of each line."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.files.folders.metadata import Metadata
from corpus.files.sheets.extracting import Sheet, extract_of_sheets
from corpus.files.sheets.header import Merged
from corpus.files.sheets.lines import Row, lines_of


def rows_of(text: str) -> list[Row]:
    """Return the rows of a drawing of a sheet, a bar between cells."""
    drawn = (line.split("|") for line in text.strip("\n").split("\n"))
    return [Row(number, tuple(cell.strip() for cell in cells)) for number, cells in enumerate(drawn, start=1)]


def said(text: str, *merged: Merged) -> list[str]:
    return [line.text for line in lines_of(rows_of(text), merged)]


HEADERS = {
    "numbers below": ("Name | Age\nAnn | 31", ["| Name | Age |", "| --- | --- |", "| Ann | 31 |"]),
    "words below": (
        "Name | Town | Post\nAnn | Oslo | cook\nBo | Rome | cook",
        ["| Name | Town | Post |", "| --- | --- | --- |"],
    ),
    "years as names": ("County | 2021 | 2022\nNorth | 5 | 6.5%", ["| County | 2021 | 2022 |", "| --- | --- | --- |"]),
    "a corner that is empty": (" | Boats\nNorth | 5", ["|  | Boats |", "| --- | --- |", "| North | 5 |"]),
    "Chinese": ("县名 | 启用日期\n甲县 | 2019-03-01", ["| 县名 | 启用日期 |", "| --- | --- |"]),
}


@pytest.mark.parametrize("name", HEADERS)
def test_names_of_columns_are_a_header(name: str) -> None:
    drawn, expected = HEADERS[name]
    assert said(drawn)[: len(expected)] == expected


NO_HEADERS = {
    "numbers from the first row on": "Ann | 31\nBo | 28",
    "years as a column": "2021 | rose | 5\n2022 | fell | 6\n2023 | fell | 7",
    "what a row says is said again": "Ann | Stores | Oslo\nBo | Stores | Rome\nCid | Sales | Oslo",
    "a number that is missing": "Oslo | n/a\nRome | 5",
}


@pytest.mark.parametrize("name", NO_HEADERS)
def test_rows_without_names_stay_rows(name: str) -> None:
    lines = said(NO_HEADERS[name])
    assert "| --- |" not in "".join(lines)
    assert lines == [f"| {line} |" for line in NO_HEADERS[name].split("\n")]


@pytest.mark.parametrize("note", ["Source: the harbour office", "资料来源：港务局"])
def test_a_line_below_which_nothing_stands_is_no_heading(note: str) -> None:
    drawn = f"Port | Ships\nNorth | 7\nSouth | 8\n |\n{note} |"
    assert said(drawn)[-2:] == ["", note]
    assert f"## {note}" in said(f"{drawn}\n |\nPort | Tugs\nNorth | 1\nSouth | 2")


def test_what_stands_above_and_below_a_table_is_no_row_of_it() -> None:
    drawn = "Ports in 2022 | | |\nin thousand tonnes | | |\nPort | Goods | Ships\nNorth | 5 | 7\nSouth | 6 | 8\n"
    drawn += "Source: the harbour office. | |"
    assert said(drawn) == [
        "## Ports in 2022",
        "in thousand tonnes",
        "",
        "| Port | Goods | Ships |",
        "| --- | --- | --- |",
        "| North | 5 | 7 |",
        "| South | 6 | 8 |",
        "",
        "Source: the harbour office.",
    ]


def test_names_over_names_are_told_together() -> None:
    drawn = "Port | 2021 | | 2022 |\n | goods | ships | goods | ships\nNorth | 5 | 7 | 6 | 8"
    merged = [Merged(1, 0, 2, 0), Merged(1, 1, 1, 2), Merged(1, 3, 1, 4)]
    assert said(drawn, *merged) == [
        "| Port | 2021 goods | 2021 ships | 2022 goods | 2022 ships |",
        "| --- | --- | --- | --- | --- |",
        "| North | 5 | 7 | 6 | 8 |",
    ]


def test_a_cell_over_several_rows_is_repeated_in_each() -> None:
    drawn = "Ship | Fee\nNordlys | 5\n | 6\n | 7"
    assert said(drawn, Merged(2, 0, 3, 0))[2:] == ["| Nordlys | 5 |", "| Nordlys | 6 |", "|  | 7 |"]


def test_tables_below_and_beside_each_other() -> None:
    drawn = "Name | Age | | Town | Zip\nAnn | 31 | | Oslo | 150\n\nShip | Crew\nNordlys | 12"
    assert said(drawn) == [
        *("| Name | Age |", "| --- | --- |", "| Ann | 31 |", ""),
        *("| Town | Zip |", "| --- | --- |", "| Oslo | 150 |", ""),
        *("| Ship | Crew |", "| --- | --- |", "| Nordlys | 12 |"),
    ]


def test_an_empty_row_or_column_does_not_part_a_table_from_its_names() -> None:
    drawn = "Name | | Age\nAnn | | 31\n\nBo | | 28"
    assert said(drawn) == ["| Name | Age |", "| --- | --- |", "| Ann | 31 |", "| Bo | 28 |"]


def test_marks_in_cells_mean_nothing() -> None:
    lines = lines_of([Row(1, ("# one\nline", "a|b")), Row(2, ("x", "1"))])
    assert [line.text for line in lines] == [r"| # one line | a\|b |", "| --- | --- |", "| x | 1 |"]
    assert [line.text for line in lines_of([Row(1, ("# alone",))])] == ["| # alone |"]


def test_the_row_of_every_line_is_told() -> None:
    drawn = "Ports | |\n\nPort | Goods\nNorth | 5\n\nSouth | 6"
    extract = extract_of_sheets([Sheet("Sheet1", []), Sheet("港口", rows_of(drawn))], Metadata())
    assert extract.text == "# 港口\n\n## Ports\n\n| Port | Goods |\n| --- | --- |\n| North | 5 |\n| South | 6 |\n\f"
    (part,) = extract.parts
    assert (part.label, part.rows) == ("港口", ((2, 1), (6, 4), (7, 6)))


CELLS = st.text("ab1|#\n \t\f\x0b-.`", max_size=5)


@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=12),
    st.lists(st.builds(Merged, *(st.integers(0, 13) for _ in range(4))), max_size=3),
)
def test_every_cell_is_told_in_a_line_of_its_row(cells: Sequence[Sequence[str]], merged: Sequence[Merged]) -> None:
    """Of a header of several rows in that of the first; nothing breaks whatever is merged."""
    rows = [Row(number, tuple(each)) for number, each in enumerate(cells, start=1)]
    lines = lines_of(rows, merged)
    assert all("\n" not in line.text and "\f" not in line.text for line in lines)
    told = {number: "".join(line.text for line in lines if line.row == number) for number in range(1, len(rows) + 1)}
    if not merged:
        for row in rows:
            for cell in row.cells:
                assert " ".join(cell.split()) in told[row.number].replace(r"\|", "|")
