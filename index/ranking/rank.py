"""From candidates to the best passages: a cheap look at all of them, and a close one at the few that remain.

A cascade, as search engines have it: the vectors of passages and sentences and BM25 order all candidates, then
reprints are folded, and only what may still come first is compared token by token.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.query import Signal
from index.ranking.exact import NO_MATCHES, ExactMatches
from index.ranking.late import Comparison, compare
from index.ranking.reprints import fold
from index.ranking.rewording import READ, Reword, Rewording
from index.ranking.rows import with_named_row
from index.ranking.seen import Look, Seen
from index.ranking.signals import CLOSE, Candidate, Columns, EncodedQuestion, candidates_of, fuse
from index.ranking.wording import read_wordings
from index.ranking.years import NO_YEARS, AskedYears

# How many passages are compared token by token: on XQuAD and on newspaper questions, more change nothing.
COMPARED = 16
# What a passage loses that speaks of other years than the question: as much as the best and a middling one differ.
OTHER_YEAR = 0.03
SIMILARITIES = {Signal.TOKENS: Comparison.similarities, Signal.SENTENCE_TOKENS: Comparison.sentence_similarities}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for beside what it says, and how that may be said otherwise.

    Attributes:
        years: that it asks for.
        exact: where what it asks for exactly is.
        reword: says it in the words of the passages found first, if it can be; none where it need not be.
    """

    years: AskedYears = NO_YEARS
    exact: ExactMatches = NO_MATCHES
    reword: Reword | None = None


NOTHING_ASKED = Asked()


def rank(
    reader: FeatureReader,
    look: Look,
    question: EncodedQuestion,
    keys: Sequence[Key],
    lexical: Mapping[Key, float],
    k: int,
    signals: frozenset[Signal],
    asked: Asked = NOTHING_ASKED,
) -> list[list[Candidate]]:
    """Return the best of some passages, each with those that say the same, best first, ties by key.

    So many are returned as are asked for; where tokens count, as many as were compared, for the others are the
    background before which the best are seen.

    Args:
        reader: where their features are.
        look: returns what is seen of all of them.
        question: what is asked.
        keys: the candidates, each once.
        lexical: their BM25 scores, if these count.
        k: how many are asked for.
        signals: what counts.
        asked: what it asks for beside what it says, and how that may be said otherwise.
    """
    if not keys:
        return []
    close, best = not CLOSE.isdisjoint(signals), max(lexical.values(), default=0.0)
    seen = look(keys)
    columns: Columns = seen.cosines(question.vector, signals)
    if Signal.LEXICAL in signals:
        columns = {**columns, Signal.LEXICAL: np.array([lexical[key] for key in keys])}
    gains = asked.exact.gain(keys)
    places = _best_first(keys, fuse(columns, best) + gains)
    rewording = None
    if close and asked.reword is not None:
        rewording = asked.reword(_texts(reader, [keys[place] for place in places[:READ]]))
    if rewording is not None:
        columns = rewording.mixed(columns, seen.cosines(rewording.question.vector, signals))
        places = _best_first(keys, fuse(columns, best) + gains)
    groups = _folded(reader, seen, keys, places, max(k, COMPARED) if close else k)
    heads = _at([group[0] for group in groups], keys, columns)
    others = iter(candidates_of(*_at([place for group in groups for place in group[1:]], keys, columns), best))
    if not close:
        return _grouped(candidates_of(*heads, best), others, groups)
    judged = _judged(reader, asked, _close_look(reader, question, rewording, *heads, signals, best))
    if asked.exact is not NO_MATCHES:
        judged = with_named_row(reader, question.text, judged)
    return sorted(_grouped(judged, others, groups), key=lambda group: (-group[0].score, group[0].key))


def _at(places: Sequence[int], keys: Sequence[Key], columns: Columns) -> tuple[list[Key], Columns]:
    """Return the keys of the candidates at some places, and what they have."""
    return [keys[place] for place in places], {signal: column[places] for signal, column in columns.items()}


def _grouped(
    heads: Sequence[Candidate], others: Iterator[Candidate], groups: Sequence[Sequence[int]]
) -> list[list[Candidate]]:
    """Return the first candidate of each group, and the others that it has."""
    return [[head, *islice(others, len(group) - 1)] for head, group in zip(heads, groups, strict=True)]


def _folded(reader: FeatureReader, seen: Seen, keys: Sequence[Key], places: Sequence[int], k: int) -> list[list[int]]:
    """Return places of candidates, best first, those of the same words together."""
    order = np.array(places)
    groups = fold(
        [keys[place] for place in places],
        seen.passages(order),
        lambda some: seen.sketch(order[some]),
        partial(read_wordings, reader),
        k,
    )
    return [[places[at] for at in group] for group in groups]


def _best_first(keys: Sequence[Key], scores: NDArray[np.float64]) -> list[int]:
    order: list[int] = np.lexsort((np.array(keys), -scores)).tolist()
    return order


def _texts(reader: FeatureReader, keys: Sequence[Key]) -> list[str]:
    texts = reader.search_texts(keys)
    return [texts[key] for key in keys]


def _close_look(
    reader: FeatureReader,
    question: EncodedQuestion,
    rewording: Rewording | None,
    keys: Sequence[Key],
    columns: Columns,
    signals: frozenset[Signal],
    best: float,
) -> list[Candidate]:
    """Return candidates with what their tokens say."""
    stored = reader.tokens(keys)
    asked = [question] if rewording is None else [question, rewording.question]
    compared = compare([stored[key] for key in keys], [each.tokens for each in asked])
    similarities, *others = (_similarities(own, each, signals) for own, each in zip(compared, asked, strict=True))
    if rewording is not None:
        similarities = dict(rewording.mixed(similarities, others[0]))
    return candidates_of(keys, {**columns, **similarities}, best, compared[0].alignments())


def _similarities(
    compared: Comparison, question: EncodedQuestion, signals: frozenset[Signal]
) -> dict[Signal, NDArray[np.float64]]:
    return {
        signal: similarities(compared, question.rarities)
        for signal, similarities in SIMILARITIES.items()
        if signal in signals
    }


def _judged(reader: FeatureReader, asked: Asked, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates with what they gain and lose by what is asked for."""
    lifted, years, keys = asked.exact.lift(candidates), asked.years, [each.key for each in candidates]
    if not years.years:
        return lifted
    dates = reader.dates(keys)
    texts = reader.search_texts(keys) if years.counts else dict.fromkeys(keys, "")
    missed = {key for key in keys if years.are_missed(*dates[key], texts[key])}
    return [replace(each, score=each.score - OTHER_YEAR) if each.key in missed else each for each in lifted]
