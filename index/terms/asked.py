"""The exact terms that a question asks for; see `index.terms.identifiers`.

A number may as well say how many, how much or when, and a short code be called otherwise: what is no exact term for
certain is none, and what may be called otherwise need not be there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from index.terms.articles import Article, articles
from index.terms.identifiers import (
    DATE,
    EMAIL,
    ENDING,
    FILE,
    GROUPED,
    LETTER,
    LONGEST,
    NAMED,
    OF_VERSION,
    PHONE,
    SPACED_CODE,
    TOKEN,
    TOUCHED,
    URL,
    VERSION,
    YEAR,
    address,
    form,
    is_identifier,
    phone,
    phones,
    plain,
    stands_before,
)

YEARS = re.compile(r"(?:1\d{3}|20\d\d)(?:[-/](?:\d\d){1,2})*")
# 5km, 21st, 1980s, 19e, 4x100, 24-yard: how many, which in a row, how large.
MEASURED = re.compile(
    rf"\d+(?:[.-]\d+)*(?:-?[a-zà-öø-ÿа-яё]+|[kMGT]?Hz|[kMGT]i?B|[kMG]?Wh?|k?V|kVA|mAh|dB|h?Pa)|\d{{1,2}}[{LETTER}]{{1,2}}|\d+x\d+\w*"
    rf"|\d+[{LETTER}]{{0,3}}-[{LETTER}]{{3,}}.*"
)
COUNTED = re.compile(
    r"\s?(?:[%‰°℃€$£¥₽人名位个個元円원명개万萬亿億千百年月日天倍吨噸公平立米次件种種台套户戶亩頁页字度小分秒]|"
    r"(?:k?m|k?g|m?l|cm|mm|mi?n|kW|ha|Uhr|Euro|euros?|dollars?|yuan|USD|EUR|per cent|percent|руб|тыс)(?!\w))"
)
GROUP = re.compile(r"\d $")  # of the digits of 1 000 000
MONEY = re.compile(r"[€$£¥₽]\s?$")
# What a number is called that tells one thing from others of its kind.
CALLED = re.compile(
    r"(?:[编編工单單学學证證卡型][号號]|[号號][码碼]|订单号?|訂單號?|分机号?|分機號?|电话|電話|房间|房間|代码|代碼|内線|番号|내선|번호|호실|"
    r"(?<!\w)(?:ext(?:ension)?|room|number|no|nr|num|id|code|order|invoice|ticket|phone|tel|model|part|serial|sku|zip|"
    r"pin|account|case|durchwahl|zimmer|raum|nummer|auftrag|bestellung|rechnung|poste|chambre|bureau|salle|numéro|"
    r"commande|facture|extensión|habitación|sala|número|pedido|factura|комнат[аеуы]|кабинет|номер|добавочный|заказа?|"
    r"счет|رقم|غرفة|تحويلة)|[#№]|n[°º])[.:]?\s?(?:(?:is|ist|est|es|是|为|為)\s)?$",
    re.IGNORECASE,
)
# Of these, what may as well be a verb or begin a clause: order 500 screws, in case 100 come.
CALLED_OTHERWISE = re.compile(r"(?<!\w)(?:order|case|phone)\s?$", re.IGNORECASE)
COUNTER = re.compile(r"\s?(?:[号號]室?|室|号线|路)")
# What stands before or behind 第二条 where it is an article: 第二条围巾 is a scarf.
OF_LAW = re.compile("[法例典宪憲章定则則约約程規》」』据據照反按依合用见見]$")
SAID_OF = re.compile(
    r"[\W_]|$|[规規]定|[的之是有说說讲講写寫内內对對关關中里裡和与與及或至到第怎如何具什要为為所款项項ぁ-ん]"
)
LEAST_CALLED, LEAST_ALONE, LEAST_CERTAIN = 3, 4, 6  # digits: of what is called a number, of others, and of an id
MOST_ENDS = 2  # groups of digits that a range has
LONGEST_PREFIX = 4  # letters before the digits of a code; more are a word: Windows2000 may be written with a space
MOST_ASKED = 8
# Without any of these nothing exact is asked for; most questions have none, and one look is cheaper than a dozen.
ANY = re.compile(r"[\d条條@_/]|\.\w|[IVXLC](?!\w)")


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact term that a question asks for.

    Attributes:
        form: in which it is compared.
        written: how the question writes it.
        certain: whether what speaks of it has to write it: if nothing does, nothing answers.
    """

    form: str
    written: str
    certain: bool = True

    @property
    def named(self) -> str:
        """The term of passages that name it as a whole, or begin with it."""
        return NAMED + self.form

    @property
    def touched(self) -> str:
        """The term of passages that name it as part of something longer, or refer to it."""
        return TOUCHED + self.form


