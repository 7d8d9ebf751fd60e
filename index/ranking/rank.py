"""From candidates to the best passages: a cheap look at all of them, and a close one at the few that remain.

A cascade, as search engines have it: the vectors of passages and sentences and BM25 order all candidates, then
reprints are folded, and only what may still come first is compared token by token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from corpus.store.rows import RowReader
from index.models.encoder import Vectors
from index.models.vectors import STORED, from_bytes
from index.query import Part
from index.ranking.late import align, max_similarities
from index.ranking.reprints import fold
from index.ranking.signals import Question, Scored, fuse
from index.ranking.years import speaks_of, years_of

# How many passages are compared token by token: on XQuAD and on newspaper questions, more change nothing.
CLOSE = 16
# What a passage loses that speaks of other years than the question: as much as the best and a middling one differ.
OTHER_YEAR = 0.03

Columns = dict[Part, NDArray[np.float64]]  # of each part, what all candidates have


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
    places, columns, vectors = _first_look(reader, question, rows, lexical, parts)
    best_first = [rows[place] for place in places]
    close = Part.TOKENS in parts
    groups = fold(best_first, vectors[places], reader.search_texts, max(k, CLOSE) if close else k)
    scored = [[_scored(columns, places[at], best_first[at]) for at in group] for group in groups]
    if not close:
        return scored
    heads = _close_look(reader, question, [head for head, *_ in scored])
    closer = [[head, *others] for head, (_, *others) in zip(heads, scored, strict=True)]
    return sorted(closer, key=lambda group: (-group[0].score, group[0].row))[:k]


def _first_look(
    reader: RowReader,
    question: Question,
    rows: Sequence[int],
    lexical: Mapping[int, float],
    parts: frozenset[Part],
) -> tuple[list[int], Columns, Vectors]:
    """Return the places of the passages in the order of what their vectors and words say, that, and their vectors."""
    dimension = len(question.vector)
    columns: Columns = {}
    if Part.SENTENCE in parts:
        stored = reader.sentence_vectors(rows)
        vectors = from_bytes([stored[row][0] for row in rows], dimension)
        columns[Part.SENTENCE] = _best_sentences([stored[row][1] or stored[row][0] for row in rows], question.vector)
    else:
        of_passages = reader.passage_vectors(rows)
        vectors = from_bytes([of_passages[row] for row in rows], dimension)
    if Part.DENSE in parts or not columns:  # vectors order what only tokens will score
        columns[Part.DENSE] = (vectors @ question.vector).astype(np.float64)
    if Part.LEXICAL in parts:
        columns[Part.LEXICAL] = np.array([lexical[row] for row in rows])
    return np.lexsort((np.array(rows), -fuse(columns))).tolist(), columns, vectors


def _close_look(reader: RowReader, question: Question, scored: Sequence[Scored]) -> list[Scored]:
    rows = [each.row for each in scored]
    tokens = reader.token_vectors(rows)
    alignments = align(question.tokens, [tokens[row] for row in rows])
    closer = []
    for each, alignment, similarity in zip(scored, alignments, max_similarities(alignments), strict=True):
        parts = {**each.parts, Part.TOKENS: similarity}
        closer.append(Scored(each.row, fuse(parts), parts, alignment))
    years = years_of(question.text)
    if not years:
        return closer
    dated = reader.dated_texts(rows)
    return [each if speaks_of(years, *dated[each.row]) else _lowered(each) for each in closer]


def _lowered(scored: Scored) -> Scored:
    return replace(scored, score=scored.score - OTHER_YEAR)


def _best_sentences(parts: Sequence[bytes], question: Vectors) -> NDArray[np.float64]:
    """Return the cosine of each passage's best sentence."""
    dimension = len(question)
    starts = np.cumsum([0, *(len(part) // (dimension * STORED.itemsize) for part in parts[:-1])])
    return np.maximum.reduceat(from_bytes(parts, dimension) @ question, starts).astype(np.float64)


def _scored(columns: Columns, place: int, row: int) -> Scored:
    parts = {part: float(column[place]) for part, column in columns.items()}
    return Scored(row, fuse(parts), parts)
