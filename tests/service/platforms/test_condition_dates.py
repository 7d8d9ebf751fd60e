"""Dates in conditions: known to the year, the month or the day, they compare as any of their days may."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.service.platforms.test_conditions import asked, facts


@pytest.mark.parametrize(
    ("published", "operator", "value", "holds"),
    [
        ("2022", "after", "2022-06-01", True),  # it may have been in July
        ("2022", "before", "2022-06-01", True),
        ("2022", "is", "2022-06-01", True),
        ("2022", "after", "2022-12-31", False),
        ("2022", "before", "2022-01-01", False),
        ("2022-02", "≤", "2022-02-01", True),
        ("2022-02", "≥", "2022-02-28", True),
        ("2022-02", "≥", "2022-03", False),
        ("2022-02", "after", "2022-01", True),
        (None, "after", "1900", False),
        (None, "before", "2100", False),
        (None, "is not", "2022", True),
        (None, "empty", None, True),
    ],
)
def test_dates_of_different_precision(published: str | None, operator: str, value: object, holds: bool) -> None:
    assert asked("published_at", operator, value).holds(facts(published)) is holds


DATES = st.builds(
    lambda day, precision: day.isoformat()[:precision],
    st.dates(date(2019, 1, 1), date(2024, 12, 31)),
    st.sampled_from([4, 7, 10]),
)


def every_day(text: str) -> set[date]:
    """Return all days that a date may be; an oracle that lists them."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    months = [month] if month else range(1, 13)
    return {
        date(year, each, number)
        for each in months
        for number in ([day] if day else range(1, monthrange(year, each)[1] + 1))
    }


@given(held=DATES, wanted=DATES)
def test_dates_compare_as_any_of_their_days_may(held: str, wanted: str) -> None:
    ours, theirs = every_day(held), every_day(wanted)
    expected = {
        "is": bool(ours & theirs),
        "before": any(day < min(theirs) for day in ours),
        "<": any(day < min(theirs) for day in ours),
        "≤": any(day <= max(theirs) for day in ours),
        "after": any(day > max(theirs) for day in ours),
        ">": any(day > max(theirs) for day in ours),
        "≥": any(day >= min(theirs) for day in ours),
    }
    document = facts(held)
    assert {operator: asked("published", operator, wanted).holds(document) for operator in expected} == expected
