"""What words may be in Chinese, and how much of them each translation is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.dictionary import Translation, translations

WORDS = st.lists(st.sampled_from("the lighthouse of added red cross rice price who centre zzz".split()), max_size=12)


def shares(question: str, language: str = "en") -> dict[str, float]:
    return {word: share for found in translations(question, language) for word, share in found.shares.items()}


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        ("lighthouse", "灯塔"),
        ("Lighthouses!", "灯塔"),
        ("a centre", "中心"),
        ("the centers", "中心"),
        ("organisations", "组织"),
        ("colour", "颜色"),
        ("harbours", "港口"),
        ("built", "建造"),
        ("children", "儿童"),
        ("added", "添加"),
        ("wells", "井"),
    ],
)
def test_all_forms_of_a_word_are_found(words: str, chinese: str) -> None:
    assert chinese in shares(words)


def test_a_past_tense_is_no_abbreviation() -> None:
    assert "公元" not in shares("Who added the second floor?")


def test_a_first_meaning_is_likelier_than_a_later_one() -> None:
    found = shares("centre")
    assert found["中心"] > found["基点"] > 0, "基点 is a base first"


def test_one_character_says_less_than_a_word() -> None:
    found = shares("wells")
    assert 0 < found["井"] < found["水井"]


def test_words_of_a_phrase_come_by_themselves_too_and_count_less() -> None:
    phrase, *parts = translations("the Red Cross of a town")
    assert (phrase.start, phrase.end) == (1, 3) and "红十字" in phrase.shares
    assert [(each.start, each.end) for each in parts] == [(1, 2), (2, 3), (5, 6)]
    (alone,) = translations("red")
    assert {word: share / 2 for word, share in alone.shares.items()} == parts[0].shares


def test_what_another_language_asks_with_is_not_english() -> None:
    assert shares("Wer war die Tante?", "de") == {}
    assert shares("the die", "en"), "a die may be asked about in English"
    assert "医院" in shares("Wo steht das Hospital?", "de")


@given(WORDS | st.text(max_size=60), st.sampled_from(["en", "de", "zh", "und"]))
def test_whatever_is_asked_has_shares(words: list[str] | str, language: str) -> None:
    question = words if isinstance(words, str) else " ".join(words)
    for found in translations(question, language):
        assert isinstance(found, Translation) and 0 <= found.start < found.end
        assert list(found.shares.values()) == sorted(found.shares.values(), reverse=True)
        assert all(word and 0 < share <= 1 for word, share in found.shares.items())
