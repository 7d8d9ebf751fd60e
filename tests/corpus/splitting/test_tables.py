"""Rows of a table are found by the names of their columns, wherever these stand in the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.passage import Passage, cite
from corpus.splitting.lines import Kind, read_lines
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.splitting.tables import HEAD_LENGTH, with_tables
from corpus.splitting.units import LEAD

TOKENS = 120
SPLIT = make_splitter(SplitterSettings(160, 120), lambda texts: [len(text) // 2 + 4 for text in texts], TOKENS)
HEAD = "| Quay | Length (m) | Depth (m) |"
RULE = "|---|---:|---|"
ROWS = [f"| Quay {number} | {200 + number} | {number % 9} |" for number in range(30)]


def split(text: str) -> list[Passage]:
    return SPLIT(make_document(text, source="a.md"))


def heads(text: str) -> list[str | None]:
    """Return what each line of a table, or any other, is a row under."""
    return [None if line.head is None else line.head.of(text) for line in with_tables(read_lines(text))]


def test_every_passage_of_rows_is_searched_with_the_names_of_the_columns() -> None:
    text = "\n".join(["# Quays", "", HEAD, RULE, *ROWS])
    first, *others = split(text)
    assert len(others) > 3
    assert HEAD in first.quote
    assert first.table_header is None
    for passage in others:
        assert passage.search_text.startswith("Quay Length (m) Depth (m) Quay ")
        header = cite(passage, make_document(text, source="a.md"), "[1]").table_header
        assert header is not None
        assert header.quote == text[header.start : header.end] == HEAD
    marked = [span.of(text) for passage in (first, *others) for span in passage.sentences]
    assert marked == ROWS, "what is marked as the answer is a row"


def test_no_passage_ends_with_the_names_of_columns() -> None:
    text = "\n".join(["Prose about quays. " * 6, "", HEAD, RULE, *ROWS])
    assert not any(passage.quote.endswith(RULE) for passage in split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,city,age\nAnna,Alvor,34\nBert,Benton,38", [None, "name,city,age", "name,city,age"]),
        ("name\tage\nAnna\t34\nBert\t38\n\nProse.", [None, "name\tage", "name\tage", None]),
        ('name;"a; b";age\nAnna;x;34\nBert;"y; z";38', [None, 'name;"a; b";age', 'name;"a; b";age']),
        ("品名 | 数量\n网 | 34\n绳 | 38", [None, "品名 | 数量", "品名 | 数量"]),
        ("品名　产地　数量\n网　海湾　34\n绳　山城　38", [None, "品名　产地　数量", "品名　产地　数量"]),
        ("Title\nname,city,age\nAnna,Alvor,34\nBert,Benton,38", [None, None, "name,city,age", "name,city,age"]),
        ("a | b\n--- | ---\n1 | 2", [None, "a | b", "a | b"]),
        ("|  |  |\n|--|--|\n| 1 | 2 |", [None, None, None]),
    ],
)
def test_kinds_of_tables(text: str, expected: list[str | None]) -> None:
    assert heads(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2031-06-01,Alvor,34\n2031-06-02,Benton,38\n2031-06-03,Alvor,26",
        "Anna,Alvor,pilot\nBert,Benton,cook\nCleo,Carrick,mate",
        "name,city,age\nAnna,Alvor,34",
        "We bought nets, ropes, lamps\nand, in 2031, a boat\nwhich, in 2032, sank.",
        "```\nname,city,age\nAnna,Alvor,34\nBert,Benton,38\n```",
        "| a | b |\n| 1 | 2 |",
    ],
)
def test_lines_that_are_no_table_with_a_head(text: str) -> None:
    assert set(heads(text)) == {None}


def test_a_table_below_another_has_its_own_head() -> None:
    second = "| Ship | Flag |"
    text = "\n".join([HEAD, RULE, *ROWS[:6], second, RULE, "| Alma | red |", *["| Bora | blue |"] * 12])
    found = [passage.table_header and passage.table_header.quote for passage in split(text)]
    assert found[0] is None
    assert found[-1] == second
    assert HEAD in found
    assert sum(line.kind is Kind.TABLE_HEAD for line in with_tables(read_lines(text))) == 2


def test_the_names_of_a_wide_table_are_bounded() -> None:
    names = "| " + " | ".join(f"quantity number {number}" for number in range(90)) + " |"
    row = "| " + " | ".join(str(number) for number in range(90)) + " |"
    passages = split("\n".join([names, "|" + "--|" * 90, row, row]))
    told = [passage for passage in passages if passage.table_header]
    assert told
    for passage in told:
        assert passage.table_header is not None
        assert len(passage.table_header.quote) <= HEAD_LENGTH
        assert names.startswith(passage.table_header.quote)
        assert passage.table_header.quote.endswith("|")
        assert len(passage.search_text) // 2 + 4 <= TOKENS
        assert passage.search_text.startswith("quantity number 0 quantity number 1")
        assert len(passage.search_text) <= LEAD + 1 + 160


FIELDS = st.lists(st.sampled_from(["名", "x y", "7", "3.5%", ""]), min_size=1, max_size=5)
TABLE_LINES = st.lists(
    st.one_of(
        FIELDS.map(" | ".join).map("| {} |".format),
        FIELDS.map(",".join),
        FIELDS.map("\t".join),
        st.sampled_from(["|--|--|", "--- | ---", "", "Prose. More of it.", "# H", "```"]),
    ),
    max_size=25,
).map("\n".join)


@given(TABLE_LINES)
def test_a_head_is_quoted_from_above_and_never_from_the_passage(text: str) -> None:
    passages = split(text)
    assert "".join("".join(passage.quote.split()) for passage in passages) == "".join(text.split())
    for passage in passages:
        assert "".join(passage.text.split()) == "".join(passage.quote.split())
        if header := passage.table_header:
            assert header.quote == text[header.start : header.end]
            assert any(map(str.isalnum, header.quote))
            assert header.end <= passage.start
