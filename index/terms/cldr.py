"""Names of countries, cities and languages in many languages, and what these are in Chinese and English, by the CLDR.

The Common Locale Data Repository of Unicode comes with the package `babel`. Its cities are those that stand for a time
zone, among them most capitals.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from index.terms.snowball import phrase_of

CHINESE, ENGLISH = "zh", "en"
HAN = re.compile("[\u4e00-\u9fff]{2,}")
ASIDE = re.compile(r"\s*[（(].*?[)）]")


def names(language: str) -> Mapping[str, frozenset[str]]:
    """Return what the names of a language are in Chinese and English, by their stems with spaces between.

    Of English they are given in Chinese alone, and of Chinese, whose words have no spaces between, not at all.
    """
    return {} if language in (CHINESE, "und") else _names(language)


@cache
def _names(language: str) -> Mapping[str, frozenset[str]]:
    meant = _meant()
    found: dict[str, frozenset[str]] = {}
    for what, name in _entries(language):
        if phrase := phrase_of(name, language):
            wanted = filter(HAN.fullmatch, meant.get(what, ())) if language == ENGLISH else meant.get(what, ())
            found[phrase] = found.get(phrase, frozenset()).union(wanted)
    return {phrase: words for phrase, words in found.items() if words}


@cache
def _meant() -> Mapping[str, frozenset[str]]:
    """Return what each thing that has a name is called in Chinese and English.

    Other languages have one word for a language and for what is of its country, as French; Chinese has 法语 and 法国.
    """
    chinese = {what: name for what, name in _entries(CHINESE) if HAN.fullmatch(name)}
    found = {what: frozenset([name, chinese.get(what, name)]) for what, name in _entries(ENGLISH)}
    for tag, likeliest in get_global("likely_subtags").items():
        spoken, country = f"language {tag}", f"territory {likeliest.rpartition('_')[2]}"
        if chinese.get(spoken, "-")[0] == chinese.get(country, "")[:1]:
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
    for zone in map(str, Locale(CHINESE).time_zones):  # all that are of cities; many languages call them as their zones
        city = locale.time_zones.get(zone, {}).get("city")
        yield f"city {zone}", city or zone.rpartition("/")[2].replace("_", " ")
