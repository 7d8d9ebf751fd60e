"""Words of questions in other languages than Chinese, and what they may be in Chinese and English.

Names come from the CLDR, words of any kind from dictionaries that a user has installed, and Korean and Vietnamese words
that came from Chinese are told by their sound. English has a dictionary inside, which this does not look into.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from index.terms.cldr import names
from index.terms.installed import dictionaries
from index.terms.pinyin import without_diacritics
from index.terms.readings import words_read
from index.terms.small_words import small_words
from index.terms.snowball import stems

LONGEST_PHRASE = 5  # words; Vietnamese writes each syllable apart
HAN = re.compile("[\u3400-\u9fff]{2,}")


def translations(text: str, language: str) -> Iterator[Mapping[str, float]]:
    """Yield what each word or phrase of a question may be in Chinese, as `words` does.

    Raises:
        StoreDamaged: if an installed dictionary is no longer one.
    """
    for found in words(text, language):
        if chinese := {word: share for word, share in found.items() if HAN.fullmatch(word)}:
            yield chinese


def words(text: str, language: str) -> Iterator[Mapping[str, float]]:
    """Yield what each word or phrase may be in Chinese and English, and how much of it that is, at most 1.

    Longest phrases come first, and words by their sound last.

    Raises:
        StoreDamaged: if an installed dictionary is no longer one.
    """
    stemmed = stems(text, language)
    covered = [False] * len(stemmed)
    for length in range(LONGEST_PHRASE, 0, -1):
        for start in range(len(stemmed) - length + 1):
            places = slice(start, start + length)
            if not any(covered[places]) and (found := _found(" ".join(stemmed[places]), language)):
                yield found
                covered[places] = [True] * length
    for read in words_read(text, language):
        yield dict.fromkeys(read, 1.0)


def _found(phrase: str, language: str) -> Mapping[str, float]:
    """Return all that a phrase in stems is called, in names and dictionaries, each with its largest share."""
    found = dict.fromkeys(names(language).get(phrase, ()), 1.0)
    asked = () if without_diacritics(phrase) in _small_stems(language) else dictionaries(language)
    for dictionary in asked:
        for word, share in dictionary.translations(phrase):
            found[word] = max(share, found.get(word, 0.0))
    return found


@cache
def _small_stems(language: str) -> frozenset[str]:
    """Return the stems of what a language asks with, which dictionaries need not translate."""
    return frozenset(map(without_diacritics, stems(" ".join(small_words(language)), language)))
