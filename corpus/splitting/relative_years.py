"""Words that say which year by the day they are written on: 去年, letztes Jahr, hace dos años, 近五年.

Only forms that mean nothing else are here, each in the cases that it is used in.
"""

import re
from collections.abc import Callable, Iterator

# 目前年利率, 网上年检, 日本年金 and 外来年轻人 run over the words for years: before these only what is written here, or
# no word at all, and after them nothing that makes another word of 年.
_ALONE = (
    r"(?:(?<![^\W_])|(?<=[比较較与與和同及跟于於在至的为為是按对對了而但或即由自得司团團省市我他她]))(?<!从自)(?<!到来)"
)
_NO_WORD = (
    "(?![轻輕级級代货貨检檢会會报報历曆糕画畫息谱譜号號限均平薪龄齡纪紀份资資]|金(?!额|額)|费(?!用)|費(?!用)"
    "|产(?![量值])|產(?![量值])|利[率息])"
)
_KANA = "(?<=[はがをにもでとやのへ])"
# By how many years each is off. 以前年度, 过去年份, 上年纪, 失去年华, 如今年轻 and 近年来年均 are other words.
_GLUED = {
    -3: "大前年",
    -2: f"{_ALONE}前年{_NO_WORD}|一昨年|おととし|재작년",
    -1: f"{_ALONE}上年度?+{_NO_WORD}|(?<![失逝除减減离離死出进進回下上远遠老故删刪略脱脫散])去年|昨年|"
    "(?<!재)작년|지난해|ปีที่แล้ว",
    0: f"(?<![如当當迄古现現至])今年|(?<=至)今年(?![均平产產薪])|(?:{_ALONE}|{_KANA})本年{_NO_WORD}|올해|금년|ปีนี้",
    1: "(?<![文说說证證表声聲发發透光黎清南注标標阐闡言申指查照分])明年(?!间|間)|"
    f"(?:{_ALONE}|{_KANA})来年{_NO_WORD}|내년|ปีหน้า",
    2: "再来年",
}
# The last year of something, or somebody's own, is no year before this one.
_OWN = "".join(f"(?<!{word} )" for word in ("his", "her", "its", "our", "my", "their"))
_OF = (
    r"(?! (?:of|before|de[sr]|vor|von|(?:sein|ihr|ein|mein|unser|dies)e[rs]|d[aeiou]s?|dell?[ao]?|antes|avant|"
    r"жизни|войны|правления|его|е[её]|их|перед|до)\b| (?:d|dell)['’])"
)
# The same in languages whose words have spaces between.
_SPACED = {
    -2: "the year before last|vorletzte[ns] Jahr(?:es)?|l['’]avant-dernière année|año antepasado|"
    "позапрошл(?:ом|ого) год[уа]",
    -1: f"{_OWN}last year{_OF}|(?:letzte|vergangene|vorige)(?:s Jahr|[nm] Jahr(?:es)?{_OF})|"
    "l['’]année (?:dernière|passée)|"
    "l['’]an (?:dernier|passé)|"
    "año pasado|ano passado|anno scorso|vorig jaar|прошл(?:ом|ого) год[уа]|прошлый год|минулого року|торік|"
    "العام الماضي|السنة الماضية|سال گذشته|năm ngoái|tahun lalu|geçen (?:yıl|sene)|"
    "(?:zeszłym|ubiegłym) roku|पिछले (?:साल|वर्ष)",
    0: f"this year{_OF}|diese[sm] Jahr(?:es)?|heuer|cette année|este (?:año|ano)|neste ano|quest['’]anno|"
    "dit jaar|эт(?:ом|ого) год[уа]|цього року|هذا العام|هذه السنة|العام الحالي|امسال|năm nay|tahun ini|"
    "bu (?:yıl|sene)|tym roku|इस (?:साल|वर्ष)",
    1: f"next year{_OF}|(?:nächste|kommende)(?:s Jahr|[nm] Jahr(?:es)?{_OF})|"
    "l['’]année prochaine|l['’]an prochain|(?:próximo|proximo) año|año (?:próximo|que viene)|próximo ano|"
    "ano que vem|anno prossimo|volgend jaar|следующ(?:ем|его) год[уа]|"
    "наступного року|"
    "العام (?:المقبل|القادم)|السنة القادمة|سال آینده|năm tới|tahun depan|gelecek yıl|przyszłym roku|"
    "अगले (?:साल|वर्ष)",
}
# Of each language the numerals from one to nine, how it says so many years ago, and in the last so many years.
# Those who count further seldom mean exactly so many.
_COUNTED = (
    ("一 两 三 四 五 六 七 八 九", "{n}年前(?![后後往])|{n}년 전", "(?:近|过去|過去|最近){n}年(?:来|來|间|間)?"),
    ("one two three four five six seven eight nine", "{n} years? ago", "(?:last|past) {n} years"),
    ("einem zwei drei vier fünf sechs sieben acht neun", "vor {n} Jahr(?:en)?", "letzten {n} Jahren?"),
    ("un deux trois quatre cinq six sept huit neuf", "il y a {n} ans?", "{n} dernières années"),
    ("un dos tres cuatro cinco seis siete ocho nueve", "hace {n} años?", "últimos {n} años"),
    ("um dois três quatro cinco seis sete oito nove", "há {n} anos?", "últimos {n} anos"),
    ("un due tre quattro cinque sei sette otto nove", "{n} ann[oi] fa", "ultimi {n} anni"),
    ("одного два три четыре пять шесть семь восемь девять", "{n} (?:года?|лет) назад", "последние {n} (?:года|лет)"),
    ("một hai ba bốn năm sáu bảy tám chín", "{n} năm trước(?! (?:đó|khi))", "{n} năm qua"),
)
# Without any of these, in one case, a text hints at no year; most have none, and one look is cheaper than thirty.
ANY_HINT = re.compile(
    "年|년|해|おととし|ปี|year|jahr|heuer|l['’]an|l y a|ann[oiıé]|a[nñ]o|jaar|год|лет|року|торік|العام|السنة|سال|"
    "năm|tahun|y[iı]l|sene|roku|साल|वर्ष"
)
_ALSO = {"二": 2, "兩": 2, "十": 10}
# What is told in brackets needs no hint.
_UNTOLD = r"(?!\s?[（(])"
_GLUED_LIMITS = r"(?<![\d以过過提第哪一二三四五六七八九十百几幾数數])", "(?![龄齡纪紀份资資级級轻輕华華]|代(?!表))"
_SPACED_LIMITS = r"(?<![^\W_])", r"(?!\w)"

