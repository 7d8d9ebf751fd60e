"""Days in one form, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.dates import days
from index.terms.terms import DAY, passage_terms, question_terms

SAME = [
    "The boats go out on 11 March.",
    "The boats go out on March 11th, 2025.",
    "The boats go out on the 11th of March.",
    "Die Boote fahren am 11. März aus.",
    "Die Boote fahren am 11.3. aus.",
    "Die Boote fahren am 11.03.2025 aus.",
    "Les bateaux sortent le 11 mars.",
    "Los barcos salen el 11 de marzo.",
    "Лодки выходят 11 марта.",
    "Thuyền ra khơi ngày 11 tháng 3.",
    "船3月11日出海。",
    "船三月十一日出海。",
    "３月１１日に船が出る。",
    "배는 3월 11일에 나간다.",
    "2025-03-11: boats out",
    "2025/3/11 船出海",
]


@pytest.mark.parametrize("text", SAME)
def test_a_day_is_one_term_in_any_language_and_form(text: str) -> None:
    assert question_terms(text)[DAY + "03-11"] == passage_terms(text)[DAY + "03-11"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "every Tuesday",
        "Tuesdays at six",
        "jeden Dienstag",
        "le mardi",
        "по вторникам? вторник",
        "每周二",
        "星期二",
        "火曜日",
        "화요일",
    ],
)
def test_a_weekday_is_one_term(text: str) -> None:
    assert list(days(text)) == ["1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "You may, 5 of you, go.",
        "version 11.3.2 of it",
        "13月11日",
        "3月32日",
        "scores of 11:3",
        "from 3/4 of them",
        "0,5 mars",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert list(days(text)) == []


def test_of_two_readings_both_are_told() -> None:
    assert set(days("due 3/4/2025")) == {"03-04", "04-03"}
    assert list(days("due 13/4/2025")) == ["04-13"]


@given(st.text(max_size=300))
def test_whatever_is_read_days_are_days(text: str) -> None:
    for day in days(text):
        month, _, number = day.rpartition("-")
        assert (1 <= int(month) <= 12 and 1 <= int(number) <= 31) if month else 0 <= int(number) <= 6
