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
from index.terms.phrases import holds
from index.terms.terms import number_terms

# How a question asks for all rows at once, and how a row says what they come to. One that is in other words is answered
# as any other is.
FOR_ALL = re.compile(
    r"一共|总共|總共|共有|共计|共計|总数|總數"
    r"|\b(?:in (?:total|all)|altogether|total number|insgesamt|au total|en (?:total|tout)|всего)\b",
    re.IGNORECASE,
)
OF_ALL = re.compile(
    r"[合总總共小][计計]|总数|總數|\b(?:sub)?totals?\b|\bsums?\b|gesamt|summe|итого|всего", re.IGNORECASE
)
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
    named = {key: _named(passage, question) for key, passage in passages.items() if _table(passage) == table}
    most = max(named.values())
    if named[best.key] == most:
        return list(candidates)
    first = max((each for each in candidates if named.get(each.key) == most), key=attrgetter("score"))
    lifted = replace(first, score=best.score + BEFORE, named=True)
    return [lifted if each is first else each for each in candidates]


def lacks_total(question: str, passage: Passage, answer: Span | None, same_language: bool) -> bool:
    """Return whether a question asks what all rows of a table come to, and what answers best says nothing of it.

    That is one row, or a sentence beside them without a number.

    Args:
        question: what is asked.
        passage: the best.
        answer: what of it answers best.
        same_language: as the question is in; else it may name the row in other words.
    """
    if answer is None or not FOR_ALL.search(question) or not any(_rows(passage)):
        return False
    said = passage.quote[answer.start - passage.start : answer.end - passage.start]
    if not said.startswith("|"):
        return not number_terms(said)
    return same_language and not OF_ALL.search(said) and not _named(passage, question)


def rows_named(question: str, passage: Passage, best: int) -> frozenset[int]:
    """Return which sentences of a passage are rows of the name that a question holds; none if the best is prose on it.

    Args:
        question: what is asked.
        passage: its sentences are looked at.
        best: which of them is the nearest.
    """
    texts = [passage.quote[span.start - passage.start : span.end - passage.start] for span in passage.sentences]
    names = {place: _name(text) for place, text in enumerate(texts) if text.startswith("|")}
    asked = max((name for name in names.values() if name and holds(question, name)), key=len, default="")
    if not asked or (not _name(texts[best]) and holds(texts[best], asked)):
        return frozenset()
    return frozenset(place for place, name in names.items() if name == asked)


def _named(passage: Passage, question: str) -> int:
    """Return how long the longest name of a row is that the question holds; 0 where it holds none."""
    return max((len(name) for name in _rows(passage) if holds(question, name)), default=0)


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
    cells = (cell.strip() for cell in line.strip("|").split("|"))
    return next((cell for cell in cells if any(map(str.isalpha, cell))), "")


def _table(passage: Passage) -> tuple[str, int]:
    """Return of which table the rows of a passage are: in which document and below which names of columns."""
    if passage.table_header is not None:
        return passage.document_id, passage.table_header.start
    rule = TABLE_RULE.search(passage.quote)
    head = passage.quote.rfind("\n", 0, max(rule.start() - 1, 0)) + 1 if rule else -1
    return passage.document_id, passage.start + head if rule else -1
