"""The Russian spelling of Chinese syllables, by the system of Palladius (Kafarov, 1888), as Russian texts use it."""

from collections.abc import Mapping
from functools import cache

INITIALS = {
    "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л", "g": "г", "k": "к", "h": "х",
    "j": "цз", "q": "ц", "x": "с", "zh": "чж", "ch": "ч", "sh": "ш", "r": "ж", "z": "цз", "c": "ц", "s": "с",
}  # fmt: skip
FINALS = {
    "a": "а", "o": "о", "e": "э", "i": "и", "u": "у", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань",
    "en": "энь", "ang": "ан", "eng": "эн", "ong": "ун", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю", "ian": "янь",
    "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй",
    "uan": "уань", "un": "унь", "uang": "уан", "v": "юй", "ve": "юэ",
}  # fmt: skip
# After j, q and x the letter u stands for ü.
FRONTED = {"u": "юй", "ue": "юэ", "uan": "юань", "un": "юнь"}
ALONE = {
    "yi": "и", "ya": "я", "ye": "е", "yao": "яо", "you": "ю", "yan": "янь", "yin": "инь", "yang": "ян", "ying": "ин",
    "yong": "юн", "wu": "у", "wa": "ва", "wo": "во", "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь",
    "wang": "ван", "weng": "вэн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "a": "а", "ai": "ай",
    "an": "ань", "ang": "ан", "ao": "ао", "e": "э", "en": "энь", "er": "эр", "ou": "оу", "hui": "хуэй",
}  # fmt: skip


@cache
def cyrillic_spellings() -> Mapping[str, str]:
    """Return the pinyin of each Cyrillic spelling; where two syllables share one, the commoner initial holds."""
    spellings: dict[str, str] = {}
    for initial, letter in INITIALS.items():
        finals = {**FINALS, **FRONTED} if initial in "jqx" else FINALS
        for final, ending in finals.items():
            fronted = initial in "jqx" and final[0] not in "iu"
            plain = (
                initial not in "jqx"
                and final[0] == "i"
                and final != "i"
                and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}
            )
            if not fronted and not plain:
                spellings.setdefault(letter + ending, initial + final)
    spellings.update({spelling: syllable for syllable, spelling in ALONE.items()})
    return spellings
