"""The searcher of this process as a retriever: over a data folder, a corpus, or the passages of a set.

This is all of eval that touches `index`, and importing it loads FAISS: import it only when it is needed.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.document import Document
from corpus.errors import NotFound
from corpus.files.folder import Skipped
from corpus.passage import Passage, Span, passage_id_of
from corpus.splitting.layout import reading_text
from corpus.splitting.sentences import sentence_bounds
from corpus.store.sqlite import Store
from eval.retriever import Answer, AnswerHit
from eval.running import Progress
from index.answer import Result, SearchResult
from index.models.cross_encoder import load_reranker
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder
from index.models.reranker import Reranker
from index.opening import OpenIndex, open_index
from index.query import Method, Query, Signal
from index.syncing import index_paths
from index.writer import Entry, Indexer

logger = logging.getLogger(__name__)


class SearcherRetriever:
    """An index that is open in this process."""

    def __init__(self, index: OpenIndex, method: Method = Method.FULL, without: Signal | None = None) -> None:
        """Ask `index`, which whoever opened it closes, by a method or what is left of it without a part."""
        self._index = index
        self._method = method
        self._without = without

    def without(self, part: Signal) -> "SearcherRetriever":
        """Return the same retriever with a part of its method left out."""
        return SearcherRetriever(self._index, self._method, part)

    def search(self, question: str, k: int) -> SearchResult:
        """Return the answer to a question with all that is known of it."""
        return self._index.searcher.search(Query(question, k, method=self._method, without=self._without))

    def ask(self, question: str, k: int) -> Answer:
        """Return the best `k` passages for a question."""
        return answer_of(self.search(question, k))

    def document_language(self, document_id: str) -> str:
        """Return the language a document is in."""
        with self._index.truth.reading() as reader:
            return reader.document(document_id).language

    def timings(self, question: str) -> Mapping[str, float]:
        """Return the milliseconds that each stage of a question takes."""
        return self._index.searcher.search(Query(question, method=self._method)).timings_ms

    def document_text(self, document_id: str) -> str:
        """Return the canonical text of a document."""
        with self._index.truth.reading() as reader:
            return reader.document(document_id).text

    def describe(self) -> Mapping[str, object]:
        """Return what is searched, and how."""
        method = str(self._method) if self._without is None else f"{self._method} without {self._without}"
        reranker = self._index.searcher.reranker
        told = {} if reranker is None else {"reranker": reranker.name}
        return {**asdict(self._index.searcher.state()), "method": method, **told}


@contextmanager
def search_data_dir(
    data_dir: Path, method: Method, model: str | None, cache_dir: Path | None, reranker: str | None = None
) -> Iterator[SearcherRetriever]:
    """Search a data folder with the model it was built with; any other is refused."""
    load_reranker = None if reranker is None else partial(_reranker, reranker)
    with open_index(data_dir, lambda choice: _encoder(choice, cache_dir), model, load_reranker) as index:
        yield SearcherRetriever(index, method)


@contextmanager
def search_folder(
    folder: Path,
    method: Method,
    model: str | None,
    cache_dir: Path | None,
    progress: Progress,
    reranker: str | None = None,
) -> Iterator[SearcherRetriever]:
    """Index a folder of documents as a user would, and search it; the index is gone afterwards.

    Raises:
        NotFound: if it holds no document, because every figure would then be 0.
    """
    with (
        indexed_folder(folder, model, cache_dir, progress) as data_dir,
        search_data_dir(data_dir, method, model, cache_dir, reranker) as retriever,
    ):
        yield retriever


@contextmanager
def indexed_folder(
    folder: Path, model: str | None, cache_dir: Path | None, progress: Progress = lambda done: None
) -> Iterator[Path]:
    """Index a folder of documents and yield the data folder; it is gone afterwards.

    Raises:
        NotFound: if it holds no document.
    """

    def fill(store: Store, encoder: Encoder) -> None:
        for outcome in index_paths(store, Indexer(store, encoder), [folder]):
            progress(1)
            if isinstance(outcome, Skipped):
                logger.warning("%s is skipped: %s", outcome.source, outcome.reason)
        with store.reading() as reader:
            documents = reader.state().documents
        if not documents:
            raise NotFound(f"{folder}: holds no document that can be read; name the folder the questions are about")

    with _temporary_index(fill, model, cache_dir) as data_dir:
        yield data_dir


@contextmanager
def search_passages(
    passages: Sequence[Document],
    method: Method,
    model: str | None,
    cache_dir: Path | None,
    progress: Progress,
    reranker: str | None = None,
) -> Iterator[SearcherRetriever]:
    """Index the passages of a question set unsplit, and search them; the index is gone afterwards."""

    def fill(store: Store, encoder: Encoder) -> None:
        for _ in Indexer(store, encoder, split=whole).add(map(Entry, passages)):
            progress(1)

    with (
        _temporary_index(fill, model, cache_dir) as data_dir,
        search_data_dir(data_dir, method, model, cache_dir, reranker) as retriever,
    ):
        yield retriever


def whole(document: Document) -> list[Passage]:
    """Return a document as one passage that is found by its very words; an empty one cannot be found."""
    if not document.text:
        return []
    passage_id = passage_id_of(document.document_id, document.text, 0)
    sentences = tuple(Span(start, end) for start, end in sentence_bounds(document.text))
    text, reading = document.text, reading_text(document.text)
    return [Passage(passage_id, document.document_id, 0, len(text), text, reading, (), text, sentences)]


@contextmanager
def _temporary_index(
    fill: Callable[[Store, Encoder], None], model: str | None, cache_dir: Path | None
) -> Iterator[Path]:
    with TemporaryDirectory(prefix="wherefrom-eval-") as name:
        encoder = _encoder(ModelChoice(model or DEFAULT_MODEL), cache_dir)
        with Store.open(Path(name), create=True) as store:
            fill(store, encoder)
        yield Path(name)


@cache  # a model takes seconds to load, and several sets are run with the same
def _encoder(choice: ModelChoice, cache_dir: Path | None) -> Encoder:
    return load_encoder(choice, cache_dir or default_cache_dir())


@cache
def _reranker(name: str) -> Reranker:
    return load_reranker(name)


def answer_of(found: SearchResult) -> Answer:
    """Return what is judged of an answer."""
    return Answer(found.confidence, found.answerable, tuple(map(_hit_of, found.results)))


def _hit_of(result: Result) -> AnswerHit:
    citation = result.citation
    return AnswerHit(
        rank=result.rank,
        passage_id=result.passage_id,
        document_id=result.document_id,
        source=citation.source,
        start=citation.start,
        end=citation.end,
        score=result.score,
        quote=citation.quote,
        document_sha256=citation.document_sha256,
        highlights=result.highlights,
    )
