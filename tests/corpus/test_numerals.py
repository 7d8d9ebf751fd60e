"""Numbers in words are read back, whatever wrote them; words that are none are left alone."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.numerals import numbers_in_words

HAN = "零一二三四五六七八九"
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
GERMAN_ONES = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
).split()
GERMAN_TENS = "zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def numbers(text: str) -> list[Decimal]:
    return list(numbers_in_words(text))


def in_chinese(number: int, *, inside: bool = False) -> str:
    """Return a number as it is said, with a 零 for every gap."""
    for worth, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= worth:
            head, rest = divmod(number, worth)
            said = "" if unit == "十" and head == 1 and not inside else in_chinese(head)
            gap = "零" if 0 < rest < worth // 10 else ""
            return said + unit + gap + (in_chinese(rest, inside=True) if rest else "")
    return HAN[number]


def in_english(number: int) -> str:
    for worth, unit in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= worth:
            head, rest = divmod(number, worth)
            joint = " and " if rest < 100 else " "
            return f"{in_english(head)} {unit}" + (joint + in_english(rest) if rest else "")
    if number < 20:
        return ONES[number]
    return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")


def in_german(number: int) -> str:
    for worth, unit in ((1000, "tausend"), (100, "hundert")):
        if number >= worth:
            head, rest = divmod(number, worth)
            return in_german(head) + unit + (in_german(rest) if rest else "")
    if number < 20:
        return GERMAN_ONES[number]
    ones = f"{GERMAN_ONES[number % 10]}und" if number % 10 else ""
    return ones + GERMAN_TENS[number // 10 - 2]


@given(st.integers(1, 10**9) | st.integers(1, 9999))
@example(10**9)
@example(100_010_001)
def test_every_number_is_read_back_in_chinese_and_english(number: int) -> None:
    assert numbers(f"共{in_chinese(number)}个") == ([] if number == 1 else [number])
    assert numbers(f"all {in_english(number)} boats") == ([] if number == 1 else [number])


@pytest.mark.parametrize("number", [*range(13, 1000), 1101, 21_021, 999_999])
def test_every_number_is_read_back_in_german(number: int) -> None:
    assert numbers(f"alle {in_german(number)} boote") == [number]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("四千万吨", [40_000_000]),
        ("百分之五，百分之三十五点二", [5, Decimal("35.2")]),
        ("两百人，廿三人，一万五", [200, 23, 15_000]),
        ("壹佰贰拾叁元", [123]),
        ("三点五亿元", [350_000_000]),
        ("二〇二三", [2023]),
        ("三所学校，第三届", [3, 3]),
        ("六百余名", [600]),
        ("ninety thousand guests and twenty-three boats", [90_000, 23]),
        ("nineteen ninety-eight", [1998]),
        ("five, six and seven", [5, 6, 7]),
        ("neunzehnhundertachtundneunzig", [1998]),
        ("zwei millionen", [2_000_000]),
        ("quatre-vingt-dix-sept, soixante et onze, deux cents", [97, 71, 200]),
        ("doscientos cinco, treinta y uno, mil doscientos", [205, 31, 1200]),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, found: list[Decimal | int]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "统一，一个，一起，十分，万一，千万不要，百姓，二三个，三三两两，五四运动，大陆，收拾，队伍",
        "no one, once upon, hundreds of thousands, seventeenth, per cent, elf, hundred",
        "ein mann, acht geben, und, tausend, sechster",
        "un homme neuf, dix",
        "una vez, once",
        "90 thousand, 3 million",
        "",
    ],
)
def test_words_that_count_nothing_are_no_numbers(text: str) -> None:
    assert numbers(text) == []


@given(st.text("零〇○一二三两十百千万亿廿卅点壹佰 onetwhudraimlyfvs-qcgxpzücà", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert all(number >= 0 for number in numbers(text))


@pytest.mark.parametrize(
    "text", ["一万" * 5000, "九" * 5000, "one hundred thousand " * 2000, "einund" * 3000, "点" * 5000, "亩产十万十"]
)
def test_long_runs_of_numerals_are_read_too(text: str) -> None:
    assert all(number >= 0 for number in numbers(text))


@pytest.mark.parametrize(
    "numeral", ["dreizehn", "quatre-vingt-dix-", "soixante-dix ", "einundzwanzig", "one hundred and "]
)
def test_a_row_of_numerals_that_may_be_read_in_many_ways_is_read_in_one(numeral: str) -> None:
    started = process_time()
    numbers(numeral * 100 + "x")
    assert process_time() - started < 1
