"""Phrases that a question quotes, to be found word for word."""

import re
from collections.abc import Iterator

from index.terms.terms import folded

# What opens a quotation, and what may close it. Apostrophes and feet open none.
QUOTED = re.compile(r'(?<![A-Za-z0-9])["“„»«]([^"“”„«»]{2,200})["“”«»]|「([^「」]{2,200})」|『([^『』]{2,200})』')
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
FEWEST = 2  # words, or characters of Chinese and Japanese; a single word is quoted for its tone as often


def quoted(question: str) -> Iterator[str]:
    """Yield the phrases that a question quotes, as it writes them."""
    for match in QUOTED.finditer(question):
        phrase = next(filter(None, match.groups()))
        if len(WORD.findall(phrase)) >= FEWEST:
            yield phrase


def holds(text: str, phrase: str) -> bool:
    """Return whether a text has the words of a phrase in a row, in whatever case, script or punctuation."""
    return f" {_words(phrase)} " in f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join(WORD.findall(folded(text)))
