"""The noun: canonical text, ids, dates."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import checked_date, make_document
from corpus.errors import InvalidInput

# Any text a file can hold: no half surrogates, no NUL.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXTS)
def test_canonical_text_changes_line_ends_and_the_mark_alone(text: str) -> None:
    document = make_document("\ufeff" + text.replace("\n", "\r\n"), source="a.txt")
    assert document.text == text.replace("\r\n", "\n").replace("\r\n", "\n") or "\r" in text
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()


def test_a_document_keeps_its_id_when_its_text_changes() -> None:
    assert make_document("one", source="a.txt").document_id == make_document("two", source="a.txt").document_id
    assert make_document("one", source="a.txt").document_id != make_document("one", source="b.txt").document_id


def test_the_title_is_the_first_line_where_none_is_given() -> None:
    assert make_document("\n\n# 标题\n\n正文。", source="a.md").title == "标题"
    assert make_document("正文。", source="a.md", title="别的").title == "别的"


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_text_that_cannot_be_stored_or_sent_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^a\.txt: "):
        make_document(text, source="a.txt")


@pytest.mark.parametrize("published", ["2026", "2026-04", "2026-04-16", "2024-02-29"])
def test_dates_that_exist(published: str) -> None:
    assert checked_date(published, "a.txt") == published


@pytest.mark.parametrize("published", ["", "26", "2026-13", "2026-02-30", "2026/04", "April 2026", "２０２６", "0000"])
def test_dates_that_do_not(published: str) -> None:
    with pytest.raises(InvalidInput, match="published is"):
        checked_date(published, "a.txt")


@pytest.mark.parametrize("text", ["| a | b |\n| --- | --- |\n| 1 | 2 |\n", "\n```python\nx = 1\n```"])
def test_a_table_or_a_program_is_called_by_its_file(text: str) -> None:
    assert make_document(text, source="rooms/stock.csv").title == "rooms/stock.csv"
