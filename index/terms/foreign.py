"""Words of questions in any language but Chinese, and what they may be in Chinese and English.

Names come from the CLDR, words of any kind from dictionaries that a user has installed, and Korean and Vietnamese words
that came from Chinese are told by their sound. English has a dictionary inside.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

from corpus.language import LATIN
from index.terms import dictionary
from index.terms.cldr import names
from index.terms.dictionary import Translation
from index.terms.installed import Dictionary, dictionaries
from index.terms.pinyin import without_diacritics
from index.terms.readings import words_read
from index.terms.small_words import small_words
from index.terms.snowball import placed_stems, stems

LONGEST_PHRASE = 5  # words; Vietnamese writes each syllable apart
REMEMBERED = 64  # a question is asked about twice while it is answered


def translations(question: str, language: str) -> Sequence[Translation]:
    """Return what each word or phrase of a question may be in Chinese or English, by all that knows any.

    Those in any language of the Latin script are looked up as English ones, too, and first: names and loanwords find
    more than false friends lose.

    Args:
        question: in NFKC.
        language: its language, by its ISO 639 code.

    Raises:
        StoreDamaged: if an installed dictionary is no longer one.
    """
    return _translations(question, language, tuple(dictionaries(language)))


@lru_cache(REMEMBERED)
def _translations(question: str, language: str, asked: tuple[Dictionary, ...]) -> Sequence[Translation]:
    """Return the same, by what is known of words and some dictionaries that are installed."""
    found = list(dictionary.translations(question, language)) if language in (*LATIN, "und") else []
    for each in words(question, language, asked):
        if not any(each.shares.keys() <= known.shares.keys() for known in found):  # two ways to one thing count once
            found.append(each)
    return found


def words(question: str, language: str, asked: Sequence[Dictionary]) -> Iterator[Translation]:
    """Yield what each word or phrase may be by names, dictionaries that are installed and sounds.

    Longest phrases come first, and words by their sound last. Arguments and errors are those of `translations`.
    """
    opening = _openings(language)
    stemmed, places = placed_stems(question, language) if asked or opening else ([], [])
    covered = [False] * len(stemmed)
    starts = [start for start, stem in enumerate(stemmed) if asked or stem in opening]
    for length in range(LONGEST_PHRASE, 0, -1):
        for start in (each for each in starts if each + length <= len(stemmed)):
            phrase = slice(start, start + length)
            if not any(covered[phrase]) and (found := _found(" ".join(stemmed[phrase]), language, asked)):
                yield Translation(places[start][0], places[start + length - 1][1], found)
                covered[phrase] = [True] * length
    yield from words_read(question, language)


def _found(phrase: str, language: str, asked: Sequence[Dictionary]) -> Mapping[str, float]:
    """Return all that a phrase in stems is called, in names and dictionaries, each with its largest share."""
    found = dict.fromkeys(names(language).get(phrase, ()), 1.0)
    if asked and without_diacritics(phrase) not in _small_stems(language):
        for word, share in chain.from_iterable(each.translations(phrase) for each in asked):
            found[word] = max(share, found.get(word, 0.0))
    return found


@cache
def _openings(language: str) -> frozenset[str]:
    """Return the first stems of the names of a language."""
    return frozenset(name.partition(" ")[0] for name in names(language))


@cache
def _small_stems(language: str) -> frozenset[str]:
    """Return the stems of what a language asks with, which dictionaries need not translate."""
    return frozenset(map(without_diacritics, stems(" ".join(small_words(language)), language)))
