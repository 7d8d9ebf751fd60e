"""Headings and code of Markdown are where CommonMark has them; other texts are not read by their indents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.splitting.blocks import is_markdown, read_marks
from corpus.splitting.layout import Layout
from corpus.splitting.lines import Kind, read_lines
from corpus.splitting.passages import SplitterSettings, make_splitter

SPLIT = make_splitter(SplitterSettings(), lambda texts: [len(text) // 2 + 4 for text in texts], 512)


def headings(text: str, markdown: bool = True) -> list[tuple[int, str]]:
    lines = read_lines(text, markdown=markdown)
    return [(line.level, line.text) for line in lines if line.kind is Kind.HEADING]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Guide\n\n````md\n```sh\n# no\n````\n\n## Set up\n\nText.", [(1, "# Guide"), (2, "## Set up")]),
        ("~~~\n```\n# no\n~~~\n# Yes\nText.", [(1, "# Yes")]),
        ("```\n# no\n    ```\n# no\n```\n# Yes\nText.", [(1, "# Yes")]),
        ("``` a`b ```\n# Yes\nText.", [(1, "# Yes")]),
        ("- step\n\n  ```\n  # no\n  ```\n\n# Yes\n\nText.", [(1, "# Yes")]),
        ("> ```\n> # no\n\n# Yes\n\nText.", [(1, "# Yes")]),
        ("Text:\n\n    # no\n    do it\n\n# Yes\nText.", [(1, "# Yes")]),
        ("\t# no\n\n   # Yes #\nText.", [(1, "# Yes #")]),
        ("#no\n\n####### no\n\n#\n\n# Yes\nText.", [(1, "# Yes")]),
        ("Is it open?\n===\nText.", [(1, "Is it open?")]),
        ("Quay\n-\nText.\n\nPier\n=\n\nText.", [(2, "Quay"), (1, "Pier")]),
        ("It is open.\n---\nIt is not closed.", []),
        ("It is open now.\n\n---\n\nIt is not closed.", []),
        ("- item\n---\n\nText.", []),
        ("<!--\n# no\n-->\n\n# Yes\n\nText.", [(1, "# Yes")]),
        ("<pre>\n# no\n\n# no\n</pre>\n\n# Yes\n\nText.", [(1, "# Yes")]),
        ("# Yes\n\nFor example\n\n- one\n- two\n\nOr\n\n- three.", [(1, "# Yes")]),
        ("# 规划\n\n一、目标\n\n泊位增加。", [(1, "# 规划"), (12, "一、目标")]),
    ],
)
def test_headings_are_where_commonmark_has_them(text: str, found: list[tuple[int, str]]) -> None:
    assert headings(text) == found


PIECES = [
    ("# Heading of one\n", 1),
    ("## Heading of two ##\n", 1),
    ("Heading below which a line is\n---\n", 1),
    ("```\n# no\n```\n", 0),
    ("````\n```\n# no\n````\n", 0),
    ("~~~~ md\n# no\n~~~\n~~~~\n", 0),
    ("    # no\n    no\n", 0),
    ("- item\n\n      # no\n", 0),
    ("> # no\n", 0),
    ("A paragraph of two lines, of which\nthe other is this.\n", 0),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_each_heading_is_found_whatever_stands_around_it(pieces: list[tuple[str, int]]) -> None:
    text = "\n".join([*(piece for piece, _ in pieces), "The text ends here, and so it is over."])
    assert len(headings(text)) == sum(number for _, number in pieces)


@given(st.text(alphabet="#`~=->*+1. \t\nab", max_size=80))
def test_marks_are_of_lines_that_are_there(text: str) -> None:
    for markdown in (False, True):
        marks = read_marks(text, markdown=markdown)
        lines = range(text.count("\n") + 1)
        assert all(number in lines for number in (*marks.code, *marks.headings))
        assert all(1 <= level <= 6 for level in marks.headings.values())
        read = " ".join(line.text for line in read_lines(text, markdown=markdown))
        assert read.split() == text.split()


@pytest.mark.parametrize("indent", ["    ", "\t", "\u3000\u3000", "       "])
def test_indents_of_other_texts_are_no_code(indent: str) -> None:
    text = f"{indent}The keeper of the light went to the harbour, and when\nhe was there he\nsaw nobody.\n\n"
    text += f"{indent}So he left."
    plain = Layout(text.replace(indent, ""))
    assert [len(flow.spans) for flow in Layout(text).flows] == [len(flow.spans) for flow in plain.flows]


def test_lines_of_dashes_in_other_texts_part_them() -> None:
    text = "The quay\nis open?\n---\nThe pier is closed.\n"
    assert headings(text, markdown=False) == []
    assert headings(text) == [(2, "The quay"), (2, "is open?")]


def test_fences_and_headings_of_extracted_texts_are_read() -> None:
    text = "## Slide\n\n````\n```\n# no\n````\n\n\f## Another\n\nText."
    assert headings(text, markdown=False) == [(2, "## Slide"), (2, "## Another")]


@pytest.mark.parametrize(
    ("source", "known"),
    [("a.md", True), ("b/README.MARKDOWN", True), ("c.zip/d.Md", True), ("a.txt", False), ("md", False)],
)
def test_the_name_tells_what_is_markdown(source: str, known: bool) -> None:
    assert is_markdown(source) is known
    document = make_document("Open?\n---\nIt is.\n\nShut?\n---\nNo.", source=source)
    assert [passage.section for passage in SPLIT(document)] == ([("Open?",), ("Shut?",)] if known else [()])
