"""Dates that are known to the year, the month or the day: as the stretch of days that they may be."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime

from corpus.document import PUBLISHED

SECONDS = re.compile(r"\d{9,11}", re.ASCII)  # since 1970, as Dify keeps times; 1973 to the year 5138
MILLISECONDS = re.compile(r"\d{12,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day that a date may be; the same where it is known to the day."""

    first: date
    last: date


def days_of(value: str | float) -> Days | None:
    """Return the days that a value names, or `None` if it is no date.

    Args:
        value: `2022`, `2022-01`, `2022-01-31`, a time in ISO 8601, whose day counts as written, or a time in
            seconds or milliseconds since 1970, whose day is that of UTC.
    """
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip().upper()
    try:
        if match := PUBLISHED.fullmatch(text):
            return _stretch(*(int(part) for part in match.groups() if part))
        if MILLISECONDS.fullmatch(text):
            day = datetime.fromtimestamp(int(text) / 1000, UTC).date()
        elif SECONDS.fullmatch(text):
            day = datetime.fromtimestamp(int(text), UTC).date()
        else:
            day = datetime.fromisoformat(text).date()
    except (ValueError, OverflowError, OSError):
        return None
    return Days(day, day)


def _stretch(year: int, month: int | None = None, day: int | None = None) -> Days:
    first = date(year, month or 1, day or 1)
    if day is not None:
        return Days(first, first)
    last_month = month or 12
    return Days(first, date(year, last_month, monthrange(year, last_month)[1]))