Match = re.Match[str]
Hint = Callable[[Match, int], str]


def _pattern(words: str, limits: tuple[str, str]) -> re.Pattern[str]:
    start, end = limits
    return re.compile(f"{start}(?:{words}){end}{_UNTOLD}", re.IGNORECASE)


def _offset(offset: int) -> Hint:
    return lambda match, year: f"{year + offset}年"


def _counted(numerals: str, ago: str, since: str) -> Iterator[tuple[re.Pattern[str], Hint]]:
    counts = {word: count for count, word in enumerate(numerals.split(), start=1)}
    if "一" in counts:
        counts, limits = counts | _ALSO, _GLUED_LIMITS
    else:
        limits, since = _SPACED_LIMITS, f"{_OWN}{since}{_OF}"

    def count(match: Match) -> int:
        word = match[match.lastindex or 0].lower()
        return counts[word] if word in counts else int(word)

    words = "|".join(counts)
    yield _pattern(ago.replace("{n}", f"([1-9]|{words})"), limits), lambda match, year: f"{year - count(match)}年"
    since = since.replace("{n}", f"(10|[1-9]|{words})")
    yield _pattern(since, limits), lambda match, year: f"{year - count(match)}年至{year}年"


# Of each pattern, what is written after it: given what it matched, and the year of the day it was written on.
HINTS = [
    *((_pattern(words, _GLUED_LIMITS), _offset(offset)) for offset, words in _GLUED.items()),
    *((_pattern(words, _SPACED_LIMITS), _offset(offset)) for offset, words in _SPACED.items()),
    *(hint for each in _COUNTED for hint in _counted(*each)),
]
