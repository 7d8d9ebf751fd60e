"""Years: a question that names one asks of passages that speak of it, or that were published in it.

A range or a decade speaks of each of its years: what was built from 2019 to 2021 may have been built in 2020.

A change here changes what is indexed, so it raises TERMS_VERSION.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from corpus.numerals import HAN, HAN_DIGITS, han_value, numbers_in_words
from corpus.splitting.years import rewritten
from index.terms.terms import SCALES, VALUE, folded, number_terms

# Numbers of these are no years; 2008元旦 and 2019米兰 are.
UNIT = (
    r"\s?(?:元(?![旦宵])|[万亿][元人吨户亩]|美元|公里|千米|吨|公斤|亩|平方|℃|°|%|[€$£¥₹₽₩]|円(?![安高])|"
    r"米(?![兰蘭国國价価大軍军])|(?:[ckm]?m|k?g|ml|[kMG]W|rpm|к?м|кг|руб|[Mm]et(?:er|re|ro)s?|mètres?|метр(?:а|ов)?|"
    r"years?|Jahren?|ans|años|anos|anni|лет|jaar|سنة)\b)"
)
YEAR = rf"(?<!\d)(?<!\d[.,])(?<![€$£¥₹₽₩])(1[0-9]{{3}}|20[0-9]{{2}})(?!\d|[.,]\d|{UNIT})"
# What cannot be a count, as 1500 workers and the 1500年 of a tree are. And how a text may write one otherwise than
# numbers in their one form are read: with grouped digits, a comma for decimals, or as a thousand.
DATED = re.compile(r"(?<!\d)(?:19|20)\d\d\s?[年년](?!的?(?:历史|歷史|古)|[前多来老])")
DECIMALS = re.compile(r"(?<![\d.,])(\d),(\d{1,2})(?![\d.,])")
THOUSAND = re.compile(r"thousand|tausend|\bmil(?:le)?\b|тысяч|ألف|千|천|nghìn|seribu|हज़ार", re.IGNORECASE)
SCALED = re.compile(rf"\d\s*(?:{'|'.join(SCALES)})")
GROUPED = re.compile(r"(?<!\d)(?<!\d[.,'’\u066c\s])([12])[.,'’\u066c\s](\d{3})(?!\d)")
MARK = r"\s?(?:年度?|년)?\s?(?:[-–—―~〜/]{1,2}|至|到|から|부터|에서)\s?"
WORD = r"\s(?:to|through|until|till|bis|al?|hasta|até|à|au|tot|по|до|đến|إلى|حتى)\s"
RANGES = tuple(
    map(
        re.compile,
        (
            rf"(?<!\d-){YEAR}(?:{MARK}|{WORD}){YEAR}",  # and no number of a telephone
            rf"(?:between|zwischen|entre|между|tra|fra|بين)\s{YEAR}\s(?:and|und|y|et|e|и|و)\s?{YEAR}",
            rf"\bFY\s?{YEAR}[-/]([0-9]{{2}})(?![0-9])",
            rf"{YEAR}[-/]([0-9]{{2}})(?=\s?(?:赛季|賽季|学年|學年|财年|財年|年度|season|school year))",
            # Two digits after a hyphen may be a month, those after a dash are none.
            rf"{YEAR}年?(?:[-/](?=1[3-9]|[2-9])|[–—])([0-9]{{2}})(?![0-9-]|[.,]\d)",
        ),
    )
)
LONGEST = 100  # of a longer range only its ends count: from 1000 to 2000 there are seldom years
ENGLISH_TENS = "twenties thirties forties fifties sixties seventies eighties nineties".split()
GERMAN_TENS = "zwanziger dreißiger vierziger fünfziger sechziger siebziger achtziger neunziger".split()
ARABIC_TENS = "عشرينيات ثلاثينيات أربعينيات خمسينيات ستينيات سبعينيات ثمانينيات تسعينيات".split()
TENS = {
    word: tens
    for words in (ENGLISH_TENS, GERMAN_TENS, ARABIC_TENS)
    for tens, word in zip(range(20, 100, 10), words, strict=True)
}
THE = r"\bthe (?:early |late |mid[- ])?"
DECADES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)()((?:1\d|20)\d0)(?:['’]?s\b|er[nms]?\b|-?(?:е|х|ые|ых)\b|\s?年?代|년대)",
        rf"(?:{THE}|\b(?:early|late|mid)[ -]|['’])()(\d0)s\b",
        r"(?<!\d)()(\d0)(?:er[ -]Jahre|-[ех] год)",
        r"\bв ()(\d0)-[ех]\b",
        r"(?:années|años|anos|anni|jaren|década de|thập niên|những năm)\s['’]?()((?:1\d|20)?\d0)(?!\d)",
        rf"{THE}()({'|'.join(ENGLISH_TENS)})\b",
        rf"\b()({'|'.join(GERMAN_TENS)})[ -]?Jahre",
        rf"\b(?:ال)?()({'|'.join(ARABIC_TENS)})\b",
    )
)
ASIAN_DECADE = re.compile(rf"(?:(\d\d|上个?|上個?|本|新|{HAN})世[纪紀])?(?<!\d)(\d0|{HAN}|零零)\s?(?:年代|년대)")
# 五六十年代, 八、九十年代 and 60和70年代 are of two decades.
JOINED = re.compile(
    rf"((?:(?:\d\d|上个?|上個?|本|{HAN})世[纪紀])?)(?<![\d{HAN_DIGITS}十百])"
    r"(?:([二三四五六七八])[、和]?|([二三四五六七八]十|\d0)[、和及与])([三四五六七八九]十|\d0)年代"
)
# What every year or decade has in it; most texts have neither, and one look is cheaper than ten.
TIMED = re.compile(rf"\d|年代|년대|{'|'.join(TENS)}", re.IGNORECASE)
CENTURIES = {"上": 1900, "上个": 1900, "上個": 1900, "本": 2000, "新": 2000}

# Bounds, as before 1900 and 2020年以后: other years than these answer, so that a question does not ask for them alone.
BEFORE = (
    "before|after|since|until|till|prior to|by|around|circa|ca|vor|nach|seit|bis|ab|um|gegen|avant|après|depuis|dès|"
    "jusqu['’](?:en|à)|vers|à partir de|(?:antes|después|depois|a partir) d(?:e|el|o)|desde|hasta|até|hacia|após|"
    "prima del?|dopo|dal|fino al|verso|voor|sinds|tot|przed|po|od|до|после|с|около|к|після|від|قبل|بعد|منذ|حتى|حوالي|"
    "پیش از|پس از|قبل از|بعد از|trước|sau|khoảng|sebelum|sesudah|setelah|sejak|"
    "före|innan|efter|sedan|før|etter|siden|πριν(?: από)?|μετά|לפני|אחרי|מאז|ennen|than|over|nearly|almost|roughly|"
    "etwa|rund|(?:mehr|weniger|früher|später|älter|jünger) als|plus de|moins de|m[áa]s de|mais de|più di|более|"
    "свыше|أكثر من"
)
GLUED_BEFORE = "[约約]|超过|[早晚多少大小低高]于|不[到足]|至少|ก่อน|หลัง|ตั้งแต่"
AFTER = (
    "以前|之前|前(?![往景沿锋端台途三一二两几半\\d])|以[后後]|之[后後]|[后後](?![三两勤卫台])|以[来來]|起(?![火诉源草飞])|"
    "[开開]始|左右|より前|以降|から|まで|이전|이후|전(?![^\\s에까의])|후(?![^\\s에의])|부터|까지|से(?!\\w)|के बाद|"
    "onwards?|or (?:later|earlier)|oder (?:später|früher)|['’]?[dt][ae]n (?:önce|sonra|beri)|"
    "(?:yılından|[’']?lardan) (?:önce|sonra|beri)|előtt|után|óta|jälkeen"
)
ARTICLE = r"(?:(?:the|dem|den|les|los|el|il|o|το)\s)?"
MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\w*\.?\s(?:\d\d?,\s)?"
# What may stand between: a word for the year, a day, or what hints at the year that is written after it.
THE_YEAR = (
    rf"{ARTICLE}(?:(?:year|Jahre?|l['’]ann?(?:ée|o)?|año|ano|năm|tahun|rok(?:u|iem)|عام|سنة|سال)\s|ปี\s?|"
    rf"(?:\d\d?\.?\s)?{MONTH}|\d\d?\.?\s\w+\s(?:del?\s)?|(?:l['’])?[^\W\d]+\s[^\W\d]+\()?"
)
DAY = r"(?:\d\d?[月월]\s?)?(?:\d\d?[日号일]\s?)?[初底末]?(?:\(含\)|\))?[及或]?\s?"
BOUNDS = re.compile(
    rf"(?P<range>{'|'.join(each.pattern for each in RANGES)})"
    rf"|(?:(?<!\w)(?:{BEFORE})(?!\w)\.?\s|(?:{GLUED_BEFORE})\s?){THE_YEAR}(?!{RANGES[0].pattern}){YEAR}"
    rf"|(?<!\w)(?:{BEFORE})\s{ARTICLE}(?:early |late |mid[- ])?(?:['’]?\d0(?:er|s)\b|{'|'.join(TENS)})"
    rf"|(?:{YEAR}\s?(?:年|년)?代?|[\d{HAN_DIGITS}十上个個世纪紀本]{{2,10}}年代){DAY}(?:{AFTER})",
    re.IGNORECASE,
)


def years_of(text: str) -> frozenset[int]:
    """Return the years that a text names; the search text of a passage names those it hints at, too."""
    return _years(_plain(text))


def _plain(text: str) -> str:
    """Return a text with its years in four digits."""
    text = _ascii_digits(unicodedata.normalize("NFKC", text))
    return rewritten(text, lambda words, year: f"{year}年")


def _years(text: str) -> frozenset[int]:
    if not TIMED.search(text):
        return frozenset()
    found = set(map(int, re.findall(YEAR, text)))
    for pattern in RANGES if found else ():  # a range has a year
        for first, last in pattern.findall(text):
            found.update(_range(int(first), int(last) if len(last) == 4 else int(first[:2] + last)))
    decades = DECADES
    if "年代" in text or "년대" in text:  # numerals are slow to look for, and most texts have neither
        text = JOINED.sub(lambda each: f"{each[1]}{each[3] or each[2] + '十'}年代{each[1]}{each[4]}年代", text)
        decades = (ASIAN_DECADE, *DECADES)
    for pattern in decades:
        for century, tens in pattern.findall(text):
            found.update(*_decades(century, tens.lower()))
    return frozenset(found)


def _ascii_digits(text: str) -> str:
    return text if text.isascii() else re.sub(r"[^\D0-9]", lambda match: str(int(match[0])), text)


def _range(first: int, last: int) -> Iterable[int]:
    return range(first, last + 1) if first < last <= first + LONGEST else ()


def _decades(century: str, tens: str) -> Iterator[Iterable[int]]:
    """Yield the years that a decade may have: the twenties are of two centuries, and the 1700s are all of one."""
    start = TENS.get(tens) or (int(tens) if tens.isdecimal() else han_value(tens))
    if start % 10:
        return
    if century:
        number = int(century) if century.isdecimal() else 0
        start += CENTURIES.get(century) or 100 * ((number or han_value(century)) - 1)
    if start >= 1000:
        yield range(start, start + (10 if start % 100 or start >= 2000 or century else 100))
    elif start < 100:
        yield from (range(each + start, each + start + 10) for each in (1900, 2000) if 1920 <= each + start <= 2020)


@dataclass(frozen=True, slots=True)
class AskedYears:
    """The years that a question asks for.

    Attributes:
        years: any of which will do; none where it asks for no year.
        written: whether it writes one, and does not only say 去年.
        counts: those of them that may as well be a count, as in 1500 workers.
    """

    years: frozenset[int]
    written: bool
    counts: frozenset[int] = frozenset()

    def are_missed(self, named: Collection[int], published: str | None, text: str) -> bool:
        """Return whether a passage is of other years, and does not count what may be no year either.

        What neither names a year nor has a date may be of last year as of any, where a question only says 去年.

        Args:
            named: the years that the passage names.
            published: the date of its document.
            text: its search text, which is read only for what may be a count.
        """
        if not self.years or not (self.written or named or published):
            return False
        if not self.years.isdisjoint(named) or (published is not None and int(published[:4]) in self.years):
            return False
        return not (self.counts and _counts(text, self.counts))

    def __str__(self) -> str:
        """Return them in words: 2016 or 2019 to 2021."""
        runs = (list(run) for _, run in groupby(enumerate(sorted(self.years)), lambda each: each[1] - each[0]))
        ends = ((first[1], last[1]) for first, *_, last in ([*run, run[-1]] for run in runs))
        return " or ".join(str(first) if first == last else f"{first} to {last}" for first, last in ends)


NO_YEARS = AskedYears(frozenset(), True)


def asked_years(asked: str, searched: str) -> AskedYears:
    """Return the years that a question asks for, given how it was asked and with what it hints at written out."""
    years = _asked(searched)
    counts = years & _years(DATED.sub("", _plain(asked))) if years else years
    return AskedYears(years, asked == searched or not _asked(asked) <= counts, counts)


def _asked(question: str) -> frozenset[int]:
    """Return the years that a question names, or none where it only names bounds."""
    plain = _plain(question)
    years = _years(plain)
    return years if years and _years(BOUNDS.sub(lambda match: match["range"] or " ", plain)) else frozenset()


def _counts(text: str, numbers: Collection[int]) -> bool:
    """Return whether a text has any of some numbers that may be a count."""
    text = _ascii_digits(unicodedata.normalize("NFKC", text))
    compared = folded(text)
    if SCALED.search(compared) or any(f"{number % 1000:03}" in compared for number in numbers):
        return not _counted(text).isdisjoint(numbers)
    # It has them in no digits, however these are grouped.
    return any(map(numbers.__contains__, numbers_in_words(compared))) or bool(1000 in numbers and THOUSAND.search(text))


def _counted(text: str) -> set[int]:
    """Return the whole numbers of a text that may be a count: 1500, 1,500, 1.500, 1 500, two thousand, 一千五百.

    Args:
        text: in NFKC, with its digits in ASCII.
    """
    plain = (term.removeprefix(VALUE) for term in number_terms(DECIMALS.sub(r"\1.\2", text)))
    grouped = {int("".join(parts)) for parts in GROUPED.findall(text)}
    return grouped | {int(term) for term in plain if term.isdecimal()} | ({1000} if THOUSAND.search(text) else set())
