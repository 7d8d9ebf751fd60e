"""From candidates to the best passages: a cheap look at all of them, and a close one at the few that remain.

A cascade, as search engines have it: the vectors of passages and sentences and BM25 order all candidates, then
reprints are folded, and only what may still come first is compared token by token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from corpus.row_reader import RowReader
from index.duplicates import fold
from index.encoder import Vectors
from index.fusion import Question, Scored, fuse
from index.late import max_similarities
from index.query import Part
from index.vectors import STORED, from_bytes
from index.years import speaks_of, years_of

# How many passages are compared token by token: on XQuAD and on newspaper questions, more change nothing.
CLOSE = 16
# What a passage loses that speaks of other years than the question: as much as the best and a middling one differ.
OTHER_YEAR = 0.03


def rank(
    reader: RowReader,
    question: Question,
    rows: Sequence[int],
    lexical: Mapping[int, float],
    k: int,
    parts: frozenset[Part],
) -> list[list[Scored]]:
    """Return the `k` best of some passages, each with those that say the same, best first, ties by row.

    Args:
        reader: where their vectors and texts are.
        question: what is asked.
        rows: the candidates, each once.
        lexical: their BM25 scores, if these count.
        k: how many.
        parts: what counts.
    """
    if not rows:
        return []
    scored, vectors = _first_look(reader, question, rows, lexical, parts)
    if Part.TOKENS not in parts:
        return fold(scored, vectors, reader.search_texts, k)
    groups = fold(scored, vectors, reader.search_texts, max(k, CLOSE))
    heads = _close_look(reader, question, [head for head, *_ in groups])
    closer = [[head, *others] for head, (_, *others) in zip(heads, groups, strict=True)]
    return sorted(closer, key=lambda group: _order(group[0]))[:k]


def _first_look(
    reader: RowReader,
    question: Question,
    rows: Sequence[int],
    lexical: Mapping[int, float],
    parts: frozenset[Part],
) -> tuple[list[Scored], Vectors]:
    """Return the passages in order of what their vectors and words say, and their vectors in that order."""
    dimension = len(question.vector)
    columns: dict[Part, Sequence[float]] = {}
    if Part.SENTENCE in parts:
        stored = reader.sentence_vectors(rows)
        vectors = from_bytes([stored[row][0] for row in rows], dimension)
        columns[Part.SENTENCE] = _best_sentences([stored[row][1] or stored[row][0] for row in rows], question.vector)
    else:
        of_passages = reader.passage_vectors(rows)
        vectors = from_bytes([of_passages[row] for row in rows], dimension)
    if Part.DENSE in parts or not columns:  # vectors order what only tokens will score
        columns[Part.DENSE] = (vectors @ question.vector).tolist()
    if Part.LEXICAL in parts:
        columns[Part.LEXICAL] = [lexical[row] for row in rows]
    scored = [_scored(row, {part: columns[part][place] for part in columns}) for place, row in enumerate(rows)]
    order = sorted(range(len(rows)), key=lambda place: _order(scored[place]))
    return [scored[place] for place in order], vectors[order]


def _close_look(reader: RowReader, question: Question, scored: Sequence[Scored]) -> list[Scored]:
    rows = [each.row for each in scored]
    tokens = reader.token_vectors(rows)
    similarities = max_similarities(question.tokens, [tokens[row] for row in rows]).tolist()
    closer = [
        _scored(each.row, {**each.parts, Part.TOKENS: similarity})
        for each, similarity in zip(scored, similarities, strict=True)
    ]
    years = years_of(question.text)
    if not years:
        return closer
    dated = reader.dated_texts(rows)
    return [each if speaks_of(years, *dated[each.row]) else _lowered(each) for each in closer]


def _lowered(scored: Scored) -> Scored:
    return replace(scored, score=scored.score - OTHER_YEAR)


def _best_sentences(parts: Sequence[bytes], question: Vectors) -> list[float]:
    """Return the cosine of each passage's best sentence."""
    dimension = len(question)
    starts = np.cumsum([0, *(len(part) // (dimension * STORED.itemsize) for part in parts[:-1])])
    best: list[float] = np.maximum.reduceat(from_bytes(parts, dimension) @ question, starts).tolist()
    return best


def _scored(row: int, parts: Mapping[Part, float]) -> Scored:
    return Scored(row, fuse(parts), parts)


def _order(scored: Scored) -> tuple[float, int]:
    return -scored.score, scored.row
