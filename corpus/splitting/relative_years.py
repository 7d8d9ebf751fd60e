"""Years that a text only hints at: 去年 in an article of 2023 is 2022, and a question asks for 2022.

The year is added to the searched form alone, in brackets after the words, and never to a quote.
"""

import re

# What each word says of the year of publication; 上年度 before 上年, which it begins with.
OFFSETS = {
    "上年度": -1, "去年": -1, "上年": -1, "前年": -2, "今年": 0, "本年": 0, "明年": 1,
    "last year": -1, "this year": 0, "next year": 1,
}  # fmt: skip
# 上年纪, 过去年份 and 大前年 are other words.
RELATIVE = re.compile(rf"(?<![\d以过大])(?:{'|'.join(OFFSETS)})(?![（(龄纪份资])", re.IGNORECASE)
NUMERALS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
PERIOD = re.compile(r"(?:近|过去|最近)([两二三四五六七八九十]|\d{1,2})年(?:来|间)?(?![（(])")


def with_years(text: str, published: str | None) -> str:
    """Return a text with the years that it hints at written after the words.

    Args:
        text: in its searched form.
        published: the document's date, whose year counts; without it the text comes back as it is.
    """
    if published is None:
        return text
    year = int(published[:4])
    text = RELATIVE.sub(lambda match: f"{match[0]}({year + OFFSETS[match[0].lower()]}年)", text)
    return PERIOD.sub(lambda match: f"{match[0]}({year - _number(match[1])}年至{year}年)", text)


def _number(numeral: str) -> int:
    return NUMERALS[numeral] if numeral in NUMERALS else int(numeral)
