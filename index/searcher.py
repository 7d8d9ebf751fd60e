"""From a question to its answer: encode, look up, cite, and say how sure it is."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from corpus.language import detect_language
from corpus.passage import cite
from corpus.splitting.layout import reading_text
from index.answer import IndexState, Result, SearchResult
from index.engine import Engine, Found
from index.models.encoder import Encoder
from index.query import Method, Part, Query
from index.ranking.confidence import calibration_of
from index.ranking.highlights import answering_sentences, surroundings
from index.ranking.reranking import RERANKED, Reranker, reranked
from index.ranking.signals import Question
from index.ranking.years import speaks_of, years_of


class Searcher:
    """Answers questions with passages. Safe to use from several threads.

    Attributes:
        reranker: what puts the best passages in their last order, if anything does.
    """

    def __init__(self, encoder: Encoder, engine: Engine, reranker: Reranker | None = None) -> None:
        self._encoder = encoder
        self._engine = engine
        self.reranker = reranker
        self._calibration = calibration_of(encoder.spec)

    def state(self) -> IndexState:
        """Return the state the next search will see, unless something is written meanwhile."""
        return self._engine.state()

    def search(self, query: Query) -> SearchResult:
        """Return the passages that answer a question best.

        Raises:
            StoreUnavailable, StoreDamaged, IndexMismatch: as the engine does.
        """
        started = perf_counter()
        question = self._read(query)
        encoded = perf_counter()
        wide = query.k if self.reranker is None else max(query.k, RERANKED)
        lookup = self._engine.search(question, wide, query.filters, query.parts)
        looked_up = perf_counter()
        state = lookup.state
        language = detect_language(query.text)
        found, scores = self._reranked(query, lookup.found, self._scores(lookup.found, language, query.method))
        reread = perf_counter()
        confidence = scores[0] if scores else 0.0
        results = tuple(_results(found, scores, query))
        ended = perf_counter()
        reason = self._no_answer_reason(query, state, found, confidence)
        rerank_seconds = lookup.rerank_seconds + (reread - looked_up if self.reranker else 0.0)
        return SearchResult(
            query=query.text,
            language=language,
            answerable=reason is None,
            confidence=confidence,
            no_answer_reason=reason,
            results=results,
            index=state,
            timings_ms={
                "encode": _milliseconds(encoded - started),
                "search": _milliseconds(ended - encoded - rerank_seconds),
                "rerank": _milliseconds(rerank_seconds),
                "total": _milliseconds(ended - started),
            },
        )

    def _read(self, query: Query) -> Question:
        if Part.TOKENS in query.parts:
            encoded = self._encoder.encode_queries_with_tokens([query.text])
            return Question(query.text, encoded.vectors[0], encoded.tokens[0])
        vectors = self._encoder.encode_queries([query.text])
        return Question(query.text, vectors[0], vectors[:0])

    def _scores(self, found: Sequence[Found], language: str, method: Method) -> list[float]:
        """Return what the scores are, by one curve for all passages, so that they fall with the rank."""
        if not found:
            return []
        curve = self._calibration.curves[method].curve(language, found[0].document.language)
        return [curve.probability(each.score) for each in found]

    def _reranked(
        self, query: Query, found: list[Found], scores: list[float]
    ) -> tuple[Sequence[Found], Sequence[float]]:
        """Return the passages that were asked for and their scores, in the order of the reranker if there is one."""
        if self.reranker is None:
            return found, scores
        new = reranked(self.reranker, query.text, found, scores)
        return new.found[: query.k], new.probabilities[: query.k]

    def _no_answer_reason(
        self, query: Query, state: IndexState, found: Sequence[Found], confidence: float
    ) -> str | None:
        if not state.passages:
            return "the index is empty"
        if not found:
            return "no document passes the filters"
        if confidence < self._calibration.threshold:
            return "no passage is near enough to the question"
        years = years_of(query.text)
        best = found[0]
        if years and not speaks_of(years, best.passage.search_text, best.document.published):
            return f"the best passage does not speak of {' or '.join(sorted(years))}"
        return None


def _results(found: Sequence[Found], scores: Sequence[float], query: Query) -> Iterator[Result]:
    for rank, (each, score) in enumerate(zip(found, scores, strict=True), start=1):
        if score < query.min_confidence:
            return
        passage = each.passage
        citation = cite(passage, each.document, f"[{rank}]")
        context = query.context_sentences
        yield Result(
            rank=rank,
            passage_id=passage.passage_id,
            document_id=passage.document_id,
            text=reading_text(citation.quote),
            score=score,
            scores=each.scores,
            citation=citation,
            highlights=answering_sentences(passage, each.gaps),
            context=surroundings(each.document.text, passage, context) if context else None,
            also_in=tuple(cite(*elsewhere, citation.label) for elsewhere in each.also_in),
        )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
