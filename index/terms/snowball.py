"""Words as dictionaries and lists of names have them: without case, vowel signs, and the endings of their language.

Endings are taken off by the stemmers of Snowball (Porter, 2001), and those of Korean, which it has none for, by a list
of particles. The same is done to what is looked for and to what is looked in, so stems need not be words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from snowballstemmer import stemmer

ALGORITHMS = {
    "ar": "arabic", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fa": "persian", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "it": "italian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
SIGNS = "\u0591-\u05c7\u0640\u064b-\u0652"  # vowels of Hebrew and Arabic, which most texts leave out
WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{SIGNS}])*")
# Japanese has no spaces, but writes what it takes from other languages in katakana.
KATAKANA = re.compile("[ァ-ヺー]+")
# What stands after may be left out, as of アメリカ合衆国; without what is between, アメリカ領サモア is another thing.
WHOLE = re.compile(rf"(?:{KATAKANA.pattern}[・＝ ]?)+[一-鿿]{{0,3}}")
VOWEL_SIGNS = re.compile(f"[{SIGNS}]+")
PARTICLE = re.compile("(?<=..)(?:에서|으로|에게|까지|부터|의|은|는|이|가|을|를|에|와|과|도|로|만)+$")
LONGEST_WORD = 60  # letters; what is longer is no word, and stemmers take their time with it
REMEMBERED = 1 << 15  # words whose stems are remembered: questions share most of theirs


def stems(text: str, language: str) -> list[str]:
    """Return the words of a text in their order, each as its stem; the whole words of languages without a stemmer."""
    return _stemmed([match[0] for match in words_of(unicodedata.normalize("NFKC", text), language)], language)


def placed_stems(text: str, language: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the stems of a text that is in NFKC, and where the word of each begins and ends."""
    matches = list(words_of(text, language))
    return _stemmed([match[0] for match in matches], language), [match.span() for match in matches]


def words_of(text: str, language: str) -> Iterator[re.Match[str]]:
    """Return the words of a text, of Japanese those in katakana."""
    return (KATAKANA if language == "ja" else WORD).finditer(text)


def _stemmed(words: Sequence[str], language: str) -> list[str]:
    return [_stem(VOWEL_SIGNS.sub("", word).casefold()[:LONGEST_WORD], language) for word in words]


@lru_cache(REMEMBERED)
def _stem(word: str, language: str) -> str:
    if language == "ko":
        return PARTICLE.sub("", word)
    if language in ALGORITHMS:
        # A stemmer holds the word it works on, so that threads cannot share one; it is made in a microsecond.
        return str(stemmer(ALGORITHMS[language]).stemWord(word))
    return word


def phrase_of(name: str, language: str) -> str:
    """Return the stems of a name or headword with spaces between; nothing if they would not be all of it."""
    return "" if language == "ja" and not WHOLE.fullmatch(name) else " ".join(stems(name, language))
