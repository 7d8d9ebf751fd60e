"""Phrases that a question quotes, to be found word for word."""

import re

from index.terms.terms import folded

# What opens a quotation, and what may close it. Apostrophes and feet open none.
QUOTED = re.compile(r'(?<![A-Za-z0-9])["“„»«]([^"“”„«»]{2,200})["“”«»]|「([^「」]{2,200})」|『([^『』]{2,200})』')
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
FEWEST = 2  # words, or characters of Chinese and Japanese; a single word is quoted for its tone as often
MOST_QUOTED = 8  # each is looked up by itself


def quoted(question: str) -> list[str]:
    """Return the phrases that a question quotes, as it writes them, each once, `MOST_QUOTED` at most."""
    found = dict.fromkeys(next(filter(None, match.groups())) for match in QUOTED.finditer(question))
    return [phrase for phrase in found if len(WORD.findall(phrase)) >= FEWEST][:MOST_QUOTED]


def holds(text: str, phrase: str) -> bool:
    """Return whether a text has the words of a phrase in a row, in whatever case, script or punctuation."""
    return words(phrase) in words(text)


def words(text: str) -> str:
    """Return the words of a text as they are compared, so that those of a phrase in it stand in those of the text."""
    return f" {' '.join(WORD.findall(folded(text)))} "
