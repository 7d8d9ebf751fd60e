"""From a question to its answer: encode, find candidates, rank, cite, and say how sure it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from threading import Lock
from time import perf_counter

import numpy as np

from corpus.language import detect_language
from corpus.passage import cite
from corpus.splitting.hidden import without_hidden
from corpus.splitting.years import with_years
from corpus.store.stored import Key
from corpus.store.truth import Reader, Truth
from index.answer import IndexState, Result, SearchResult
from index.engine import Index
from index.models.encoder import Encoder
from index.models.reranker import Reranker
from index.query import Query, Signal, Step
from index.ranking.confidence import Confidence, Record, confidence_of, unfitted
from index.ranking.evidence import Figures, evidence_of
from index.ranking.exact import NO_MATCHES, ExactMatches, find_exact
from index.ranking.found import Found, load, surroundings
from index.ranking.quoted import Quoted
from index.ranking.rank import Asked, rank
from index.ranking.refusing import no_answer_reason
from index.ranking.reranking import RERANKED, reranked
from index.ranking.rewording import Rewording
from index.ranking.signals import CLOSE, EncodedQuestion
from index.ranking.years import NO_YEARS, asked_years
from index.terms.gloss import WRITTEN_IN_HAN, gloss
from index.terms.terms import LexicalQuestion, read_question

# Of each index, how many passages are looked at; what is in neither list is not found.
CANDIDATES = 50
# From so many passages on, words are looked up while another thread encodes the question. Among 100,000 an answer comes
# in 12.1 instead of 14.2 ms; among 89 it takes as long to hand the question over as to look its words up.
MANY = 25_000
SHORT = 400  # characters, which take 9 ms; 2,048 take 54, in which others would wait for the index
QUESTIONS = 512  # remembered with the years that they hint at; to look for these takes longer than a known answer

_Encoded = tuple[EncodedQuestion, float]


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """What the indexes have for a question.

    Attributes:
        state: of the indexes.
        question: encoded.
        encoded: when it was, as `perf_counter` has it.
        keys: the best of each index, each once.
        lexical: their BM25 scores.
        exact: where exact terms are.
    """

    state: IndexState
    question: EncodedQuestion
    encoded: float
    keys: list[Key]
    lexical: Mapping[Key, float]
    exact: ExactMatches


class Searcher:
    """Answers questions with passages. Safe to use from several threads.

    Attributes:
        reranker: what puts the best passages in their last order, if anything does.
    """

    def __init__(
        self,
        truth: Truth,
        index: Index,
        encoder: Encoder,
        reranker: Reranker | None = None,
        record: Record | None = None,
    ) -> None:
        self._truth = truth
        self._index = index
        self._encoder = encoder
        self.reranker = reranker
        self._record = record or confidence_of(encoder.spec)
        self._quoted = Quoted()
        self._passages = 0  # in the state of the last question
        self._encoding = ThreadPoolExecutor(1, "encode")  # its thread ends when nothing holds it
        self._encodes = Lock()  # held while it does

    def state(self) -> IndexState:
        """Return the state the next search will see, unless something is written meanwhile."""
        with self._truth.reading() as reader, self._index.refreshed(reader) as state:
            return state

    def search(self, query: Query) -> SearchResult:
        """Return the passages that answer a question best.

        Raises:
            StoreUnavailable, StoreDamaged, IndexMismatch: as the truth and the index do.
        """
        started = perf_counter()
        searched = searched_text(query.text, query.today or date.today())
        years = asked_years(query.text, searched) if query.does(Step.YEARS) else NO_YEARS
        encoding = self._begin(searched, query)
        language = detect_language(query.text)
        with self._truth.reading() as reader:
            wanted = read_question(searched)
            wanted = wanted if query.does(Step.DICTIONARY) else replace(wanted, synonyms=())
            there = self._candidates(reader, encoding, searched, wanted, query)
            self._passages = there.state.passages
            state, question, exact = there.state, there.question, there.exact
            looked_up = perf_counter()
            rewords = query.does(Step.GLOSS) and language not in WRITTEN_IN_HAN
            asked = Asked(years, exact, partial(self._reworded, query) if rewords else None)
            look = partial(self._index.seen, reader)
            groups = rank(reader, look, question, there.keys, there.lexical, self._wide(query), query.signals, asked)
            judged = groups and query.full
            figures = evidence_of(reader, wanted, [head for head, *_ in groups]) if judged else {}
            found = load(reader, question, groups[: self._wide(query)], self._quoted, state.id)
            found, scores = self._scored(query, question, found, figures)
            scores = exact.assured(groups[0][0].key, scores) if judged else scores
            ranked = perf_counter()
            results = tuple(_results(reader, found, scores, query))
        ended = perf_counter()
        confidence = scores[0] if scores else 0.0
        confident = confidence >= self._judge(query).threshold
        reason = no_answer_reason(query.text, years, exact, state, found, confident)
        return SearchResult(
            query=query.text,
            language=language,
            answerable=reason is None,
            confidence=confidence,
            no_answer_reason=reason,
            results=results,
            index=state,
            calibrated=self._judge(query).fitted,
            evidence=figures,
            timings_ms={
                "encode": milliseconds(there.encoded - started),
                "search": milliseconds(looked_up - there.encoded + ended - ranked),
                "rerank": milliseconds(ranked - looked_up),
                "total": milliseconds(ended - started),
            },
        )

    def _begin(self, text: str, query: Query) -> Callable[[], _Encoded]:
        """Return what waits for a question and when it was encoded: at once or, where that pays, beside the rest.

        Only short ones go beside it, one at a time: whoever waits has the index meanwhile, and others wait for that.
        """

        def encoded() -> _Encoded:
            return self._encoded(text, query), perf_counter()

        if self._passages >= MANY and len(text) <= SHORT and self._encodes.acquire(blocking=False):
            encoding = self._encoding.submit(encoded)
            encoding.add_done_callback(lambda _: self._encodes.release())
            return encoding.result
        found = encoded()
        return lambda: found

    def _encoded(self, text: str, query: Query) -> EncodedQuestion:
        question = self._read(text, query.signals)
        return question if query.does(Step.RARITY) else replace(question, rarities=np.ones_like(question.rarities))

    def _read(self, text: str, signals: frozenset[Signal]) -> EncodedQuestion:
        if not CLOSE.isdisjoint(signals):
            encoded = self._encoder.encode_queries_with_tokens([text])
            return EncodedQuestion(text, encoded.vectors[0], encoded.tokens[0], encoded.rarities[0])
        vectors = self._encoder.encode_queries([text])
        return EncodedQuestion(text, vectors[0], vectors[:0], vectors[:0, 0])

    def _reworded(self, query: Query, texts: Sequence[str]) -> Rewording | None:
        """Return a question in the words of some passages, which count the more the more of it they say."""
        found = gloss(query.text, texts)
        return Rewording(self._encoded(found.text, query), found.coverage**2) if found.text else None

    def _wide(self, query: Query) -> int:
        return query.k if self.reranker is None else max(query.k, RERANKED)

    def _candidates(
        self, reader: Reader, encoding: Callable[[], _Encoded], text: str, wanted: LexicalQuestion, query: Query
    ) -> _LookedUp:
        """Return what the indexes that count have for a question. Of the words, nothing is told where they do not."""
        signals, index = query.signals, self._index
        wide = max(self._wide(query), CANDIDATES) if len(signals) > 1 else self._wide(query)
        words = Signal.LEXICAL in signals
        with index.refreshed(reader) as state:
            find = partial(index.lexical, condition=query.filters)
            best = find(wanted, wide) if words else []  # first, so that an engine may count all terms together
            exact = find_exact(reader, wanted, text, find) if words and query.does(Step.EXACT) else NO_MATCHES
            question, encoded = encoding()
            near = index.dense(question.vector, wide, query.filters) if signals != {Signal.LEXICAL} else []
            keys = list(dict.fromkeys([*near, *best, *exact.gains]))
            return _LookedUp(state, question, encoded, keys, index.scores(wanted, keys) if words else {}, exact)

    def _judge(self, query: Query) -> Confidence:
        """Return what says how likely passages answer; the record is of all parts, and of nothing less."""
        return self._record if self._record and query.full else unfitted(query.signals)

    def _scored(
        self, query: Query, question: EncodedQuestion, found: list[Found], figures: Figures
    ) -> tuple[list[Found], list[float]]:
        """Return the passages asked for in their last order, and how likely each answers; that falls with the rank."""
        if not found:
            return found, []
        scores = self._judge(query).probabilities([each.score for each in found], figures)
        if self.reranker is None:
            return found, scores
        new = reranked(self.reranker, question.text, found, scores)
        return new.found[: query.k], new.probabilities[: query.k]


def _results(reader: Reader, found: Sequence[Found], scores: Sequence[float], query: Query) -> Iterator[Result]:
    for place, (each, score) in enumerate(zip(found, scores, strict=True), start=1):
        if score < query.min_confidence:
            return
        passage, context = each.passage, query.context_sentences
        highlights = tuple(sorted(each.highlights, key=lambda span: span.start))
        citation = cite(passage, each.document, f"[{place}]", highlights)
        yield Result(
            rank=place,
            passage_id=passage.passage_id,
            document_id=passage.document_id,
            text=passage.text,
            score=score,
            scores=each.scores,
            citation=citation,
            highlights=highlights,
            best_highlight=next(iter(each.highlights), None),
            context=surroundings(reader, passage, context) if context else None,
            also_in=tuple(cite(*elsewhere, citation.label) for elsewhere in each.also_in),
        )


def searched_text(question: str, today: date) -> str:
    """Return a question with the years that it hints at written out; last year is the same one until next year."""
    return _searched(question, today.year)


@lru_cache(QUESTIONS)
def _searched(question: str, year: int) -> str:
    return with_years(without_hidden(question), date(year, 1, 1).isoformat())


def milliseconds(seconds: float) -> float:
    """Return seconds as milliseconds, to the microsecond."""
    return round(seconds * 1000, 3)
