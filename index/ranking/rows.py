"""What is asked of tables: the row of a name before others, Oban before Oban North, and totals that none of them says.

The passages of a table are much alike to any model: they have the same columns, and rows are called alike. So where the
best passage is of a table and the question names none of its rows, it gives way to one of the same table that has a
row of that name. Nothing changes among passages of different tables, or of texts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from corpus.passage import Passage, Span
from corpus.splitting.search_text import TABLE_RULE
from corpus.store.feature_reader import FeatureReader
from index.ranking.signals import Candidate
from index.terms.phrases import words
from index.terms.terms import number_terms

# How a question asks for all rows at once, and how a row says what they come to. One that is in other words is answered
# as any other is. Words that say other things as well count where a number is asked for: in all ports, больше всего.
FOR_ALL = re.compile(
    r"一共|总共|總共|(?<!公)共有[多几幾]|共计|共計|总数|總數"
    r"|\b(?:in total|altogether|total number|insgesamt|au total|en total|en tout(?! cas))\b"
    r"|\bhow m(?:any|uch)\b.*\bin all\b|\bсколько\b.*\bвсего\b|\bвсего\b.*\bсколько\b",
    re.IGNORECASE,
)
OF_ALL = re.compile(
    r"[合总總共小][计計]|总数|總數|\b(?:sub)?totals?\b|\bsums?\b|gesamt|summe|итого|всего", re.IGNORECASE
)
CELL_END = re.compile(r"(?<!\\)\|")
BEFORE = 1e-6  # what the score of a passage is higher than that of the one it comes before


def with_named_row(reader: FeatureReader, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates, that with the row that the question names before the best, if both are of one table.

    Args:
        reader: where the passages are.
        question: what is asked.
        candidates: in any order; one at least.
    """
    best = max(candidates, key=attrgetter("score"))
    (found,) = reader.passages([best.key]).values()
    if not any(_rows(found)):
        return list(candidates)
    passages = reader.passages([each.key for each in candidates])
    table = _table(found)
    asked = words(question)
    named = {key: _named(passage, asked) for key, passage in passages.items() if _table(passage) == table}
    most = max(named.values())
    if named[best.key] == most:
        return list(candidates)
    first = max((each for each in candidates if named.get(each.key) == most), key=attrgetter("score"))
    lifted = replace(first, score=best.score + BEFORE, named=True)
    return [lifted if each is first else each for each in candidates]


def lacks_total(question: str, passage: Passage, answer: Span | None, same_language: bool) -> bool:
    """Return whether a question asks what all rows of a table come to, and what answers best says nothing of it.

    That is a row that the question does not name, or a sentence beside the rows that has no number; neither where it
    speaks of a total itself.

    Args:
        question: what is asked.
        passage: the best.
        answer: what of it answers best.
        same_language: as the question is in; else it may name the row in other words.
    """
    if answer is None or not FOR_ALL.search(question) or not any(_rows(passage)):
        return False
    said = passage.quote[answer.start - passage.start : answer.end - passage.start]
    if OF_ALL.search(said):
        return False
    if not said.startswith("|"):
        return not number_terms(said)
    return same_language and not _named(passage, words(question))


def rows_named(question: str, passage: Passage, best: int) -> frozenset[int]:
    """Return which sentences of a passage are rows of the name that a question holds; none if the best is prose on it.

    Args:
        question: what is asked.
        passage: its sentences are looked at.
        best: which of them is the nearest.
    """
    texts = [passage.quote[span.start - passage.start : span.end - passage.start] for span in passage.sentences]
    names = {place: _name(text) for place, text in enumerate(texts) if text.startswith("|")}
    asked = words(question) if names else ""
    named = max((name for name in names.values() if name and words(name) in asked), key=len, default="")
    if not named or (not _name(texts[best]) and words(named) in words(texts[best])):
        return frozenset()
    return frozenset(place for place, name in names.items() if name == named)


def _named(passage: Passage, asked: str) -> int:
    """Return how long the longest name of a row is that the words of a question hold; 0 where they hold none."""
    return max((len(name) for name in _rows(passage) if words(name) in asked), default=0)


def _rows(passage: Passage) -> Iterator[str]:
    """Yield what the rows of a passage are called: by their first cell with a letter."""
    lines = passage.quote.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("|") and not TABLE_RULE.fullmatch(line) and not TABLE_RULE.fullmatch(below):
            if name := _name(line):
                yield name


def _name(line: str) -> str:
    if not line.startswith("|"):
        return ""
    cells = (cell.strip() for cell in CELL_END.split(line))
    return next((cell for cell in cells if any(map(str.isalpha, cell))), "")


def _table(passage: Passage) -> tuple[str, int]:
    """Return of which table the rows of a passage are: in which document and below which names of columns."""
    if passage.table_header is not None:
        return passage.document_id, passage.table_header.start
    rule = TABLE_RULE.search(passage.quote)
    head = passage.quote.rfind("\n", 0, max(rule.start() - 1, 0)) + 1 if rule else -1
    return passage.document_id, passage.start + head if rule else -1
