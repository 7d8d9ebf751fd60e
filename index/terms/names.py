"""Names of countries, cities and languages in many languages, and what they are called in Chinese, by the CLDR.

The Common Locale Data Repository of Unicode comes with the package `babel`. Its cities are those that stand for a time
zone, among them most capitals.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from index.terms.stems import phrase_of

CHINESE = "zh"
HAN = re.compile("[\u4e00-\u9fff]{2,}")
ASIDE = re.compile(r"\s*[（(].*?[)）]")


def names(language: str) -> Mapping[str, frozenset[str]]:
    """Return what the names of a language are in Chinese, by their stems with spaces between; nothing of Chinese."""
    return {} if language == CHINESE else _names(language)


@cache
def _names(language: str) -> Mapping[str, frozenset[str]]:
    chinese = _in_chinese()
    found: dict[str, frozenset[str]] = {}
    for what, name in _entries(language):
        if what in chinese and (phrase := phrase_of(name, language)):
            found[phrase] = found.get(phrase, frozenset()) | chinese[what]
    return found


@cache
def _in_chinese() -> Mapping[str, frozenset[str]]:
    """Return what each thing that has a name is called in Chinese.

    Other languages have one word for a language and for what is of its country, as French; Chinese has 法语 and 法国.
    """
    names_of = {what: name for what, name in _entries(CHINESE) if HAN.fullmatch(name)}
    found = {what: frozenset([name]) for what, name in names_of.items()}
    for tag, likeliest in get_global("likely_subtags").items():
        spoken, country = f"language {tag}", f"territory {likeliest.rpartition('_')[2]}"
        if names_of.get(spoken, "-")[0] == names_of.get(country, "")[:1]:
            found[spoken] |= found[country]
    return found


def _entries(language: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a language has, each with what it names."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    for kind, of_kind in (("territory", locale.territories), ("language", locale.languages)):
        yield from ((f"{kind} {code}", ASIDE.sub("", name)) for code, name in of_kind.items())
    for zone, about in locale.time_zones.items():
        if "city" in about:
            yield f"city {zone}", about["city"]
