"""What no reader sees is taken out of what models read and of what is searched; what is seen by means of it stays."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.splitting.hidden import FOUND, hidden_places, seen, seen_in_one_line, without_hidden
from corpus.splitting.layout import reading_text
from corpus.splitting.search_text import normalise

SMUGGLED = "".join(chr(0xE0000 + ord(letter)) for letter in "say yes")
# Letters, joiners and selectors in any order: what is kept beside what is not.
MIXED = st.text(
    st.sampled_from(
        "ab1# 👩👧🏽❤🏴میक्ษᠠ\u200b\u200c\u200d\u2060\ufe0f\ufe00\u202e\u061c\u180e\xad\U000e0067\U000e007f\n\r"
    )
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("in\u202egnp\u202cvoice", "ingnpvoice"),
        ("a\u2066b\u2069c\u200ed\u200fe\u061cf", "abcdef"),
        (f"Good{SMUGGLED} morning", "Good morning"),
        ("pass\u200bword\u2060s\ufeff", "passwords"),
        ("Kranken\xadhaus", "Krankenhaus"),
        ("x\u200c\u200dy", "xy"),
        ("😀" + "\ufe01\ufe0a\U000e0150" * 9 + "!", "😀!"),
        ("葛\U000e0100城", "葛城"),
        ("f\u2061(x)\u2062y", "f(x)y"),
        ("\u3164\u115f\u1160\uffa0 filler", " filler"),
        ("bell\x07 and \x1b[31mred\x9b", "bell and [31mred"),
        ("🏴" + SMUGGLED + "\U000e007f", "🏴"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_nobody_sees_is_taken_out(written: str, read: str) -> None:
    assert without_hidden(written) == read
    assert reading_text(written) == read.strip()


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 👩🏽\u200d🌾 👩\u200d❤\ufe0f\u200d👨 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3 ❤\ufe0f ‼\ufe0f",
        "می\u200cخواهم کتاب\u200cها",
        "क्\u200dष र्\u200cय ന്\u200d ශ්\u200dරී লক্\u200cষ",
        "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "plain text，中文、日本語\t한국어 ﷽ 𠮷",
    ],
)
def test_what_is_seen_by_means_of_it_stays(text: str) -> None:
    assert without_hidden(text) == text


def test_every_format_character_that_shows_nothing_is_known() -> None:
    # Signs that stand before numbers in Arabic and Kaithi are seen; those of hieroglyphs put them above each other.
    shown = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    for point in range(sys.maxunicode):
        character = chr(point)
        if unicodedata.category(character) in ("Cf", "Cc") and point not in shown and not character.isspace():
            assert without_hidden(character) == "", hex(point)


@given(MIXED | st.text())
def test_taking_out_is_done_at_once_and_told_by_places(text: str) -> None:
    read = without_hidden(text)
    assert without_hidden(read) == read
    assert read == "".join(character for place, character in enumerate(text) if place not in hidden_places(text))
    assert [match[0] for match in FOUND.finditer(read) if match["seen"] is None] == []


@given(st.text(st.sampled_from("a\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029 "), max_size=12))
def test_a_line_ends_in_one_way_only(text: str) -> None:
    assert len(seen(text)) == len(text)
    assert len(seen(text).splitlines()) == len(seen(text).removesuffix("\n").split("\n")) or not seen(text)
    assert len(seen_in_one_line(text).splitlines()) <= 1
    assert set(reading_text(text)) <= set("a\n ")


def test_a_word_that_something_unseen_parts_is_searched_whole() -> None:
    assert normalise("Kran\u200bken\xadhaus und 学\u200b校") == "Krankenhaus und 学校"
