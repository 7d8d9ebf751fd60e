"""Articles of laws, however a language writes one: 第十二条, Article 12, § 12, статья 12, المادة 12, 제12조.

All of these are one form, for a question is asked in one language and a law written in another. 第二百二十条 and
第二十条之一 are articles of their own, as are § 12a and article 12 bis.

A change here changes what is indexed, so it raises TERMS_VERSION.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.numerals import HAN, han_value

# What an article is called, before its number. Those of the second kind are called so elsewhere, too: a manual's
# Section 3 may be headed by nothing but "3".
CALLED = (
    r"articles?|art\.|(?-i:Art)|artikel[ns]?|art[ií]culos?|artigos?|articol[oi]|articolul|artyku[lł]u?|artikla|"
    r"стат(?:ья|ьи|ье|ью|ьёй|ей|ья[хм])|стат(?:тя|ті|тею)|ст\.|члена?|madde(?:si|sinin)?|điều|pasal|άρθρου?|סעיף|"
    r"(?:ال|لل|وال|بال)?مادة|ماده|มาตรา|अनुच्छेद|धारा|čl\.|člán(?:ek|ku)|paragra(?:phen|f(?:en)?)|§{1,2}"
)
OTHERWISE = r"sections?|sec\.|clauses?|paragraphs?"
# What Chinese counts with the same word: 第一条铁路 is the first railway.
LONG_THINGS = (
    "[铁鐵公道马馬]路|[河江街船狗鱼魚蛇龙龍裤褲裙腿]|路|(?:航|生产|生產|热|熱)[线線]|地铁|地鐵|高[铁鐵速]|[线線]|隧道|管道|跑道|"
    "[轨軌]道|[铁鐵]轨|海底|[电電光]缆|消息|信息|短信|建[议議]|意[见見]|[评評][论論]|新[闻聞]|微博|推文|染色体|染色體"
)
ROMAN = "(?-i:(?=[IVXLC]{2}|[VXL])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"
# 宪法35条, 憲法九条; but 方法三条 are three ways.
UNCOUNTED = "(?<=(?<![方做办辦看想说說用])[法例典])"
# Japan writes 第百二条 where China writes 第一百零二条.
ARTICLE_HAN = f"(?:[百千]?{HAN}|[百千])"
ONES = re.compile("(?<=[百千])(?=[一二三四五六七八九]$)")
_PATTERN = re.compile(
    # 第十二条之一, 第12条の2
    rf"(?:第\s?|{UNCOUNTED})(?P<han>{ARTICLE_HAN}|\d{{1,4}})\s?[条條](?:\s?[之の]\s?(?P<inserted>{HAN}|\d{{1,2}}))?"
    rf"(?!{LONG_THINGS})"
    r"|제\s?(?P<korean>\d{1,4})\s?조(?:\s?의\s?(?P<added>\d{1,2}))?"
    rf"|(?<!\w)(?:(?:{CALLED})|(?P<otherwise>{OTHERWISE}))\s?"
    rf"(?:(?P<number>[LRD]\.?\s?\d{{1,4}}(?:-\d{{1,3}})*|\d{{1,4}}(?:\.\d{{1,3}})*)(?:er\b|[º°])?|(?P<roman>{ROMAN})(?![\w-]))"
    r"(?P<letter>(?:\s?(?:bis|ter|quater)|[a-z])(?!\w))?(?![A-Za-z0-9])(?![.,]\d|\s?%)"
    # 12. §, 12. madde, 12. cikk
    r"|(?<![\w.,§])(?P<before>\d{1,4})\.?\s?(?:§(?!\s?\d)|(?:madde|cikk)(?!\w))",
    re.IGNORECASE,
)
# An article begins where a sentence does, and in Chinese after a space as well, and its text or title follows.
BEGINS = re.compile(r"(?:^|[。．.！？!?;；:：」』”\"’)）\]】》>|—]|\n)\s*$")
SPACED_HAN = re.compile(r"[^\w]$|^$")
# 第十二条规定的, 第十二条第二款, Article 12 provides, Articles 12 and 13 speak of an article that stands elsewhere.
GOES_ON = re.compile(
    r"\s?(?:[、,，至到或和及与與中的所之项項款]|第[^条條]{1,4}[款项項]|[规規]定|에|의|は|に|を|の)|\s[a-zà-öø-ÿа-яёα-ωά-ώ]"
)
# The number of a part and of what it is a part of, before its heading: 2.1 Cold start is asked for as section 2.1.
NUMBERED = re.compile(r"^[#\s]*(\d{1,2}(?:\.\d{1,3}){1,4})\.?\s+(?=[^\W\d_])", re.MULTILINE)
ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(frozen=True, slots=True)
class Article:
    """An article that a text writes.

    Attributes:
        form: its number in its one form: §12, §12.1, §12a.
        start: where it is written.
        end: one past the last character.
        begins: whether the article stands here, and is not only referred to.
        called_so: whether whatever has such an article calls it so.
    """

    form: str
    start: int
    end: int
    begins: bool
    called_so: bool


def articles(text: str) -> Iterator[Article]:
    """Yield the articles that a text writes, which is in NFKC and has its digits in ASCII."""
    for match in _PATTERN.finditer(text):
        before = text[max(0, match.start() - 3) : match.start()]
        starts = BEGINS.search(before) or (match["han"] and SPACED_HAN.search(before))
        begins = bool(starts) and not GOES_ON.match(text, match.end())
        yield Article(f"§{_number(match)}", match.start(), match.end(), begins, not match["otherwise"])


def numbered(text: str) -> Iterator[str]:
    """Yield the forms of the sections that begin a line by their number alone, with that of what they are a part of."""
    return (f"§{_without_zeros(number)}" for number in NUMBERED.findall(text))


def _number(match: re.Match[str]) -> str:
    whole = match["han"] or match["korean"] or match["before"]
    if whole:
        inserted = match["inserted"] or match["added"]
        return f"{_value(whole)}.{_value(inserted)}" if inserted else _value(whole)
    number = str(_roman(match["roman"])) if match["roman"] else _without_zeros(match["number"])
    return number + (match["letter"] or "").strip().casefold()


def _without_zeros(number: str) -> str:
    return ".".join(str(int(part)) for part in re.findall(r"\d+", number))


def _value(numeral: str) -> str:
    return str(int(numeral) if numeral.isdecimal() else han_value(ONES.sub("零", numeral)))


def _roman(numeral: str) -> int:
    values = [ROMAN_DIGITS[character] for character in numeral.upper()]
    return sum(-each if each < after else each for each, after in zip(values, [*values[1:], 0], strict=True))
