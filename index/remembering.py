"""Answers remembered for as long as nothing is written, and questions for as long as others are not asked more."""

from dataclasses import replace
from datetime import date
from threading import Lock
from time import perf_counter

from cachetools import LRUCache

from corpus.store.truth import Truth
from index.answer import SearchResult
from index.engine import Index
from index.models.encoder import Encoder
from index.models.reranker import Reranker
from index.query import Query, Signal
from index.ranking.confidence import Record
from index.ranking.signals import CLOSE, EncodedQuestion
from index.searcher import Searcher, milliseconds, searched_text

# What a service remembers: some 10 MB of answers at five passages each, and 25 MB of questions with their tokens.
ANSWERS = 512
QUESTIONS = 1024


class RememberingSearcher(Searcher):
    """Gives an answer again for as long as the index is the one it came from, and encodes a question once.

    What was asked for longest ago is forgotten first.
    """

    def __init__(
        self,
        truth: Truth,
        index: Index,
        encoder: Encoder,
        reranker: Reranker | None = None,
        record: Record | None = None,
        answers: int = ANSWERS,
        questions: int = QUESTIONS,
    ) -> None:
        super().__init__(truth, index, encoder, reranker, record)
        self._lock = Lock()
        # By the question and what it hints at: last year is another one next year, and the same until then.
        self._answers = LRUCache[tuple[Query, str], SearchResult](answers)
        self._questions = LRUCache[tuple[str, bool], EncodedQuestion](questions)

    def search(self, query: Query) -> SearchResult:
        """Return the passages that answer a question best; see `Searcher.search`."""
        started = perf_counter()
        today = query.today or date.today()
        key = query if query.today is None else replace(query, today=None), searched_text(query.text, today)
        with self._lock:
            known = self._answers.get(key)
        if known is not None and known.index == self.state():
            spent = milliseconds(perf_counter() - started)
            timings = {stage: 0.0 for stage in known.timings_ms} | {"search": spent, "total": spent}
            return replace(known, timings_ms=timings)
        waited = perf_counter() - started  # the index may have been brought to what was written meanwhile
        result = super().search(replace(query, today=today))
        lost = {stage: milliseconds(waited) for stage in ("search", "total")}
        timings = {stage: round(known + lost.get(stage, 0.0), 3) for stage, known in result.timings_ms.items()}
        result = replace(result, timings_ms=timings)
        with self._lock:
            self._answers[key] = result
        return result

    def _read(self, text: str, signals: frozenset[Signal]) -> EncodedQuestion:
        key = text, not CLOSE.isdisjoint(signals)
        with self._lock:
            known = self._questions.get(key)
        if known is None:
            known = super()._read(text, signals)
            with self._lock:
                self._questions[key] = known
        return known