def asked_terms(text: str) -> tuple[Exact, ...]:
    """Return the exact terms that a question asks for, each once, `MOST_ASKED` at most."""
    found: dict[str, Exact] = {}
    text = plain(text)
    for each in _asked(text) if ANY.search(text) else ():
        found.setdefault(each.form, each)
    return tuple(found.values())[:MOST_ASKED]


def _asked(text: str) -> Iterator[Exact]:
    text = GROUPED.sub(" ", DATE.sub(" ", text))
    for article in filter(partial(_is_meant, text), articles(text)):
        yield Exact(article.form, text[article.start : article.end], article.called_so)
        text = _blanked(text, article.start, article.end)
    for pattern, read in (
        (EMAIL, _asked_mail),
        (URL, _asked_link),
        (PHONE, _asked_phone),
        (SPACED_CODE, _spaced),
    ):
        for match in pattern.finditer(text):
            if exact := read(match):
                yield exact
                text = _blanked(text, *match.span())
    for match in TOKEN.finditer(text):
        yield from _asked_token(text, ENDING.sub("", match[0]), match)


def _is_meant(text: str, article: Article) -> bool:
    """Return whether a question means an article of a law, and none of the long things that Chinese counts so."""
    if text[article.start] != "第":
        return True
    return stands_before(OF_LAW, text, article.start) or SAID_OF.match(text, article.end) is not None


def _asked_mail(match: re.Match[str]) -> Exact:
    return Exact(address(match[0]), match[0])


def _asked_link(match: re.Match[str]) -> Exact:
    """Return the address of a page, which may be where something is asked about that is called otherwise."""
    return Exact(address(match[0]), match[0], certain=False)


def _asked_phone(match: re.Match[str]) -> Exact | None:
    """Return the telephone number that groups of digits are; two may as well be a range."""
    groups = re.findall(r"\d+", match[0].replace("(0)", ""))
    *_, last = ["", *phones(match[0])]
    certain = match[0][0] in "+(0" or match[0].count("-") >= MOST_ENDS
    is_one = last.strip("0") and last == "".join(groups)
    return Exact(phone(last), match[0], certain) if is_one else None


def _spaced(match: re.Match[str]) -> Exact | None:
    letters, digits = match.groups()
    if len(digits) < LEAST_CALLED or YEARS.fullmatch(digits) or CALLED.match(f"{letters} "):
        return None
    return Exact(form(letters + digits), match[0], certain=False)


def _asked_token(text: str, token: str, match: re.Match[str]) -> Iterator[Exact]:
    if len(token) > LONGEST:
        return
    if token.isdecimal():
        yield from _asked_number(text, token, match)
    elif VERSION.fullmatch(token):
        exact = token.count(".") > 1
        if exact or stands_before(OF_VERSION, text, match.start()):
            yield Exact(form(token), token, exact)
    elif is_identifier(token) and not MEASURED.fullmatch(token):
        yield Exact(form(token), token, _is_certain(token))


def _asked_number(text: str, number: str, match: re.Match[str]) -> Iterator[Exact]:
    """Yield a number that tells one thing from others, and does not say how many or when."""
    counts = re.match(rf"\s[{LETTER}]", text[match.end() : match.end() + 2])
    otherwise = counts and stands_before(CALLED_OTHERWISE, text, match.start())
    called = (stands_before(CALLED, text, match.start()) and not otherwise) or COUNTER.match(text, match.end())
    if called or text.strip(" ?？。.!") == number:
        if len(number) >= LEAST_CALLED:
            yield Exact(number, number)
    elif not (COUNTED.match(text, match.end()) or stands_before(MONEY, text, match.start())):
        if number.startswith("0") and not stands_before(GROUP, text, match.start()) and len(number) >= LEAST_CALLED:
            yield Exact(number, number)
        elif len(number) >= LEAST_ALONE and not YEAR.fullmatch(number):
            certain = len(number) >= LEAST_CERTAIN and not number.endswith("000") and not counts
            yield Exact(number, number, certain)


def _is_certain(token: str) -> bool:
    """Return whether what has a code has to write it so; H2O may be called water, and Windows2000 Windows 2000."""
    if "_" in token or FILE.search(token) or re.fullmatch(r"[\d.]+", token):
        return True
    digits, words = "".join(re.findall(r"\d", token)), re.findall(rf"[{LETTER}]+", token)
    short = max(map(len, words)) <= LONGEST_PREFIX and not re.fullmatch(rf"\d+[{LETTER}]+", token)
    dated = YEAR.fullmatch(digits) and not token.isupper()
    return short and len(digits) >= LEAST_CALLED and not dated and not re.search(r"\d/\d", token)


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
