"""Numbers in words: 四千万, 二〇二三, ninety thousand, dreiundzwanzig, doscientos cinco, quatre-vingt-dix.

Only what stands as a quantity counts: the 一 of 统一 is none. Libraries that read as many languages (cn2an, text2num)
count these, too, and have no types.

A change here changes what is indexed, so it raises TERMS_VERSION.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from decimal import Decimal

ZEROS = "〇零○◯"
_PLAIN, _FORMAL = "一二三四五六七八九", "壹贰叁肆伍陆柒捌玖"
_DIGITS = {
    **{character: value for digits in (_PLAIN, _FORMAL) for value, character in enumerate(digits, start=1)},
    **dict.fromkeys(ZEROS + "0oO", 0),
    **dict.fromkeys("两兩", 2),
}
_UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "仟": 1000, "百": 100, "佰": 100, "十": 10, "拾": 10}
HAN_DIGITS = _PLAIN + ZEROS + "0oO"
_TENS = str.maketrans({"廿": "二十", "卅": "三十"})


def _with_units(digits: str, ten: str, units: str) -> str:
    """Return the pattern of a number of one set of characters."""
    first = f"[{digits}两兩]"
    group = rf"(?:(?:(?:{first}?{ten}|[廿卅]|{first}[{units}])[{ZEROS}]?){{1,4}}{first}?|{first})"
    return rf"{group}(?:[万亿]{{1,2}}[{ZEROS}]?{group}?){{0,3}}"


_ANY = f"[{_PLAIN}{_FORMAL}{ZEROS}两兩十百千万亿廿卅拾佰仟]"
# Digit by digit, as years and rooms are: four at least, or with a zero, for 二三 is two or three.
_SPELT = f"[{_PLAIN}][{_PLAIN}{ZEROS}0oO]{{3,11}}|[{_PLAIN}]{{1,2}}[{ZEROS}]{{1,2}}[{_PLAIN}]?"
HAN = rf"(?:{_SPELT}|{_with_units(_PLAIN, '十', '百千')}|{_with_units(_FORMAL, '拾', '佰仟')})(?!{_ANY})"
# What a numeral of one character stands before where it counts something; 一 says too little even there.
MEASURE = "[个名人位所家条项次座吨户亩岁年月日天间台辆艘栋幢株棵头只种类批场届省市县区州镇乡村校倍成米元]"
_HAN_NUMBER = re.compile(
    rf"(?P<share>百分之)?(?P<whole>{HAN})(?:点(?P<decimals>[{_PLAIN}{ZEROS}]{{1,9}})(?P<scale>[万亿]{{0,2}}))?"
    rf"(?P<counts>(?<!{_ANY}[二三四五六七八九十两])(?<!一)(?={MEASURE}))?"
)

# Few texts have any of these characters, or a word that begins as a numeral does; that is quicker to see.
_ANY_HAN = re.compile(_ANY)
_WORD, _STARTS = re.compile(r"[^\W_]+"), (2, 3)


def han_value(numeral: str) -> int:
    """Return what a numeral that `HAN` matches is worth: digit by digit, or by its units, where 一万五 is 15,000."""
    numeral = numeral.translate(_TENS)
    for unit, worth in _UNITS.items():
        head, found, tail = numeral.rpartition(unit)
        if found:
            return (han_value(head) if head else 1) * worth + _rest(tail, worth)
    return int("".join(str(_DIGITS[character]) for character in numeral))


def _rest(numeral: str, worth: int) -> int:
    """Return what follows a unit: a digit by itself is of the next smaller one."""
    if numeral in _DIGITS:
        return _DIGITS[numeral] * max(1, worth // 10)
    return han_value(numeral) if numeral else 0


def numbers_in_words(text: str) -> Iterator[Decimal]:
    """Yield the numbers that a text writes in words, those of Chinese characters first.

    Args:
        text: simplified and without case.
    """
    for match in _HAN_NUMBER.finditer(text) if _ANY_HAN.search(text) else ():
        if decimals := match["decimals"]:
            scale = _UNITS.get(match["scale"][:1], 1) * _UNITS.get(match["scale"][1:], 1)
            yield Decimal(f"{han_value(match['whole'])}.{han_value(decimals):0{len(decimals)}}") * scale
        elif match["share"] or len(match["whole"]) > 1 or match["counts"] is not None:
            yield Decimal(han_value(match["whole"]))
    words = _WORD.findall(text)
    starts = {word[:length] for word in words for length in _STARTS}
    for language in _LANGUAGES:
        if language.may_count(words, starts):
            yield from map(Decimal, language.numbers(text))


HUNDRED, THOUSAND = 100, 1000


class _Language:
    """The numerals of a language whose numbers are made of several words, or of one that is glued together.

    By itself a numeral counts from `least` on: once, elf and due are words elsewhere.
    """

    def __init__(self, joint: str, least: int, worth: dict[str, int]) -> None:
        self._worth = worth
        self._least = least
        gaps = "", " ", "-", f" {joint} "
        # Dreizehn is drei and zehn: with both ways to read each, a row of thirty could be read in a billion.
        short = _any_of(piece for piece in worth if not _is_row(piece, worth.keys() - {piece}, gaps))
        self._parts = set(_WORD.findall(short))
        self._starts = {part[: max(_STARTS)] for part in self._parts}
        self._row = re.compile(f"(?:{_any_of(self._parts)})+")
        self._piece = re.compile(_any_of(worth))
        self._phrase = re.compile(rf"(?<![^\W_])(?:{short})(?:(?:{'|'.join(gaps)})(?:{short}))*(?![^\W_])")

    def may_count(self, words: Sequence[str], starts: Set[str]) -> bool:
        """Return whether there may be a number among some words, given their first letters; it is quick to see."""
        if self._starts.isdisjoint(starts):
            return False
        rows = {place for place, word in enumerate(words) if word[:2] in self._starts or word[:3] in self._starts}
        rows = {place for place in rows if self._row.fullmatch(words[place])}
        return any(self._counts_alone(words[place]) or rows & {place + 1, place + 2} for place in rows)

    def _counts_alone(self, word: str) -> bool:
        """Return whether a row of numerals without a space counts by itself."""
        worth = self._worth.get(word, 0 if word in self._parts else self._least)
        return self._least <= worth < HUNDRED

    def numbers(self, text: str) -> Iterator[int]:
        """Yield the numbers in a text."""
        for phrase in self._phrase.finditer(text):
            values = [self._worth[piece] for piece in self._piece.findall(phrase[0])]
            scales_digits = (
                values[0] >= HUNDRED and text[max(0, phrase.start() - 2) : phrase.start()][:1].isdigit()
            )  # as in 90 thousand
            if not scales_digits and (len(values) > 1 or self._least <= values[0] < HUNDRED):
                yield from _sums(values)


def _any_of(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


def _is_row(text: str, words: Collection[str], gaps: Sequence[str]) -> bool:
    """Return whether a text is a word or several, with a gap between each two."""
    if text in words:
        return True
    starts = (word + gap for word in words for gap in gaps if text.startswith(word + gap))
    return any(_is_row(text[len(start) :], words, gaps) for start in starts)


def _sums(values: list[int]) -> Iterator[int]:
    """Yield what some numerals in a row come to: one number, or several where they cannot be of one."""
    total = group = 0
    for value in values:
        if value >= THOUSAND:
            total += (group or 1) * value
            group = 0
        elif value == HUNDRED:
            group = (group or 1) * HUNDRED
        elif value < _room(group):
            group += value
        elif 13 <= group <= 20 and value >= 10:  # a year: nineteen ninety-eight
            group = group * HUNDRED + value
        else:
            yield total + group
            total, group = 0, value
    yield total + group


def _room(group: int) -> int:
    """Return below which worth a numeral goes on with a number below a thousand: forty-two, but soixante et onze."""
    tens = group % HUNDRED
    if not tens:
        return HUNDRED if group else THOUSAND
    return 1 if tens % 10 else 20 if tens in (60, 80) else 10


def _worths(first: int, step: int, words: str) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


_GERMAN_UNITS = _worths(1, 1, "ein zwei drei vier fünf sechs sieben acht neun")
_GERMAN_TENS = _worths(20, 10, "zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig")
_LANGUAGES = (
    _Language(
        "and",
        2,
        _worths(1, 1, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")
        | _worths(16, 1, "sixteen seventeen eighteen nineteen")
        | _worths(20, 10, "twenty thirty forty fifty sixty seventy eighty ninety")
        | {"hundred": HUNDRED, "thousand": THOUSAND, "million": 10**6, "billion": 10**9},
    ),
    _Language(
        "und",
        13,
        _GERMAN_UNITS
        | _GERMAN_TENS
        | {f"{unit}und{ten}": _GERMAN_UNITS[unit] + _GERMAN_TENS[ten] for unit in _GERMAN_UNITS for ten in _GERMAN_TENS}
        | _worths(10, 1, "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn")
        | {"hundert": HUNDRED, "tausend": THOUSAND, "eine million": 10**6, "millionen": 10**6}
        | {"eine milliarde": 10**9, "milliarden": 10**9},
    ),
    _Language(
        "et",
        13,
        _worths(1, 1, "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
        | _worths(20, 10, "vingt trente quarante cinquante soixante")
        | {"soixante-dix": 70, "quatre-vingt": 80, "quatre-vingts": 80, "quatre-vingt-dix": 90}
        | {"cent": HUNDRED, "cents": HUNDRED, "mille": THOUSAND, "un million": 10**6, "millions": 10**6}
        | {"un milliard": 10**9, "milliards": 10**9},
    ),
    _Language(
        "y",
        13,
        _worths(1, 1, "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis")
        | _worths(17, 1, "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro")
        | _worths(25, 1, "veinticinco veintiséis veintisiete veintiocho veintinueve")
        | _worths(30, 10, "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien")
        | _worths(200, 100, "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos")
        | _worths(200, 100, "doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas")
        | {
            "ciento": HUNDRED,
            "novecientos": 900,
            "novecientas": 900,
            "mil": THOUSAND,
            "millón": 10**6,
            "millones": 10**6,
        },
    ),
)
