"""Dates that are known to the year, the month or the day, and other ways to write a day."""

from datetime import date

import pytest

from index.filters.days import Days, days_of


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        (2024, date(2024, 1, 1), date(2024, 12, 31)),
        (" 2024-02 ", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02-29T23:59:59+08:00", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02-29 08:00", date(2024, 2, 29), date(2024, 2, 29)),
        (1_709_164_800, date(2024, 2, 29), date(2024, 2, 29)),
        (1_709_164_800.0, date(2024, 2, 29), date(2024, 2, 29)),
        ("1709164800000", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_days_of_a_date(value: str | float, first: date, last: date) -> None:
    assert days_of(value) == Days(first, last)


@pytest.mark.parametrize("value", ["", "soon", "0000", "2024-13", "2023-02-29", "5/6/24", 12345, 1.5, -1, True, 1e30])
def test_what_is_no_date(value: str | float) -> None:
    assert days_of(value) is None
