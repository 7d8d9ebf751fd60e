"""JSON and JSON Lines: like objects are a table, others paragraphs, and what stands deeper is called by its way."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.text import records
from corpus.files.text.records import read


def said(tmp_path: Path, text: str, name: str = "a.json") -> list[str]:
    (path := tmp_path / name).write_text(text, "utf-8")
    return read(path).text.split("\n")


def test_an_object_is_told_by_its_names(tmp_path: Path) -> None:
    value = {
        "name": "White Sand ferry",
        "capacity": 120,
        "open": True,
        "length": 31.50,
        "crew": {"captain": "Ole", "mates": ["Ann", "Bo"]},
        "remark": None,
        "ports": [],
    }
    assert said(tmp_path, json.dumps(value).replace("31.5", "31.50")) == [
        "name: White Sand ferry",
        "capacity: 120",
        "open: true",
        "length: 31.50",
        "crew.captain: Ole",
        "crew.mates: Ann, Bo",
    ]


def test_like_objects_are_a_table_under_the_name_of_their_list(tmp_path: Path) -> None:
    ships = [{"name": "Nordlys", "crew": 12}, {"name": "Hav|bris", "crew": 9, "flag": "NO"}]
    table = ["| name | crew | flag |", "| --- | --- | --- |", "| Nordlys | 12 |  |", r"| Hav\|bris | 9 | NO |"]
    assert said(tmp_path, json.dumps(ships)) == table
    assert said(tmp_path, json.dumps({"fleet": {"ships": ships}})) == ["## fleet.ships", "", *table]
    lines = "\n".join(json.dumps(ship) for ship in ships)
    assert said(tmp_path, lines, "a.jsonl") == said(tmp_path, lines, "b.json") == table


def test_objects_with_texts_are_paragraphs(tmp_path: Path) -> None:
    notes = [{"id": 1, "text": "The harbour is dredged every spring. " * 5}, {"id": 2, "text": "Ferries run hourly."}]
    lines = said(tmp_path, json.dumps(notes))
    assert lines[0] == "id: 1"
    assert lines[1].startswith("text: The harbour is dredged")
    assert lines[2:] == ["", "id: 2", "text: Ferries run hourly."]


def test_numbers_are_told_as_they_are_written(tmp_path: Path) -> None:
    assert said(tmp_path, '{"a": 1.10, "b": 1e3, "c": 12345678901234567890}') == [
        "a: 1.10",
        "b: 1e3",
        "c: 12345678901234567890",
    ]


def test_lines_end_where_json_ends_them(tmp_path: Path) -> None:
    text = "\n".join(json.dumps({"note": f"one\u2028two\x85three {n}" * 40}, ensure_ascii=False) for n in range(2))
    assert said(tmp_path, text, "a.jsonl")[0].startswith("note: one")


def test_more_values_than_a_document_has_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MOST_VALUES", 3)
    (path := tmp_path / "a.json").write_text('{"a": [1, 2, 3, 4, 5]')
    with pytest.raises(UnreadableFile, match="it has some 4 values, more than the 3 of a document"):
        read(path)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", '{"a": 1,}', "it is no JSON"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "it is no JSON .line 2:"),
        ("a.json", "[" * 100_000, "nested too deep|no JSON"),
    ],
)
def test_what_is_no_json_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    (path := tmp_path / name).write_text(text)
    with pytest.raises(UnreadableFile, match=told):
        read(path)


def test_what_is_nested_deep_is_told_as_it_is_written(tmp_path: Path) -> None:
    (line,) = said(tmp_path, '{"a":' * 200 + '"deep"' + "}" * 200)
    assert line.startswith("a.a.a.")
    assert '"deep"' in line


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab| \n", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=2), inner, max_size=3)
    ),
)


@given(VALUES)
def test_no_value_breaks_it_and_no_text_is_lost(value: object) -> None:
    path = Path(f"/tmp/wherefrom-{hash(str(value))}.json")
    path.write_text(json.dumps(value))
    try:
        text = read(path).text
    finally:
        path.unlink()
    squeezed = "".join(text.replace("\\|", "|").split())

    def texts(each: object) -> list[str]:
        if isinstance(each, dict):
            return [said for inner in each.values() for said in texts(inner)]
        if isinstance(each, list):
            return [said for inner in each for said in texts(inner)]
        return [each] if isinstance(each, str) else []

    assert all("".join(said.split()) in squeezed for said in texts(value))


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ({"name": "Ferries", "title": "The ferries"}, "The ferries"),
        ({"title": " ", "name": "Ferries"}, "Ferries"),
        ({"title": None, "name": ["a"], "ports": 2}, "port list"),
        ([{"title": "First", "berths": 3}, {"title": "Second", "berths": 4}], "port list"),
    ],
)
def test_what_has_no_title_is_called_by_its_file(tmp_path: Path, value: object, title: str) -> None:
    (path := tmp_path / "port list.json").write_text(json.dumps(value))
    (found,) = read_documents([path])
    assert not isinstance(found, Skipped)
    assert found[1].title == title
