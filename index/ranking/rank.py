"""From candidates to the best passages: a cheap look at all of them, and a close one at the few that remain.

A cascade, as search engines have it: the vectors of passages and sentences and BM25 order all candidates, then
reprints are folded, and only what may still come first is compared token by token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Key
from corpus.store.truth import FeatureReader
from index.models.encoder import Vectors
from index.models.vectors import STORED, from_bytes
from index.query import Signal
from index.ranking.exact import NO_MATCHES, ExactMatches
from index.ranking.late import Alignment, align
from index.ranking.reprints import fold
from index.ranking.signals import CLOSE, Candidate, Columns, EncodedQuestion, candidates_of, fuse
from index.ranking.wording import read_wordings
from index.ranking.years import NO_YEARS, AskedYears

# How many passages are compared token by token: on XQuAD and on newspaper questions, more change nothing.
COMPARED = 16
# What a passage loses that speaks of other years than the question: as much as the best and a middling one differ.
OTHER_YEAR = 0.03


def rank(
    reader: FeatureReader,
    question: EncodedQuestion,
    keys: Sequence[Key],
    lexical: Mapping[Key, float],
    k: int,
    signals: frozenset[Signal],
    years: AskedYears = NO_YEARS,
    exact: ExactMatches = NO_MATCHES,
) -> list[list[Candidate]]:
    """Return the best of some passages, each with those that say the same, best first, ties by key.

    So many are returned as are asked for; where tokens count, as many as were compared, for the others are the
    background before which the best are seen.

    Args:
        reader: where their features are.
        question: what is asked.
        keys: the candidates, each once.
        lexical: their BM25 scores, if these count.
        k: how many are asked for.
        signals: what counts.
        years: that it asks for.
        exact: where what it asks for exactly is.
    """
    if not keys:
        return []
    places, columns, vectors = _first_look(reader, question, keys, lexical, signals, exact)
    best_first = [keys[place] for place in places]
    close, best = not CLOSE.isdisjoint(signals), max(lexical.values(), default=0.0)
    wordings = partial(read_wordings, reader)
    groups = fold(best_first, vectors[places], reader.search_texts, wordings, max(k, COMPARED) if close else k)
    candidates = candidates_of(best_first, {signal: column[places] for signal, column in columns.items()}, best)
    folded = [[candidates[at] for at in group] for group in groups]
    if not close:
        return folded
    heads = exact.lift(_close_look(reader, question, years, [head for head, *_ in folded], signals, best))
    closer = [[head, *others] for head, (_, *others) in zip(heads, folded, strict=True)]
    return sorted(closer, key=lambda group: (-group[0].score, group[0].key))


def _first_look(
    reader: FeatureReader,
    question: EncodedQuestion,
    keys: Sequence[Key],
    lexical: Mapping[Key, float],
    signals: frozenset[Signal],
    exact: ExactMatches,
) -> tuple[list[int], Columns, Vectors]:
    """Return the places of the passages in the order of what their vectors and words say, that, and their vectors."""
    dimension = len(question.vector)
    columns: dict[Signal, NDArray[np.float64]] = {}
    stored = reader.vectors(keys)
    vectors = from_bytes([stored[key][0] for key in keys], dimension)
    if Signal.SENTENCE in signals:
        columns[Signal.SENTENCE] = _best_sentences([stored[key][1] or stored[key][0] for key in keys], question.vector)
    if Signal.DENSE in signals or not columns:  # vectors order what only tokens will score
        columns[Signal.DENSE] = (vectors @ question.vector).astype(np.float64)
    if Signal.LEXICAL in signals:
        columns[Signal.LEXICAL] = np.array([lexical[key] for key in keys])
    score = fuse(columns, max(lexical.values(), default=0.0)) + exact.gain(keys)
    return np.lexsort((np.array(keys), -score)).tolist(), columns, vectors


def _close_look(
    reader: FeatureReader,
    question: EncodedQuestion,
    years: AskedYears,
    candidates: Sequence[Candidate],
    signals: frozenset[Signal],
    best: float,
) -> list[Candidate]:
    keys = [each.key for each in candidates]
    tokens = reader.tokens(keys)
    alignments = align(question.tokens, [tokens[key] for key in keys])
    columns = {signal: np.array([each.signals[signal] for each in candidates]) for signal in candidates[0].signals}
    similarities = {Signal.TOKENS: Alignment.similarity, Signal.SENTENCE_TOKENS: Alignment.sentence_similarity}
    for signal in CLOSE & signals:
        columns[signal] = np.array([similarities[signal](each, question.rarities) for each in alignments])
    closer = candidates_of(keys, columns, best, alignments)
    if not years.years:
        return closer
    dates = reader.dates(keys)
    texts = reader.search_texts(keys) if years.counts else dict.fromkeys(keys, "")
    missed = {key for key in keys if years.are_missed(*dates[key], texts[key])}
    return [replace(each, score=each.score - OTHER_YEAR) if each.key in missed else each for each in closer]


def _best_sentences(parts: Sequence[bytes], question: Vectors) -> NDArray[np.float64]:
    """Return the cosine of each passage's best sentence."""
    dimension = len(question)
    starts = np.cumsum([0, *(len(part) // (dimension * STORED.itemsize) for part in parts[:-1])])
    return np.maximum.reduceat(from_bytes(parts, dimension) @ question, starts).astype(np.float64)
