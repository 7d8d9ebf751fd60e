"""How office programs write the number of an item: 3, c, III, 三, 参, ③, 丙."""

from collections.abc import Callable

MOST = 32_767  # as far as offices count; what a file says beyond is written in digits
MOST_REPEATED = 780  # the same of letters, which would be thirty in a row

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def numeral(value: int, form: str) -> str:
    """Return a number in a form.

    Args:
        value: 0 or more; what a form has no sign for is written in digits.
        form: one of those of OOXML: `decimal`, `lowerRoman`, `chineseCounting`; an unknown one is `decimal`. Or how
            one is written: 1, 01, 001.
    """
    if form.strip("0") == "1":
        return str(value).zfill(len(form))
    write = _FORMS.get(form, str)
    return write(value) if value > 0 or form in _WITH_ZERO else str(value)


def _roman(value: int) -> str:
    if value > MOST:
        return str(value)
    written = ""
    for worth, letters in _ROMAN:
        count, value = divmod(value, worth)
        written += letters * count
    return written


def _letters(alphabet: str) -> Callable[[int], str]:
    """Return how letters count: after the last one the first is doubled."""

    def write(value: int) -> str:
        times, place = divmod(value - 1, len(alphabet))
        return alphabet[place] * (times + 1) if value <= MOST_REPEATED else str(value)

    return write


def _signs(signs: str) -> Callable[[int], str]:
    """Return how signs count that are no letters: when they are used up, digits go on."""
    return lambda value: signs[value - 1] if value <= len(signs) else str(value)


def _digits(digits: str) -> Callable[[int], str]:
    return lambda value: str(value).translate(str.maketrans("0123456789", digits))


def _han(digits: str, units: str, *, gap: str = "", ones: str = "") -> Callable[[int], str]:
    """Return how characters count with units.

    Args:
        digits: from 1 to 9.
        units: for 10, 100, 1000 and 10,000.
        gap: what stands where a unit is left out.
        ones: the units before which a one is written at the beginning; elsewhere it always is if any are named.
    """

    def group(value: int) -> str:
        written, missing = "", False
        for power in (3, 2, 1, 0):
            digit = value // 10**power % 10
            unit = units[power - 1] if power else ""
            if not digit:
                missing = bool(written)
                continue
            bare = digit == 1 and bool(unit) and (not ones or (not written and unit not in ones))
            written += (gap if missing else "") + ("" if bare else digits[digit - 1]) + unit
            missing = False
        return written

    def write(value: int) -> str:
        if value > MOST:
            return str(value)
        high, low = divmod(value, 10_000)
        if not high:
            return group(low)
        return group(high) + units[3] + ((gap if low < 1000 else "") + group(low) if low else "")

    return write


def _zodiac(value: int) -> str:
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12] if value <= 60 else str(value)


def _words(value: int) -> str:
    if value >= 1_000_000:
        return str(value)
    for worth, unit in ((1000, "thousand"), (100, "hundred")):
        if value >= worth:
            rest = value % worth
            return f"{_words(value // worth)} {unit}" + (f" {_words(rest)}" if rest else "")
    if value < len(_ONES):
        return _ONES[value]
    return _TENS[value // 10 - 2] + (f"-{_ONES[value % 10]}" if value % 10 else "")


def _ordinal_words(value: int) -> str:
    words = _words(value)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    if last in _ORDINALS:
        return words[:cut] + _ORDINALS[last]
    return words[:cut] + {"ve": f"{last[:-2]}fth", "ty": f"{last[:-1]}ieth"}.get(last[-2:], f"{last}th")


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


_CHINESE = _han("一二三四五六七八九", "十百千万", gap="零", ones="百千万")
_HIRAGANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda value: "",
    "decimalZero": lambda value: str(value).zfill(2),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lowerLetter": _letters("abcdefghijklmnopqrstuvwxyz"),
    "russianUpper": _letters("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
    "russianLower": _letters("абвгдежзиклмнопрстуфхцчшщыэюя"),
    "ordinal": _ordinal,
    "cardinalText": lambda value: _words(value).capitalize(),
    "ordinalText": lambda value: _ordinal_words(value).capitalize(),
    "hex": lambda value: f"{value:X}",
    "numberInDash": lambda value: f"- {value} -",
    "chineseCounting": _CHINESE,
    "chineseCountingThousand": _CHINESE,
    "taiwaneseCounting": _CHINESE,
    "taiwaneseCountingThousand": _CHINESE,
    "chineseLegalSimplified": _han("壹贰叁肆伍陆柒捌玖", "拾佰仟万", gap="零", ones="拾佰仟万"),
    "ideographLegalTraditional": _han("壹貳參肆伍陸柒捌玖", "拾佰仟萬", gap="零", ones="拾佰仟萬"),
    "japaneseCounting": _han("一二三四五六七八九", "十百千万"),
    "japaneseLegal": _han("壱弐参四伍六七八九", "拾百阡萬", ones="拾百阡萬"),
    "koreanCounting": _han("일이삼사오육칠팔구", "십백천만"),
    "ideographDigital": _digits("〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": _digits("〇一二三四五六七八九"),
    "taiwaneseDigital": _digits("○一二三四五六七八九"),
    "koreanDigital": _digits("영일이삼사오육칠팔구"),
    "koreanDigital2": _digits("零一二三四五六七八九"),
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "hindiNumbers": _digits("०१२३४५६७८९"),
    "thaiNumbers": _digits("๐๑๒๓๔๕๖๗๘๙"),
    "ideographTraditional": _signs(_STEMS),
    "ideographZodiac": _signs(_BRANCHES),
    "ideographZodiacTraditional": _zodiac,
    "ideographEnclosedCircle": _signs("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "decimalEnclosedCircle": _signs("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"),
    "decimalEnclosedFullstop": _signs("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalEnclosedParen": _signs("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "ganada": _letters("가나다라마바사아자차카타파하"),
    "chosung": _letters("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "aiueo": _letters(_HIRAGANA),
    "aiueoFullWidth": _letters(_HIRAGANA),
    "iroha": _letters(_IROHA),
    "irohaFullWidth": _letters(_IROHA),
    "hebrew1": _letters("אבגדהוזחטיכלמנסעפצקרשת"),
    "arabicAlpha": _letters("أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    "thaiLetters": _letters("กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
}
_FORMS["decimalEnclosedCircleChinese"] = _FORMS["decimalEnclosedCircle"]
# Those that write a nought as they write other numbers, or nothing.
_WITH_ZERO = frozenset(form for form in _FORMS if "igit" in form or "Numbers" in form) | {
    *("none", "decimalZero", "decimalFullWidth", "hex", "numberInDash")
}
