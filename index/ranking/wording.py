"""What counts of a text when it is compared with another: its words, without what a paper sets around them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from opencc import OpenCC

from corpus.splitting.layout import reading_text
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import sentence_bounds
from corpus.splitting.years import with_years
from corpus.store.stored import Key
from corpus.store.truth import FeatureReader
from index.ranking.small_words import AGENCIES, CREDITS, DATELINES, HEARSAY, NOTICES, REPORTER, SPELLINGS

# A letter of a script with spaces, or a mark without which such a script cannot be read; no digit, no ideograph.
IDEOGRAPH = "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
LETTER = rf"(?:(?!{IDEOGRAPH})[^\W\d_]|[\u0300-\u036f\u0900-\u109f\u1780-\u17ff])"
TOKEN = re.compile(
    rf"""{IDEOGRAPH}
    |\d{{1,3}}(?:[ ,']\d{{3}})+(?!\d)(?:\.\d+)?       # a number in groups of three
    |\d+(?:[.,:/]\d+)*                              # a number, decimals, a time, a fraction
    |[ldLD]'(?={LETTER})                             # what French leaves of an article
    |{LETTER}+(?:['-]{LETTER}+)*
    |(?:(?<!\w)|(?<={IDEOGRAPH}))-(?=\d)             # a minus, which a dash between words is not
    |[<>≤≥=≠≈+±×÷%‰°√∞✓✔✗✘☐☑☒❌✅$€£¥₩₽₹]""",
    re.VERBOSE,
)
UNSPACED = re.compile(IDEOGRAPH)
ARTICLE = re.compile(
    r"(?:^|(?<=[.!?;] )|(?<=[“\"]))A(?= [a-z])"
)  # which begins a sentence, unlike the letter of Class A
MARKS = str.maketrans("’−", "'-")
UNWRITTEN = re.compile("[\u064b-\u065f\u0670\u0640\u0591-\u05c7\u00ad\u200b-\u200f]")  # vowels of Arabic and Hebrew
GROUPED = re.compile(r"(?<=\d)[ ,'](?=\d{3}(?!\d))")
SPELLING = re.compile("|".join(sorted(SPELLINGS, key=len, reverse=True)))


Words = tuple[str, ...]
Synonym = tuple[Words, Words]
"""A word and another that a document was given for it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What counts of a passage when it is compared.

    Attributes:
        head: the words of its headings.
        body: the words below them.
        dateline: where and when it says that it was written; empty where it does not.
        notice: what it says at its ends of the paper itself; empty where it does not.
        years: those that "last year" and the like come to; empty where there are none, or no date to tell them by.
        synonyms: words of its own with those that the document was given for them.
    """

    head: Words
    body: Words
    dateline: Words
    notice: Words
    years: Words
    synonyms: frozenset[Synonym]


def read_wordings(reader: FeatureReader, keys: Sequence[Key]) -> dict[Key, Wording]:
    """Return what counts of some stored passages."""
    passages, dates, synonyms = reader.passages(keys), reader.dates(keys), reader.synonyms(keys)
    found = {}
    for key, passage in passages.items():
        start = passage.sentences[0].start - passage.start if passage.sentences else 0
        text = reading_text(passage.quote[start:]) if start else passage.text
        found[key] = wording_of(text, passage.quote[:start], dates[key][1], tuple(synonyms[key].items()))
    return found


@lru_cache(maxsize=1024)
def wording_of(
    text: str, head: str = "", published: str | None = None, synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
) -> Wording:
    """Return what counts of a passage.

    Args:
        text: what it says below its headings.
        head: its headings.
        published: the date of its document.
        synonyms: words of its document, each with the others that were given for it.
    """
    searched = _written(text)
    years = Counter(_tokens(with_years(searched, published))) - Counter(_tokens(searched))
    body, notice = _without_notices(searched)
    dateline, body = _without_dateline(body)
    listed = frozenset(
        (_tokens(_written(word)), _tokens(_written(other))) for word, others in synonyms for other in others
    )
    return Wording(
        head=_tokens(_written(head)),
        body=_tokens(body),
        dateline=_tokens(dateline),
        notice=_tokens(notice),
        years=tuple(sorted(years.elements())),
        synonyms=listed,
    )


def _without_notices(text: str) -> tuple[str, str]:
    """Return a text without the sentences at its ends that speak of the paper, and those, but for plain credits."""
    bounds = list(sentence_bounds(text)) if NOTICES.search(text) or CREDITS.search(text) else []
    own = [
        (start, end)
        for start, end in bounds
        if not (NOTICES.search(text, start, end) or CREDITS.search(text, start, end))
    ]
    if not own:
        return text, ""
    start, end = own[0][0], own[-1][1]
    notices = [text[at:to] for at, to in bounds if (to <= start or at >= end) and not CREDITS.search(text, at, to)]
    return text[start:end], " ".join(notices)


def _without_dateline(text: str) -> tuple[str, str]:
    """Return what a text says of where and when it was written, and what it says after that."""
    text = REPORTER.sub("", text)
    match = next(filter(None, (dateline.match(text) for dateline in DATELINES)), None)
    if match is None:
        return "", HEARSAY.sub("", text)
    return AGENCIES.sub("", match[0]), HEARSAY.sub("", REPORTER.sub("", text[match.end() :]))


def _written(text: str) -> str:
    """Return a text in its searched form, simplified, and words of two spellings in one."""
    plain = UNWRITTEN.sub("", normalise(text)).translate(MARKS).translate(simplified())
    return SPELLING.sub(lambda match: SPELLINGS[match[0]], plain)


def _tokens(text: str) -> Words:
    return tuple([word if len(word) == 1 else _token(word) for word in TOKEN.findall(ARTICLE.sub("a", text))])


def _token(word: str) -> str:
    """Return a word or number of several characters in one form; the letter of Class A stays a capital."""
    if word[0].isdigit():
        return GROUPED.sub("", word)
    return word.lower()  # unlike casefold, which has one form for Maßen and Massen


@cache
def simplified() -> Mapping[int, int]:
    """Return the simplified form of each Chinese character that has one."""
    characters = "".join(map(chr, range(0x3400, 0xA000)))
    plain = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(one): ord(other) for one, other in zip(characters, plain, strict=True) if one != other}
