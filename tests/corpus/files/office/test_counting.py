"""Numbers of items are written in any form that offices have, and no form says less than digits would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.files.office.counting import _FORMS, numeral
from corpus.numerals import han_value

WRITTEN = {
    "decimal": {0: "0", 12: "12"},
    "01": {3: "03", 12: "12"},
    "001": {3: "003"},
    "lowerLetter": {1: "a", 26: "z", 27: "aa", 53: "aaa"},
    "upperRoman": {4: "IV", 1994: "MCMXCIV", 2026: "MMXXVI"},
    "ordinal": {1: "1st", 2: "2nd", 11: "11th", 23: "23rd"},
    "cardinalText": {21: "Twenty-one", 105: "One hundred five"},
    "ordinalText": {1: "First", 12: "Twelfth", 20: "Twentieth", 33: "Thirty-third"},
    "chineseCounting": {10: "十", 11: "十一", 20: "二十", 101: "一百零一", 110: "一百一十", 1010: "一千零一十"},
    "chineseLegalSimplified": {10: "壹拾", 25: "贰拾伍"},
    "japaneseCounting": {10: "十", 100: "百", 120: "百二十", 2010: "二千十"},
    "koreanDigital": {10: "일영"},
    "ideographDigital": {2026: "二〇二六"},
    "decimalEnclosedCircle": {20: "⑳", 50: "㊿", 51: "51"},
    "ideographTraditional": {3: "丙", 11: "11"},
    "ideographZodiacTraditional": {1: "甲子", 60: "癸亥", 61: "61"},
    "none": {3: ""},
    "nobody knows": {3: "3"},
}


@pytest.mark.parametrize("form", WRITTEN)
def test_how_numbers_are_written(form: str) -> None:
    assert {value: numeral(value, form) for value in WRITTEN[form]} == WRITTEN[form]


@given(value=st.integers(1, 32_767))
def test_chinese_numerals_are_worth_what_they_count(value: int) -> None:
    assert han_value(numeral(value, "chineseCountingThousand")) == value
    assert han_value(numeral(value, "chineseLegalSimplified")) == value


@given(first=st.integers(1, 700), second=st.integers(1, 700), form=st.sampled_from(sorted(_FORMS.keys() - {"none"})))
def test_two_numbers_are_never_written_alike(first: int, second: int, form: str) -> None:
    assert (numeral(first, form) == numeral(second, form)) is (first == second)


@given(value=st.integers(0, 99_999), form=st.sampled_from(sorted(_FORMS)))
def test_no_number_is_long(value: int, form: str) -> None:
    assert len(numeral(value, form)) < 80
