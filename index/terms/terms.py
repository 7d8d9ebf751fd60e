"""What the lexical index counts: characters and pairs of them, their sound, words, and numbers in one form.

Chinese needs no dictionary for this: pairs of characters find words, and single ones help where a word is split.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain

from opencc import OpenCC

from corpus.language import detect_language
from corpus.numerals import numbers_in_words
from corpus.splitting.search_text import MISUSED_DECIMAL
from index.terms.asked import Exact, asked_terms
from index.terms.dates import days
from index.terms.foreign import translations
from index.terms.identifiers import NAMED, exact_terms
from index.terms.names import IDEOGRAPHS, asked_names, names
from index.terms.pinyin import neighbours, pair_sound, spelled_pairs, without_diacritics
from index.terms.simplified import simplified
from index.terms.small_words import without_small_words

TERMS_VERSION = 11

HAN = re.compile(f"[{IDEOGRAPHS}]+")
WORD = re.compile(r"[^\W\d_]+")
# What numbers are written with, by how many zeros that is worth: in Chinese, and in languages with spaces.
HAN_SCALES = {"万亿": 12, "千万": 7, "百万": 6, "亿": 8, "万": 4, "千": 3}
WORD_SCALES = {
    **dict.fromkeys(("thousand", "tausend", "mille", "mil", "тыс", "тысяч", "nghìn", "ألف"), 3),
    **dict.fromkeys(("million", "millionen", "millions", "millones", "mio", "млн", "миллионов", "triệu", "مليون"), 6),
    **dict.fromkeys(("billion", "milliarden", "milliards", "mrd", "млрд", "миллиардов", "tỷ", "مليار"), 9),
}
SCALES = HAN_SCALES | WORD_SCALES
NUMBER = re.compile(
    rf"(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?\s*"
    rf"((?:{'|'.join(HAN_SCALES)})(?![米克瓦卡])|(?:{'|'.join(WORD_SCALES)})(?!\w))?"
)
SHORTEST_SCALED = 1000  # smaller numbers are not written with a scale

# What each kind of term is marked with, so that no two kinds meet by chance.
CHARACTER, PAIR, SOUND, LETTERS, VALUE, DAY = "c", "p", "s", "w", "n", "d"


def passage_terms(text: str, lines: str | None = None) -> Counter[str]:
    """Return the terms of a passage's search text, and how often each occurs.

    Args:
        text: the search text.
        lines: the same with a heading or sentence in each line, if it is known.
    """
    whole = _simplified(text)
    compared = whole.casefold()
    named = (NAMED + name for name in names(whole))
    words = _han_terms(compared), _letter_terms(HAN.sub(" ", compared)), _values(compared)
    return Counter(chain(*words, exact_terms(text if lines is None else lines), named, _days(text)))


def sounds_of(terms: Iterable[str]) -> dict[str, str]:
    """Return how each pair of Chinese characters among some terms sounds, as a term of questions."""
    return {term: SOUND + pair_sound(term[1:]) for term in terms if term.startswith(PAIR)}


def question_terms(text: str) -> Counter[str]:
    """Return the terms of a question: names in other scripts count by their sound, and small words not at all."""
    return _question_terms(text, _simplified(text), detect_language(text))


def _question_terms(text: str, compared: str, language: str) -> Counter[str]:
    whole = compared.casefold()
    terms = Counter(chain(_han_terms(whole), _values(whole), _days(text)))
    for stretch in without_small_words(HAN.sub(" ", unicodedata.normalize("NFKC", text)), language):
        terms.update(_letter_terms(stretch.casefold()))
        terms.update(SOUND + pair for pair in spelled_pairs(stretch))
    if language == "ja":
        # 広 counts as itself and as 广. Not in Chinese, where 芸 is no form of 艺 but a character of its own.
        terms |= Counter(_han_terms(folded(_japanese().convert(text))))
    return terms


# Words that stand for one, by the terms each consists of, with how much of it each is, at most 1.
Synonyms = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class LexicalQuestion:
    """What a question looks for: terms, and translations of its words.

    Attributes:
        terms: of what is written, each once.
        synonyms: of each word or phrase that has translations, the terms each of these consists of, and its share.
        exact: those of its terms that are found by themselves or not at all.
        names: terms of passages in a list of which a whole entry is what the question may name.
    """

    terms: Sequence[str]
    synonyms: Sequence[Synonyms]
    exact: Sequence[Exact] = ()
    names: Sequence[str] = ()


def read_question(text: str) -> LexicalQuestion:
    """Return what a question looks for by its words."""
    exact, compared, language = asked_terms(text), _simplified(text), detect_language(text)
    written = _question_terms(text, compared, language)
    terms = {*written, *(term for each in exact for term in (each.named, each.touched))}
    named = [NAMED + name for name in asked_names(compared)]
    return LexicalQuestion(sorted(terms), _synonyms(text, language), exact, named)


@lru_cache(maxsize=1 << 16)  # texts of one corpus share most of their terms
def digest_of(term: str) -> int:
    """Return the 64-bit digest of a term; two of a million terms share one with a chance of 1 in 40 million."""
    return int.from_bytes(digest_bytes(term), "little")


def digest_bytes(term: str) -> bytes:
    """Return the same digest as bytes, the lowest first; for terms of a question, as quick as to look them up."""
    return blake2b(term.encode(), digest_size=8).digest()


def sound_digest_of(sound: str) -> int:
    """Return the 32-bit digest of a sound, never 0; pairs of syllables are some hundred thousand at most."""
    return digest_of(sound) % (1 << 32) or 1


def number_terms(text: str) -> list[str]:
    """Return the numbers of a text as terms; the same numbers written otherwise give the same terms."""
    return list(_values(folded(text)))


def _synonyms(text: str, language: str) -> list[Synonyms]:
    """Return, for each word of a question, what it may be in Chinese or English, as the terms that it consists of."""
    found = translations(unicodedata.normalize("NFKC", text), language)
    return [{_parts(word): share for word, share in each.shares.items()} for each in found]


@lru_cache(maxsize=1 << 16)
def _parts(word: str) -> tuple[str, ...]:
    """Return the terms that a Chinese word or some English words consist of."""
    if HAN.fullmatch(word):
        return tuple(PAIR + pair for pair in neighbours(word)) or (CHARACTER + word,)
    return tuple(LETTERS + without_diacritics(part) for part in WORD.findall(word.casefold()))


def folded(text: str) -> str:
    """Return a text as it is compared: NFKC, simplified, without case, with its decimals repaired."""
    return _simplified(text).casefold()


def _simplified(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", MISUSED_DECIMAL.sub(".", text)))


def _han_terms(text: str) -> Iterator[str]:
    for match in HAN.finditer(text):
        yield from map(CHARACTER.__add__, match[0])
        yield from map(PAIR.__add__, neighbours(match[0]))


def _days(text: str) -> Iterator[str]:
    return (DAY + day for day in days(unicodedata.normalize("NFKC", text)))


def _letter_terms(text: str) -> Iterator[str]:
    for match in WORD.finditer(text):
        yield LETTERS + without_diacritics(match[0])


def _values(text: str) -> Iterator[str]:
    """Yield the numbers of a folded text, those in digits first."""
    for match in NUMBER.finditer(text):
        yield from _number_terms(match)
    yield from (VALUE + _plain(number) for number in numbers_in_words(text))


def _number_terms(match: re.Match[str]) -> Iterator[str]:
    """Yield a number as it is written, and with its scale worked out: 1.48万 is 1.48 and 14800."""
    written = Decimal(match[1].replace(",", "") + (match[2] or ""))
    yield VALUE + _plain(written)
    if match[3] and (value := written.scaleb(SCALES[match[3]])) >= SHORTEST_SCALED:
        yield VALUE + _plain(value)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _japanese() -> OpenCC:
    """Return what makes the forms of characters that Japan has simplified Traditional ones."""
    return OpenCC("jp2t")
