"""Chinese names as other scripts spell them: Lincang, Pu'er, Баошань, all brought to toneless pinyin syllables.

A question in another language names places and people by sound. Pairs of neighbouring syllables are what the
lexical index shares between 临沧 in a text and Lincang in a question.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from index.terms.palladius import cyrillic_spellings

# Letters of a word, with the apostrophes that part syllables (Xi'an) kept inside.
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
CYRILLIC = re.compile(r"[а-яё]")
# Case endings of Russian, with the sign or glide that they replace: Баошань, Баошаня; Сюаньвэй, Сюаньвэе.
CYRILLIC_MENDINGS = ("", "ь", "й")
LONGEST_ENDING = 2
LONGEST_SYLLABLE = 6  # letters, in Latin as in Cyrillic
REMEMBERED = 1 << 15  # words whose syllables are remembered: questions share most of theirs


def neighbours(parts: Iterable[str]) -> Iterator[str]:
    """Yield each part joined with the next: what both legs of a match have in common is such a pair."""
    return map("".join, pairwise(parts))


@lru_cache(maxsize=1 << 16)  # a corpus says the same pairs again and again, and a phrase takes long to read
def pair_sound(pair: str) -> str:
    """Return the toneless pinyin of two Chinese characters.

    Only a pair that is a word of its own is read as one: looking for words takes most of the time of reading.
    """
    return "".join(syllables(pair)) if pair in PHRASES_DICT else syllable(pair[0]) + syllable(pair[1])


def syllables(han: str) -> list[str]:
    """Return the toneless pinyin of a run of Chinese characters, one syllable a character."""
    found: Sequence[str] = lazy_pinyin(han, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    return [syllable.replace("v", "u") for syllable in found]  # few who write Lüliang in another script keep the dots


@cache
def syllable(character: str) -> str:
    """Return the toneless pinyin of one Chinese character."""
    return syllables(character)[0]


def spelled_pairs(text: str) -> Iterator[str]:
    """Yield the neighbouring syllables of every name in a text that can be read as pinyin.

    Names of several words, as Xi Jinping, are read across their words; a word with several readings gives all.
    """
    run: list[str] = []
    for match in WORD.finditer(text.casefold()):
        read = readings(match[0])
        if not read:
            yield from neighbours(run)
            run = []
            continue
        run += read[0]
        for other in read[1:]:
            yield from neighbours(other)
    yield from neighbours(run)


@lru_cache(REMEMBERED)
def readings(word: str) -> list[list[str]]:
    """Return the syllables of a word, in each way it may be read; none if it is not made of syllables."""
    if CYRILLIC.search(word):
        return _cyrillic_readings(word)
    parts = [_segmented(part, _latin_syllables()) for part in re.split("['’]", without_diacritics(word))]
    return [[syllable for part in parts for syllable in part]] if all(parts) else []


def _cyrillic_readings(word: str) -> list[list[str]]:
    stems = (word[: len(word) - length] for length in range(LONGEST_ENDING + 1))
    spellings = (stem + mending for stem in stems for mending in CYRILLIC_MENDINGS)
    read = [found for spelling in spellings if (found := _segmented(spelling, cyrillic_spellings()))]
    # An ending that was read as a syllable makes one too many.
    fewest = min(map(len, read), default=0)
    return [list(each) for each in dict.fromkeys(tuple(found) for found in read if len(found) == fewest)]


def _segmented(word: str, known: Mapping[str, str]) -> list[str]:
    """Return the syllables that make up a word, the fewest and then the longest first ones; none if none do."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(word) + 1):
        chosen: list[str] | None = None
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            before, syllable = best[start], known.get(word[start:end])
            if before is not None and syllable is not None and (chosen is None or len(before) + 1 <= len(chosen)):
                chosen = [*before, syllable]
        best.append(chosen)
    return best[-1] or []


@cache
def _latin_syllables() -> Mapping[str, str]:
    readings = {without_diacritics(reading) for line in PINYIN_DICT.values() for reading in line.split(",")}
    return {reading: reading for reading in readings if len(reading) > 1 or reading in "aeo"}


def without_diacritics(word: str) -> str:
    """Return a word without tone marks and other diacritics."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
