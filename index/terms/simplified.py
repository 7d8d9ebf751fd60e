"""Traditional characters as Simplified ones, for comparing only."""

import re
from functools import cache

from opencc import OpenCC

# Characters that have another form in some words and not by themselves: 沈默, 瞭解, 毛坏.
WITHIN_WORDS = "沈坏藉哩覆衹瞭甦"
HAN = (0x3400, 0x4DC0), (0x4E00, 0xA000)


def simplified(text: str) -> str:
    """Return a text in NFKC with its Traditional characters as Simplified ones.

    To look for one first takes a hundredth of the time of looking for words, and most texts have none.
    """
    return simplifier().convert(text) if _any_traditional().search(text) else text


@cache
def simplifier() -> OpenCC:
    """Return what makes Traditional characters Simplified; it is loaded once."""
    return OpenCC("t2s")


@cache
def _any_traditional() -> re.Pattern[str]:
    """Return what finds a character that may have another form; of those that are rare, any may."""
    han = [chr(code) for start, end in HAN for code in range(start, end)]
    same = simplifier().convert("\n".join(han)).split("\n")
    other = "".join(one for one, form in zip(han, same, strict=True) if one != form)
    return re.compile(f"[{other}{WITHIN_WORDS}\ud800-\udfff\uf900-\ufaff\U00010000-\U0010ffff]")
