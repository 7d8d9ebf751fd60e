"""What counts of a text when it is compared with another: its words, without what a paper sets around them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.splitting.layout import reading_text
from corpus.splitting.sentences import sentence_bounds
from corpus.splitting.years import with_years
from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.ranking.small_words import AGENCIES, CREDITS, DATELINES, HEARSAY, NOTICES, REPORTER
from index.ranking.tokens import Words, tokens, written

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


@lru_cache(maxsize=128)
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
    searched = written(text)
    dated = with_years(searched, published)
    years = Counter(tokens(dated)) - Counter(tokens(searched)) if dated != searched else Counter[str]()
    body, notice = _without_notices(searched)
    dateline, body = _without_dateline(body)
    listed = frozenset((tokens(written(word)), tokens(written(other))) for word, others in synonyms for other in others)
    return Wording(
        head=tokens(written(head)),
        body=tokens(body),
        dateline=tokens(dateline),
        notice=tokens(notice),
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
