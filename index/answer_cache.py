"""Answers that were given before: given again for as long as the index is the one they came from."""

from dataclasses import replace
from time import perf_counter

from index.answer import SearchResult
from index.query import Query
from index.recently_used import RecentlyUsed
from index.searcher import Searcher

ANSWERS = 512  # some 10 MB at five passages each


class AnswerCache:
    """Remembers the answers asked for last; safe to use from several threads."""

    def __init__(self, answers: int = ANSWERS) -> None:
        self._remembered = RecentlyUsed[Query, SearchResult](answers)

    def search(self, searcher: Searcher, query: Query) -> SearchResult:
        """Return what `searcher` answers; if it was asked the same of the same index before, what it answered.

        Raises:
            StoreUnavailable, StoreDamaged, IndexMismatch: as the searcher does.
        """
        started = perf_counter()
        state = searcher.state()
        result = self._remembered.recall(query)
        if result is not None and result.index == state:
            milliseconds = round((perf_counter() - started) * 1000, 3)
            timings = {stage: 0.0 for stage in result.timings_ms} | {"search": milliseconds, "total": milliseconds}
            return replace(result, timings_ms=timings)
        result = searcher.search(query)
        self._remembered.remember(query, result)
        return result
