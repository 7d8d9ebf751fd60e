"""Korean and Vietnamese words that came from Chinese, told by how their syllables read Chinese characters.

Much of both languages is such words: 교육 and "giáo dục" are 教育, "Thượng Hải" is 上海. Two syllables may be any word
of CC-CEDICT whose characters are read so, and two with capitals a name that it does not have.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from index.terms.dictionary import Translation, entries

READINGS = Path(__file__).with_name("readings.txt")
FIELDS = {"ko": "kHangul", "vi": "kVietnamese"}  # of Unihan, by language
SYLLABLE = {"ko": re.compile("[가-힣]"), "vi": re.compile(r"[^\W\d_]+")}
BREAK = {"ko": re.compile("[^가-힣]+"), "vi": re.compile(r"[^\w ]+|\d+")}  # no word goes across


def words_read(text: str, language: str) -> Iterator[Translation]:
    """Yield which Chinese words two neighbouring syllables of a text may be, for other languages nothing.

    Args:
        text: in NFC or NFKC.
        language: which one, by its ISO 639 code.
    """
    if language not in FIELDS:
        return
    characters = _characters(language)
    seen: set[tuple[str, str]] = set()
    for one, other in pairwise(SYLLABLE[language].finditer(text)):
        pair = one[0], other[0]
        if pair in seen or BREAK[language].search(text, one.end(), other.start()):
            continue
        seen.add(pair)
        firsts, seconds = (characters.get(each.lower(), "") for each in pair)
        pairs = frozenset(first + second for first in firsts for second in seconds)
        if found := pairs & _words() or (all(map(str.istitle, pair)) and pairs):
            yield Translation(one.start(), other.end(), dict.fromkeys(found, 1.0))


@cache
def _characters(language: str) -> Mapping[str, str]:
    lines = (line.split() for line in READINGS.read_text("utf-8").splitlines() if line.startswith(f"{language} "))
    return {reading: characters for _, reading, characters in lines}


@cache
def _words() -> frozenset[str]:
    return frozenset(word for word, _ in entries() if len(word) == 2)
