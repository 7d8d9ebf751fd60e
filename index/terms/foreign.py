"""Words of questions in other languages than Chinese, and what they may be in Chinese and English.

Names come from the CLDR, words of any kind from dictionaries that a user has installed, and Korean and Vietnamese words
that came from Chinese are told by their sound. English has a dictionary inside, which this does not look into.
"""

import re
from collections.abc import Iterator

from index.terms.installed import dictionaries
from index.terms.names import names
from index.terms.readings import words_read
from index.terms.snowball import stems

LONGEST_PHRASE = 5  # words; Vietnamese writes each syllable apart
HAN = re.compile("[\u3400-\u9fff]{2,}")


def translations(text: str, language: str) -> Iterator[frozenset[str]]:
    """Yield what each word or phrase of a question may be in Chinese, as `words` does.

    Raises:
        StoreDamaged: if an installed dictionary is no longer one.
    """
    for found in words(text, language):
        if chinese := frozenset(filter(HAN.fullmatch, found)):
            yield chinese


def words(text: str, language: str) -> Iterator[frozenset[str]]:
    """Yield what each word or phrase may be in Chinese and English: longest phrases first, then words by their sound.

    Raises:
        StoreDamaged: if an installed dictionary is no longer one.
    """
    known, stemmed = names(language), stems(text, language)
    lookups = [lambda phrase: known.get(phrase, frozenset()), *(each.translations for each in dictionaries(language))]
    covered = [False] * len(stemmed)
    for length in range(LONGEST_PHRASE, 0, -1):
        for start in range(len(stemmed) - length + 1):
            places = slice(start, start + length)
            phrase = " ".join(stemmed[places])
            if not any(covered[places]) and (found := frozenset().union(*(find(phrase) for find in lookups))):
                yield found
                covered[places] = [True] * length
    yield from words_read(text, language)
