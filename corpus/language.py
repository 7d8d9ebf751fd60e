"""Which language a text is in: by its script, and for the Latin script by its commonest small words.

A best effort for a label, not for linguistics: a library would bring a pickled model of all languages for what
answers show beside a question. Nothing is ranked by it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

# Scripts that decide a language alone, in the order of decision: kana before Han, for Japanese uses both.
SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
# Half the letters of a Japanese headline may be Han; a Chinese text has no kana beyond a name.
KANA_SHARE = 0.1

SMALL_WORDS = {
    "en": "the of and to in is how many what which who when where why did does was were are for from with on by",
    "fr": "le la les des du de et en est que qui dans pour combien quel quelle où sur une un au aux d l",
    "de": "der die das und in ist wie viele welche wer wann wo warum den von zu mit für auf ein eine dem des",
    "es": "el la los las de y en es que cuántos cuántas cuál quién cuándo dónde por para con una un del al",
    "pt": "o a os as de e em é que quantos quantas qual quem quando onde por para com uma um do da dos das no na",
    "it": "il la i gli le di e in è che quanti quante quale chi quando dove per con una un del della dei nel",
    "nl": "de het een en in is hoeveel welke wie wanneer waar waarom van voor met op te zijn werd",
    "vi": "bao nhiêu là của và có được cho những các trong năm người đã nào gì ở từ không một",
    "id": "yang dan di ke dari berapa apa siapa kapan mana untuk dengan adalah pada ini itu",
    "tr": "ve bir bu kaç ne kim hangi nerede için ile olan olarak da de mi",
    "pl": "i w na z do jest ile jaki która kto kiedy gdzie dla od się nie",
}
WORD = re.compile(r"[^\W\d_]+")
# A sample is enough, and keeps a long document cheap.
SAMPLE = 5_000


@cache
def languages_of_word() -> Mapping[str, frozenset[str]]:
    """Return which languages each small word votes for."""
    words = {word for small in SMALL_WORDS.values() for word in small.split()}
    return {word: frozenset(k for k, small in SMALL_WORDS.items() if word in small.split()) for word in words}


def detect_language(text: str) -> str:
    """Return the ISO 639 code of the language of `text`, `und` where nothing tells."""
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return "und"
    counts = {language: len(pattern.findall(sample)) for language, pattern in SCRIPTS}
    if counts["ja"] >= KANA_SHARE * letters:
        return "ja"
    best = max(("ko", "zh", "ru", "ar", "th", "el", "he", "hi"), key=counts.__getitem__)
    if counts[best] * 4 >= letters:  # a foreign name in a Chinese question is still a Chinese question
        return best
    return _latin_language(sample)


def _latin_language(text: str) -> str:
    votes = Counter[str]()
    for word in WORD.findall(text.lower()):
        for language in languages_of_word().get(word, ()):
            votes[language] += 1
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return "und"
    return ranked[0][0]
