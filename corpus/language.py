"""Which language a text is in: by its script where that decides alone, else by py3langid among those written in it.

The library is a naive Bayes classifier over sequences of bytes (Lui and Baldwin, 2012), whose model is loaded when the
first text needs it. It chooses among the common languages of a script only: among all of its 130, short questions are
told as rare neighbours of their language.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

KANA = re.compile("[\u3041-\u30ff]")
KANA_SHARE = 0.1  # of the letters; half of a Japanese headline may be Han, and a Chinese text has kana in names only
SCRIPT_SHARE = 0.25  # of the letters; a foreign name in a Chinese question is still a Chinese question

# The languages that are told in each script, the commonest first.
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]"), ("zh",)
SCRIPTS = (
    HAN,
    (re.compile("[\uac00-\ud7af\u1100-\u11ff]"), ("ko",)),
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk")),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa")),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
    (re.compile("[\u0370-\u03ff]"), ("el",)),
    (re.compile("[\u0590-\u05ff]"), ("he",)),
    (re.compile("[\u0900-\u097f]"), ("hi",)),
)
LATIN = tuple("en fr de es pt it nl sv da no fi pl cs hu ro tr vi id".split())
NOT_LATIN = re.compile("[\u0370-\u1dff\u2c00-\U0010ffff]+")

# By how much a language must be likelier, in natural logarithms: than the commonest one of its script, for a word or
# two say little and most are in that; and than any other in a few words, which often are a name.
COMMONEST = 3.0
DOUBT, FEW_WORDS = 0.5, 3
SAMPLE = 5_000  # characters; enough, and keeps a long document cheap
REMEMBERED = 64  # a question is asked about several times while it is answered


def detect_language(text: str) -> str:
    """Return the ISO 639 code of the language of `text`, `und` where nothing tells.

    It is shown beside a question and kept with a document, which can be filtered by it. It also decides

    - the confidence of an answer: whether a score is one within a language or across (`index.ranking.confidence`),
      and with it whether the answer counts as one; never the order of passages;
    - whether words are looked up in the English dictionary: those of questions in Latin script and of `und`
      (`index.terms.terms`), which ranks passages. Which language in that script it is makes no difference;
    - how the reports of `eval` group questions, whose files often do not name their language.
    """
    return _language_of(text[:SAMPLE])


@lru_cache(REMEMBERED)
def _language_of(sample: str) -> str:
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return "und"
    if sample.isascii():
        return _likeliest(sample, LATIN)
    if len(KANA.findall(sample)) >= KANA_SHARE * letters:
        return "ja"
    han, (chinese,) = HAN
    if 2 * len(han.findall(sample)) > len(sample):  # so that no other script has more
        return chinese
    count, languages = max((len(script.findall(sample)), languages) for script, languages in SCRIPTS)
    if count < SCRIPT_SHARE * letters:
        return _likeliest(NOT_LATIN.sub(" ", sample), LATIN)
    return languages[0] if len(languages) == 1 else _likeliest(sample, languages)


def _likeliest(text: str, languages: tuple[str, ...]) -> str:
    """Return the likeliest of some languages, the first of which is the commonest."""
    # The model knows the first and the last word by the spaces beside them.
    scores = dict(_identifier().rank(f" {text} "))
    scores[languages[0]] += COMMONEST
    best, second = sorted(languages, key=scores.__getitem__, reverse=True)[:2]
    doubt = DOUBT if len(text.split()) <= FEW_WORDS else 0.0
    return best if scores[best] > scores[second] + doubt else "und"


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages({*LATIN, *(each for _, languages in SCRIPTS for each in languages)})
    return identifier
