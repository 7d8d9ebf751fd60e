"""CSV and TSV: what parts the fields, in which encoding, and what is quoted."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.sheets import delimited
from corpus.files.sheets.delimited import delimiter_of, read

TABLE = [["Port", "Goods", "Note"], ["North", "5,5", "a"], ["South; old", "6,1", 'said "no"\nand left']]


def written(rows: list[list[str]], delimiter: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_parts_the_fields_is_told_by_how_evenly_it_does(tmp_path: Path, delimiter: str) -> None:
    (path := tmp_path / "a.csv").write_text(written(TABLE, delimiter), newline="")
    extract = read(path)
    assert extract.text.split("\n") == [
        *("| Port | Goods | Note |", "| --- | --- | --- |", "| North | 5,5 | a |"),
        '| South; old | 6,1 | said "no" and left |',
        "\f",
    ]
    assert extract.parts[0].rows == ((0, 1), (2, 2))
    assert extract.parts[0].label is None


def test_excel_may_say_what_parts_them(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_text("sep=!\r\nPort!Ships\r\nNorth!5\r\n", newline="")
    extract = read(path)
    assert extract.text == "| Port | Ships |\n| --- | --- |\n| North | 5 |\n\f"
    assert extract.parts[0].rows == ((0, 2), (2, 3)), "the line that says so is the first row"


def test_commas_of_prose_and_of_decimals_part_nothing() -> None:
    assert delimiter_of("Stadt;Preis\nUlm;3,5\nBonn, am Rhein;4,25\nKiel;7\n", ".csv") == ";"
    assert delimiter_of("Ann, who sings\nBo\nCid, Dan, and Eve; all of them\n", ".csv") == ","
    assert delimiter_of("name\tnote\nAnn\tsings, dances\nBo\treads, writes\n", ".tsv") == "\t"
    assert delimiter_of("one\ntwo\n", ".csv") == ","


def test_chinese_excel_writes_gbk(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_bytes(
        "县名,学校数,这里的人说了什么\n平湖县,240,有三所中学在山上\n秀水县,27,来的人不多\n".encode("gbk")
    )
    assert "| 平湖县 | 240 | 有三所中学在山上 |" in read(path).text


def test_a_quotation_that_never_ends_takes_nothing_with_it(tmp_path: Path) -> None:
    rows = ["name,inches", *(f"board {number},{number}" for number in range(40))]
    rows[3] = 'plank,"5'
    (path := tmp_path / "a.csv").write_text("\n".join(rows))
    lines = read(path).text.split("\n")
    assert '| plank | "5 |' in lines
    assert "| board 39 | 39 |" not in lines[:5]
    assert lines[-2] == "| board 39 | 39 |"


def test_more_fields_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "a.csv").write_text("," * 20_000)
    with pytest.raises(UnreadableFile, match="a row has 20,001 fields, more than the 16,384 of a sheet"):
        read(path)
    monkeypatch.setattr(delimited, "MOST_FIELDS", 10)
    with pytest.raises(UnreadableFile, match="it has 20,001 fields, more than the 10 of a document"):
        read(path)


@given(st.lists(st.lists(st.text("ab1, ;|\"'\n中", max_size=4), min_size=2, max_size=4), min_size=1, max_size=6))
def test_no_text_breaks_it(rows: list[list[str]]) -> None:
    for delimiter in ",;\t|":
        assert delimiter_of(written(rows, delimiter), ".csv") in ",;\t|"
