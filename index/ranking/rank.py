"""From candidates to the best passages: a cheap look at all of them, and a close one at the few that remain.

A cascade, as search engines have it: the vectors of passages and sentences and BM25 order all candidates, then
reprints are folded, and only what may still come first is compared token by token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.models.encoder import Vectors
from index.models.vectors import STORED, from_bytes
from index.query import Signal
from index.ranking.exact import NO_MATCHES, ExactMatches
from index.ranking.late import Comparison, compare
from index.ranking.reprints import fold
from index.ranking.rewording import READ, Reword, Rewording
from index.ranking.rows import with_named_row
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """The vectors of candidates.

    Attributes:
        passages: shape `(candidates, dimension)`.
        sentences: those of their sentences, or of a passage that has none, shape `(sentences, dimension)`.
        starts: where the sentences of each candidate begin.
    """

    passages: Vectors
    sentences: Vectors
    starts: NDArray[np.int64]

    def cosines(self, question: EncodedQuestion, signals: frozenset[Signal]) -> dict[Signal, NDArray[np.float64]]:
        """Return those of the passages and of their best sentences, as far as they count."""
        found: dict[Signal, NDArray[np.float64]] = {}
        if Signal.SENTENCE in signals:
            of_sentences = self.sentences @ question.vector
            found[Signal.SENTENCE] = np.maximum.reduceat(of_sentences, self.starts).astype(np.float64)
        if Signal.DENSE in signals or signals <= CLOSE:  # vectors order what only tokens will score
            found[Signal.DENSE] = (self.passages @ question.vector).astype(np.float64)
        return found


def rank(
    reader: FeatureReader,
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
    seen = _see(reader, keys, len(question.vector))
    columns: Columns = seen.cosines(question, signals)
    if Signal.LEXICAL in signals:
        columns = {**columns, Signal.LEXICAL: np.array([lexical[key] for key in keys])}
    gains = asked.exact.gain(keys)
    places = _best_first(keys, fuse(columns, best) + gains)
    rewording = None
    if close and asked.reword is not None:
        rewording = asked.reword(_texts(reader, [keys[place] for place in places[:READ]]))
    if rewording is not None:
        columns = rewording.mixed(columns, seen.cosines(rewording.question, signals))
        places = _best_first(keys, fuse(columns, best) + gains)
    best_first = [keys[place] for place in places]
    wordings = partial(read_wordings, reader)
    groups = fold(best_first, seen.passages[places], reader.search_texts, wordings, max(k, COMPARED) if close else k)
    candidates = candidates_of(best_first, {signal: column[places] for signal, column in columns.items()}, best)
    folded = [[candidates[at] for at in group] for group in groups]
    if not close:
        return folded
    heads = _close_look(reader, question, rewording, [head for head, *_ in folded], signals, best)
    judged = _judged(reader, asked, heads)
    if asked.exact is not NO_MATCHES:
        judged = with_named_row(reader, question.text, judged)
    closer = [[head, *others] for head, (_, *others) in zip(judged, folded, strict=True)]
    return sorted(closer, key=lambda group: (-group[0].score, group[0].key))


def _see(reader: FeatureReader, keys: Sequence[Key], dimension: int) -> _Seen:
    stored = reader.vectors(keys)
    sentences = [stored[key][1] or stored[key][0] for key in keys]
    lengths = [len(each) // (dimension * STORED.itemsize) for each in sentences]
    starts = np.cumsum([0, *lengths[:-1]])
    return _Seen(from_bytes([stored[key][0] for key in keys], dimension), from_bytes(sentences, dimension), starts)


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
    candidates: Sequence[Candidate],
    signals: frozenset[Signal],
    best: float,
) -> list[Candidate]:
    """Return candidates with what their tokens say."""
    keys = [each.key for each in candidates]
    stored = reader.tokens(keys)
    asked = [question] if rewording is None else [question, rewording.question]
    compared = compare([stored[key] for key in keys], [each.tokens for each in asked])
    similarities, *others = (_similarities(own, each, signals) for own, each in zip(compared, asked, strict=True))
    if rewording is not None:
        similarities = dict(rewording.mixed(similarities, others[0]))
    columns = {signal: np.array([each.signals[signal] for each in candidates]) for signal in candidates[0].signals}
    return candidates_of(keys, columns | similarities, best, compared[0].alignments())


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
