"""Years that a text does not write in four digits: 民国二十六年, 昭和50年, FY24, '98, 98年, 二〇二三年, 去年.

They are added to the searched form alone, in brackets after the words, and never to a quote: 去年 in an article of 2023
is 2022, and a question asks for 2022. A question has its own day, so that its 去年 is searched as if written out, too.

A change here changes what is indexed, so it raises NORMALISER_VERSION.
"""

import re
from collections.abc import Callable
from functools import partial

from corpus.numerals import HAN, HAN_DIGITS, ZEROS, han_value, numbers_in_words
from corpus.splitting.relative_years import ANY_HINT, HINTS, Hint, Match

FIRST, LAST = 1000, 2099  # what four digits are taken for a year
CENTURY = 35  # two digits are of this century up to here, and of the last one from here on
BUDDHIST = 543  # Thailand counts from so many years before
# The year before the first of each era, whose names are all of two characters.
ERAS = {
    **dict.fromkeys(("民国", "民國", "大正"), 1911), "昭和": 1925, "平成": 1988, "令和": 2018, "明治": 1867,
    "康熙": 1661, "雍正": 1722, "乾隆": 1735, **dict.fromkeys(("嘉庆", "嘉慶"), 1795), "道光": 1820,
    **dict.fromkeys(("咸丰", "咸豐"), 1850), "同治": 1861, **dict.fromkeys(("光绪", "光緒"), 1874),
    **dict.fromkeys(("宣统", "宣統"), 1908),
}  # fmt: skip

# Two digits and 年 say as well how long: 历时95年, 为期55年, 近75年, 98年来, 65年老店. So before them stands no word,
# or one of these; where a month or a season follows, any but those that count.
_ALONE = rf"(?<!{'|'.join(ERAS)})(?<![{HAN_DIGITS}\d.,:/\-–—])"
_SINCE = rf"{_ALONE}(?:(?<![^\W_])|(?<=[于於从從自到至在即我你他她它们們]))"
_COUNTED = "(?<![个個第近过過约約满滿用了達达共历歷时時经經每整有这這那前后後逾超足])"
_WHEN = (
    r"年(?![代来來间間内內前后後之以多余餘寿壽期龄齡级級老长長]"
    r"|的?(?:历史|歷史|时间|時間|经验|經驗|岁月|歲月|时光|生涯|老店))"
)
_TEENS = "ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
_TENS = "(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"


def _two_digits(match: Match) -> int:
    year = int(match[1]) if match[1].isdecimal() else han_value(match[1])
    return year + (2000 if year < CENTURY else 1900)


def _of_era(match: Match) -> int:
    count = match[2]
    return ERAS[match[1]] + (1 if count == "元" else int(count) if count.isdecimal() else han_value(count))


def _in_words(match: Match) -> int:
    return int(next(numbers_in_words(match[0].lower())))


def _han(match: Match) -> int:
    """Return the year of a numeral before 年, or 0 where it is round and says how many: 一千五百年."""
    year = han_value(match[1])
    return year if year % 100 or "千" not in match[1] else 0


# Of each notation its pattern, and what year it is.
_NOTATIONS: tuple[tuple[str, Callable[[Match], int]], ...] = (
    (rf"({'|'.join(ERAS)})\s?(元|\d{{1,3}}|{HAN})\s?年", _of_era),
    (rf"(?<![{HAN_DIGITS}百十])({HAN})年(?!代)", _han),
    (rf"(?<![{HAN_DIGITS}])(二[{ZEROS}][{HAN_DIGITS}]{{2}}|一[八九][{HAN_DIGITS}]{{2}})(?![{HAN_DIGITS}年])", _han),
    # 五六年 and the like are five or six years.
    (rf"{_SINCE}(?!五六|六七|七八|八九)([五六七八九{ZEROS}][{HAN_DIGITS}]){_WHEN}", _two_digits),
    (rf"{_SINCE}([5-9][1-9]|0\d){_WHEN}", _two_digits),
    (rf"{_ALONE}{_COUNTED}(\d\d)年(?=\d{{1,2}}月|[初底末春夏秋冬])", _two_digits),
    (r"\b(?:(?:FY|fiscal year)\s?['’]?|fiscal\s?['’])(\d\d)(?!\d|[.,]\d|[ -](?:month|week))", _two_digits),
    # No closing quotation mark follows: '20 boats' quotes.
    (r"(?<![\w'’])['’‘ʼ](\d\d)(?![\w%°'’\"]|[.,]\d)(?![^'’]{1,60}\w['’](?!\w))", _two_digits),
    (rf"\b(?:(?:seven|eigh|nine)teen|twenty)[ -](?:{_TENS}|{_TEENS})\b(?!-[a-z])", _in_words),
    # Years of either calendar stand after ปี; those of Thailand that anyone writes of begin with 24 to 26.
    (r"(?:พ\.?\s?ศ\.?|ปี)\s?([2๒][4-6๔-๖]\d\d)(?!\d)", lambda match: int(match[1]) - BUDDHIST),
)
# With what is written after them already, by the author or by us.
_COMPILED = [(re.compile(rf"{each}(?:\s?[(（]\d{{4}}年?[)）])?", re.IGNORECASE), year) for each, year in _NOTATIONS]

# Without any of these there is no such year; most texts have none, and one look is cheaper than ten.
_ANY = re.compile(f"年|[一二][{ZEROS}八九]|FY|fiscal|['’‘ʼ]|teen|twenty|ปี|พ", re.IGNORECASE)


def rewritten(text: str, write: Callable[[str, int], str]) -> str:
    """Return a text with every year that is written otherwise than in four digits replaced.

    Args:
        text: any.
        write: what stands there instead, given what stood there and the year it is.
    """
    if not _ANY.search(text):
        return text
    for pattern, year_of in _COMPILED:
        text = pattern.sub(partial(_replaced, year_of, write), text)
    return text


def with_years(text: str, day: str | None) -> str:
    """Return a text with the years that it hints at written after the words.

    Args:
        text: in its searched form, or a question.
        day: the document's date or that of the question, whose year counts; without it, 去年 is no year.
    """
    text = rewritten(text, lambda words, year: words if words[-1] in ")）" else f"{words}({year}年)")
    if day is None or not ANY_HINT.search(text.casefold()):
        return text
    for pattern, hint in HINTS:
        text = pattern.sub(partial(_hinted, hint, int(day[:4])), text)
    return text


def _replaced(year_of: Callable[[Match], int], write: Callable[[str, int], str], match: Match) -> str:
    year = year_of(match)
    return write(match[0], year) if FIRST <= year <= LAST else match[0]


def _hinted(hint: Hint, year: int, match: Match) -> str:
    return f"{match[0]}({hint(match, year)})"
