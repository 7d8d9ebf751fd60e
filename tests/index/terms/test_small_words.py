"""Small words of questions, which ask and are not asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.small_words import without_small_words
from index.terms.terms import LETTERS, SOUND, question_terms


@pytest.mark.parametrize(
    ("question", "language", "stretches"),
    [
        ("What is the name of the ferry?", "en", ["name", "ferry?"]),
        ("¿Cuál es el nombre de la barca?", "es", ["¿", "nombre", "barca?"]),
        ("Wer hat die Fähre gebaut?", "de", ["Fähre gebaut?"]),
        ("the die", "en", ["die"]),
        ("Was sagt WHO dazu? Wer?", "de", ["sagt WHO dazu?", "?"]),
        ("To be or not to be", "en", ["To be or not to be"]),
        ("The Times 是什么", "zh", ["The Times 是什么"]),
        ("", "und", [""]),
    ],
)
def test_what_stands_between_small_words(question: str, language: str, stretches: list[str]) -> None:
    assert [each.strip() for each in without_small_words(question, language) if each.strip()] == [
        each for each in stretches if each
    ]


def test_small_words_are_neither_searched_for_nor_heard() -> None:
    terms = question_terms("¿Cuántos años tenía la maestra de la escuela cuando la dejó?")
    assert LETTERS + "escuela" in terms and LETTERS + "maestra" in terms
    assert not {LETTERS + "la", LETTERS + "de", SOUND + "dela"} & set(terms)


def test_a_name_may_look_like_a_small_word() -> None:
    terms = question_terms("Where did the teacher Li Na meet General He Long?")
    assert SOUND + "lina" in terms and SOUND + "helong" in terms


@given(
    st.text(max_size=40) | st.text(alphabet="the of WHO.? 是", max_size=40),
    st.sampled_from(["en", "de", "zh", "ru", "und"]),
)
def test_nothing_but_small_words_goes(text: str, language: str) -> None:
    stretches = without_small_words(text, language)
    assert any(map(str.isalpha, "".join(stretches))) == any(map(str.isalpha, text))
    rest = iter(text)
    assert all(character in rest for character in "".join(stretches)), "in order"
