"""How a number of a sheet is shown: as a day, a time, a share of a hundred, with so many places and a unit.

What is read is what a person sees, for that is what is quoted: 12.5% and not 0.125, 2024-05-06 and not 45418. Days are
written as ISO 8601 has them, whatever the order of the format, for without it 05/06 can be either.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

# Letters that stand for themselves, currencies among them.
QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
UNSHOWN = re.compile(r"\[(?!\$|h+\]|m+\]|s+\])[^\]]*\]|_.|\*.|general", re.IGNORECASE)  # colours, conditions, fillers
SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
NO_LITERAL = re.compile("[%()@]")
DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]*))?")
DAY, TIME, ELAPSED = re.compile(r"[yd]|^[^hs]*m[^hs]*$", re.IGNORECASE), re.compile("[hs]", re.IGNORECASE), "[h"
UNREAD = re.compile(
    r"E[+-]|/|,(?![#0?])", re.IGNORECASE
)  # exponents, fractions, thousands: such numbers are told whole
BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), "h:mm"),
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 22: "yyyy-mm-dd h:mm",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 46: "[h]:mm:ss",
}  # fmt: skip
EPOCH = datetime(1899, 12, 30)
DAYS_TO_1904 = 1462  # by which the days of a workbook made on an old Macintosh are behind
DAYS = 2_958_466  # that can be told, up to the end of the year 9999
LEAP_DAY = 60  # 1900-02-29, which never was and is counted; before it each day is told one later
MOST_PLACES = 12
SURE = 15  # digits of a number that are its own, and not of its form in the machine
WHOLE = 1e15  # below it whole numbers have all their digits


@dataclass(frozen=True, slots=True)
class CellFormat:
    """How a number is shown.

    Attributes:
        day: whether as a day.
        time: whether as a time, of that day if it is one.
        elapsed: whether as hours that may be more than a day has.
        percent: whether as a share of a hundred.
        places: the least and the most digits after the point; `None` for as many as there are.
        grouped: whether thousands are parted by commas.
        before: what stands before it, such as a currency.
        after: what stands after it, such as a unit.
    """

    day: bool = False
    time: bool = False
    elapsed: bool = False
    percent: bool = False
    places: tuple[int, int] | None = None
    grouped: bool = False
    before: str = ""
    after: str = ""


@cache
def cell_format(code: str) -> CellFormat:
    """Return what a format code of a workbook says of numbers."""
    section = SECTION.match(code)
    said = UNSHOWN.sub("", section[0] if section else "")
    bare = QUOTED.sub("", said)
    if TIME.search(bare) or DAY.search(bare):
        return CellFormat(day=DAY.search(bare) is not None, time=TIME.search(bare) is not None, elapsed=ELAPSED in bare)
    digits = DIGITS.search(QUOTED.sub(lambda literal: "\0" * len(literal[0]), said))
    if digits is None or UNREAD.search(bare):
        return CellFormat(percent="%" in bare)
    places = digits[1] or ""
    return CellFormat(
        percent="%" in bare,
        places=(places.count("0"), min(len(places), MOST_PLACES)),
        grouped="," in digits[0],
        before=_literals(said[: digits.start()]).lstrip(),
        after=_literals(said[digits.end() :]).rstrip(),
    )


def shown(value: float, form: CellFormat, *, from_1904: bool = False) -> str:
    """Return a number as it is shown; one that is no day by any calendar is told as a number."""
    days = value + (DAYS_TO_1904 if from_1904 else 0)
    if (form.day or form.time) and 0 <= days < DAYS:  # which nothing that is no number is
        return _elapsed(value) if form.elapsed else _moment(days, form)
    return form.before + _number(value, form) + form.after


def _moment(days: float, form: CellFormat) -> str:
    moment = EPOCH + timedelta(days=days + (days < LEAP_DAY))
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    of_day = moment.strftime("%H:%M:%S" if moment.second else "%H:%M") if form.time else ""
    return f"{moment:%Y-%m-%d} {of_day}".strip() if form.day else of_day


def _elapsed(days: float) -> str:
    minutes, seconds = divmod(round(days * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _number(value: float, form: CellFormat) -> str:
    value = value * 100 if form.percent else value
    if form.places is None or abs(value) >= WHOLE:
        text = plain(value)
    else:
        least, most = form.places
        rounded = Decimal(f"{value:.{SURE}g}").quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
        text = f"{rounded:{',' if form.grouped else ''}f}"
        if most > least:
            sure = len(text) - (most - least)
            text = (text[:sure] + text[sure:].rstrip("0")).removesuffix(".")
    return text + "%" if form.percent else text


def plain(value: float) -> str:
    """Return a number with the digits that are sure of it."""
    return str(int(value)) if value.is_integer() and abs(value) < WHOLE else f"{value:.{SURE}g}"


def _literals(said: str) -> str:
    """Return what of a format stands beside the digits."""
    return NO_LITERAL.sub("", QUOTED.sub(lambda literal: "".join(filter(None, literal.groups())), said))
