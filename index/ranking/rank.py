"""From candidates to the best passages: a cheap look at all of them, and a close one at the few that remain.

A cascade, as search engines have it: the vectors of passages and sentences and BM25 order all candidates, then
reprints are folded, and only what may still come first is compared token by token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from corpus.store.truth import FeatureReader, Key
from index.models.encoder import Vectors
from index.models.vectors import STORED, from_bytes
from index.query import Signal
from index.ranking.late import align, max_similarities
from index.ranking.reprints import fold
from index.ranking.signals import Candidate, EncodedQuestion, fuse
from index.ranking.years import speaks_of, years_of

# How many passages are compared token by token: on XQuAD and on newspaper questions, more change nothing.
CLOSE = 16
# What a passage loses that speaks of other years than the question: as much as the best and a middling one differ.
OTHER_YEAR = 0.03

Columns = dict[Signal, NDArray[np.float64]]  # of each signal, what all candidates have


def rank(
    reader: FeatureReader,
    question: EncodedQuestion,
    keys: Sequence[Key],
    lexical: Mapping[Key, float],
    k: int,
    signals: frozenset[Signal],
) -> list[list[Candidate]]:
    """Return the `k` best of some passages, each with those that say the same, best first, ties by key.

    Args:
        reader: where their features are.
        question: what is asked.
        keys: the candidates, each once.
        lexical: their BM25 scores, if these count.
        k: how many.
        signals: what counts.
    """
    if not keys:
        return []
    places, columns, vectors = _first_look(reader, question, keys, lexical, signals)
    best_first = [keys[place] for place in places]
    close = Signal.TOKENS in signals
    groups = fold(best_first, vectors[places], reader.search_texts, max(k, CLOSE) if close else k)
    scored = [[_candidate(columns, places[at], best_first[at]) for at in group] for group in groups]
    if not close:
        return scored
    heads = _close_look(reader, question, [head for head, *_ in scored])
    closer = [[head, *others] for head, (_, *others) in zip(heads, scored, strict=True)]
    return sorted(closer, key=lambda group: (-group[0].score, group[0].key))[:k]


def _first_look(
    reader: FeatureReader,
    question: EncodedQuestion,
    keys: Sequence[Key],
    lexical: Mapping[Key, float],
    signals: frozenset[Signal],
) -> tuple[list[int], Columns, Vectors]:
    """Return the places of the passages in the order of what their vectors and words say, that, and their vectors."""
    dimension = len(question.vector)
    columns: Columns = {}
    stored = reader.vectors(keys)
    vectors = from_bytes([stored[key][0] for key in keys], dimension)
    if Signal.SENTENCE in signals:
        columns[Signal.SENTENCE] = _best_sentences([stored[key][1] or stored[key][0] for key in keys], question.vector)
    if Signal.DENSE in signals or not columns:  # vectors order what only tokens will score
        columns[Signal.DENSE] = (vectors @ question.vector).astype(np.float64)
    if Signal.LEXICAL in signals:
        columns[Signal.LEXICAL] = np.array([lexical[key] for key in keys])
    return np.lexsort((np.array(keys), -fuse(columns))).tolist(), columns, vectors


def _close_look(reader: FeatureReader, question: EncodedQuestion, candidates: Sequence[Candidate]) -> list[Candidate]:
    keys = [each.key for each in candidates]
    tokens = reader.tokens(keys)
    alignments = align(question.tokens, [tokens[key] for key in keys])
    closer = []
    for each, alignment, similarity in zip(candidates, alignments, max_similarities(alignments), strict=True):
        signals = {**each.signals, Signal.TOKENS: similarity}
        closer.append(Candidate(each.key, fuse(signals), signals, alignment))
    years = years_of(question.text)
    if not years:
        return closer
    dates = reader.dates(keys)
    return [each if speaks_of(years, *dates[each.key]) else _lowered(each) for each in closer]


def _lowered(candidate: Candidate) -> Candidate:
    return replace(candidate, score=candidate.score - OTHER_YEAR)


def _best_sentences(parts: Sequence[bytes], question: Vectors) -> NDArray[np.float64]:
    """Return the cosine of each passage's best sentence."""
    dimension = len(question)
    starts = np.cumsum([0, *(len(part) // (dimension * STORED.itemsize) for part in parts[:-1])])
    return np.maximum.reduceat(from_bytes(parts, dimension) @ question, starts).astype(np.float64)


def _candidate(columns: Columns, place: int, key: Key) -> Candidate:
    signals = {signal: float(column[place]) for signal, column in columns.items()}
    return Candidate(key, fuse(signals), signals)
