"""What is shown in a terminal: nothing in a text acts on it, and lines break where a reader of Chinese expects it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from service.cli.terminal import counted, displayed, one_line
from service.cli.wrapping import CLOSING, LEAST_WIDTH, OPENING, wrapped
from tests.service_fixtures import without_space

ACTING = {
    "colours": ("\x1b[31mred\x1b[0m", "[31mred[0m"),
    "a window's title": ("\x1b]0;title\x07text", "]0;titletext"),
    "controls of eight bits": ("a\x9b31mb\x9dc\x90d", "a31mbcd"),
    "backspaces": ("pass\b\b\b\bfail", "passfail"),
    "a bell and a delete": ("a\x07b\x7fc", "abc"),
    "NUL": ("a\0b", "ab"),
    "returns": ("good\rbad\r\nend", "good\nbad\nend"),
    "breaks of pages and paragraphs": ("a\fb\vc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
    "tabs": ("a\tb", "a    b"),
    "reversed text": ("a\u202edcb\u202c", "adcb"),
    "isolated text": ("\u2066a\u2067b\u2068c\u2069", "abc"),
    "marks of direction": ("a\u200eb\u200fc\u061cd", "abcd"),
    "letters in tags": ("a\U000e0041\U000e0042\U000e007fb", "ab"),
    "a run of nothing": ("a\u200b\u200c\u200db\u2060\ufeffc", "abc"),
    "a run that controls cut": ("a\u200b\x01\u200b\u202eb", "ab"),
    "a run of forms": ("a\ufe0f\ufe0e\U000e0100b", "ab"),
    "half a character": ("caf\udce9", "caf?"),
}
HARMLESS = ["云南 2023年", "naïve Ω", "שלום", "👩‍👩‍👧‍👦❤️‍🔥", "می‌خواهم", "葛󠄀城", "a\nb", "«»—…", ""]


@pytest.mark.parametrize("name", ACTING)
def test_nothing_shown_acts_on_the_terminal(name: str) -> None:
    text, shown = ACTING[name]
    assert displayed(text) == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_shown_as_it_is(text: str) -> None:
    assert displayed(text) == text


@given(st.text())
def test_whatever_is_shown_has_no_controls_and_can_be_encoded(text: str) -> None:
    shown = displayed(text)
    assert {c for c in shown if unicodedata.category(c) in ("Cc", "Cs")} <= {"\n"}
    assert displayed(shown) == shown
    shown.encode()
    assert len(one_line(text).splitlines()) <= 1


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(number, "file") for number in (0, 1, 2, 1234)] == ["0 files", "1 file", "2 files", "1,234 files"]


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), width)]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(min_value=LEAST_WIDTH, max_value=100))
def test_lines_are_narrow_enough_and_lose_nothing(text: str, width: int) -> None:
    text = displayed(text)
    broken = lines(text, width)
    assert all(cell_len(line) <= width for line in broken)
    assert without_space(broken) == without_space(text)


SENTENCE = "他说：“改造（一期）于2024年9月完成，新增泊位36个；可停靠渔船420艘。”"


@given(st.integers(min_value=LEAST_WIDTH, max_value=60))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width: int) -> None:
    for line in lines(SENTENCE * 5, width):
        assert line[0] not in CLOSING
        assert line[-1] not in OPENING


def test_words_and_numbers_stay_whole() -> None:
    assert lines("新增泊位36个，可停靠Shanghai渔船420艘。", 16) == ["新增泊位36个，可", "停靠Shanghai渔船", "420艘。"]
    assert lines("don’t break a word, ever", 12) == ["don’t break", "a word, ever"]
    assert lines("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_blank_lines_and_indents_stay() -> None:
    assert lines("　　第一段\n\n  code\n", 20) == ["　　第一段", "", "  code", ""]


def test_colours_stay_on_their_words() -> None:
    text = Text("plain ")
    text.append("marked words go on", style="bold")
    for line in wrapped(text, 14):
        marked = "".join(line.plain[span.start : span.end] for span in line.spans)
        assert marked.split() == [word for word in line.plain.split() if word != "plain"]
