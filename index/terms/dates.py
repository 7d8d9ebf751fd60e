"""Days of the year and of the week, however they are written: 11 March, am 11.3., 3月11日 and 2025-03-11 are one term.

Names of months and weekdays are those of the CLDR. The year is left to `index.ranking.years`.

A change here changes what is indexed, so it raises TERMS_VERSION.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from corpus.numerals import HAN_DIGITS, han_value

# Languages whose months and weekdays have names; others count them.
NAMED_IN = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ru", "uk", "tr", "ar")
SHORTEST_MONTH, SHORTEST_WEEKDAY = 3, 4  # letters; shorter ones are other words as often
HAN = f"[{HAN_DIGITS}十]"
COUNTED = re.compile(rf"(\d{{1,2}}|{HAN}{{1,2}})\s?[月월]\s?(\d{{1,2}}|{HAN}{{1,3}})\s?[日号號일]")
YEAR_FIRST = re.compile(r"(?<!\d)(?:1\d{3}|20\d\d)([-/.])(\d{1,2})\1(\d{1,2})(?!\d)")
DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:(?:19|20)?\d\d)?(?!\d)")
EITHER_FIRST = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:(?:19|20)\d\d)(?!\d)")
VIETNAMESE = re.compile(r"ngày (\d{1,2})(?: tháng |/)(\d{1,2})(?!\d)", re.IGNORECASE)
WEEKDAYS = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天])|([月火水木金土日])曜|([월화수목금토일])요일")
# Without either no day of a month is named; most questions have none, and one look is cheaper than ten.
DATED = re.compile(r"\d|[月월]")
WORD = re.compile(r"[^\W\d_]+")
SIGNS = ("一月월", "二火화", "三水수", "四木목", "五金금", "六土토", "日日일天")


def days(text: str) -> Iterator[str]:
    """Yield the days that a text names: month and day as `03-11`, and days of the week, Monday as `0`.

    Of 3/4/2025 it yields both that it may be.
    """
    if DATED.search(text):
        yield from filter(None, (_day(_number(month), _number(day)) for month, day in _counted(text)))
    for found in [] if text.isascii() else WEEKDAYS.findall(text):
        yield next(str(at) for at, signs in enumerate(SIGNS) if "".join(found) in signs)
    yield from _named(text.casefold())


def _counted(text: str) -> Iterator[tuple[str, str]]:
    """Yield months and days as they are counted."""
    yield from [] if text.isascii() else COUNTED.findall(text)
    yield from ((month, day) for _, month, day in YEAR_FIRST.findall(text))
    yield from ((month, day) for day, month in DAY_FIRST.findall(text))
    yield from ((month, day) for day, month in VIETNAMESE.findall(text))
    yield from (pair for one, other in EITHER_FIRST.findall(text) for pair in ((one, other), (other, one)))


def _named(text: str) -> Iterator[str]:
    day_month, month_day, weekday = _patterns()
    months, weekdays = _names()
    # To look for the names anywhere first takes a fifth of what it takes to look for all in their places.
    if DATED.search(text) and any(name in text for name in _shortest_months()):
        pairs = [*day_month.findall(text), *((day, month) for month, day in month_day.findall(text))]
        yield from filter(None, (_day(months[month], int(day)) for day, month in pairs))
    if not _weekday_words().isdisjoint(WORD.findall(text)):
        yield from (str(weekdays[name]) for name in weekday.findall(text))


def _day(month: int, day: int) -> str:
    return f"{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else han_value(text)


@cache
def _names() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return the months and the weekdays by their names, those that are of one alone."""
    months: dict[str, set[int]] = {}
    weekdays: dict[str, set[int]] = {}
    for language in NAMED_IN:
        locale = Locale.parse(language)
        for form, width in (("format", "wide"), ("format", "abbreviated"), ("stand-alone", "wide")):
            for number, name in locale.months[form][width].items():
                months.setdefault(name.casefold().rstrip("."), set()).add(number)
            for number, name in locale.days[form][width].items():
                weekdays.setdefault(name.casefold().rstrip("."), set()).add(number)
    return (
        {name: min(of) for name, of in months.items() if len(of) == 1 and len(name) >= SHORTEST_MONTH},
        {name: min(of) for name, of in weekdays.items() if len(of) == 1 and len(name) >= SHORTEST_WEEKDAY},
    )


@cache
def _shortest_months() -> frozenset[str]:
    """Return some of the names of months; each of the others has one of them in it."""
    names = _names()[0].keys()
    return frozenset(name for name in names if not any(other in name for other in names - {name}))


@cache
def _weekday_words() -> frozenset[str]:
    """Return the words that the names of weekdays begin with, as they are and with an s after them."""
    firsts = {found[0] for found in map(WORD.search, _names()[1]) if found}
    return frozenset(firsts | {f"{first}s" for first in firsts})


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds a day before a month, a month before a day, and a day of the week."""
    months, weekdays = ("|".join(sorted(map(re.escape, names), key=len, reverse=True)) for names in _names())
    return (
        re.compile(rf"(?<![\d.,:-])(\d{{1,2}})(?:st|nd|rd|th|er|º|\.|-?го)?\s?(?:of\s|de\s|d['’])?({months})(?!\w)"),
        re.compile(rf"(?<!\w)({months})\.?\s(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)"),
        re.compile(rf"(?<!\w)({weekdays})s?(?!\w)"),
    )
