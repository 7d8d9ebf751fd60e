"""The index of this process as a retriever: over a data folder, a folder of documents, or the passages of a set.

This is all of the evaluation of quality that touches what finds, and importing it loads FAISS: import it only when it
is needed.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.document import Document
from corpus.errors import IndexMismatch, NotFound
from corpus.files.folders.folder import Skipped
from corpus.passage import Passage, Span, passage_id_of
from corpus.splitting.layout import reading_text
from corpus.splitting.sentences import sentence_bounds
from corpus.store.sqlite import Store
from eval.retriever import Answer, hit_of
from eval.running import Progress
from eval.sets.question_set import QuestionSet
from eval.system import System
from index.answer import SearchResult
from index.cutting import Entry
from index.manifest import read_manifest
from index.models.cross_encoder import load_reranker
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder
from index.opening import CONFIDENCE, OpenIndex, open_index
from index.query import Method, Part, Query
from index.ranking.confidence import Record
from index.syncing import index_paths
from index.writer import Indexer

logger = logging.getLogger(__name__)
load_reranker_once = cache(load_reranker)


class LocalRetriever:
    """An index that is open in this process."""

    def __init__(self, index: OpenIndex, method: Method = Method.FULL, without: Part | None = None) -> None:
        """Ask `index`, which whoever opened it closes, by a method or what is left of it without a part."""
        self._index = index
        self._method = method
        self._without = without

    def without(self, part: Part) -> "LocalRetriever":
        """Return the same retriever with a part of its method left out."""
        return LocalRetriever(self._index, self._method, part)

    def by(self, method: Method) -> "LocalRetriever":
        """Return the same retriever with another method."""
        return LocalRetriever(self._index, method)

    def search(self, question: str, k: int = 5) -> SearchResult:
        """Return the answer to a question with all that is known of it."""
        return self._index.searcher.search(Query(question, k, method=self._method, without=self._without))

    def ask(self, question: str, k: int) -> Answer:
        """Return the best `k` passages for a question."""
        return answer_of(self.search(question, k))

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


def answer_of(found: SearchResult) -> Answer:
    """Return what is judged of an answer."""
    return Answer(found.confidence, found.answerable, tuple(map(hit_of, found.results)))


@contextmanager
def open_system(
    system: System, question_set: QuestionSet, progress: Progress = lambda done: None
) -> Iterator[LocalRetriever]:
    """Search the data folder of a system with the model it was built with, or index its documents and search these.

    Args:
        system: where to search, and how.
        question_set: its own passages are indexed where the system names no folder.
        progress: called with 1 after every document that is indexed.
    """
    rerank = None if system.reranker is None else partial(load_reranker_once, system.reranker)
    with ExitStack() as stack:
        data_dir = system.data_dir
        if data_dir is None:
            encoder = load_once(system.model, system.cache_dir)
            data_dir = stack.enter_context(indexed(system.corpus or question_set.passages, encoder, progress))
        index = open_index(data_dir, lambda choice: _encoder(choice, system.cache_dir), system.model, rerank)
        yield LocalRetriever(stack.enter_context(index), system.method)


@contextmanager
def indexed(
    documents: Path | Sequence[Document], encoder: Encoder, progress: Progress = lambda done: None
) -> Iterator[Path]:
    """Index a folder as a user would, or else some passages unsplit; the index is gone afterwards.

    Raises:
        NotFound: if the folder holds no document, because every figure would then be 0.
    """
    with TemporaryDirectory(prefix="wherefrom-eval-") as name:
        with Store.open(Path(name), create=True) as store:
            if isinstance(documents, Path):
                _index_folder(store, encoder, documents, progress)
            else:
                for _ in Indexer(store, encoder, split=whole).add(map(Entry, documents)):
                    progress(1)
        yield Path(name)


@contextmanager
def open_indexed(
    documents: Path | Sequence[Document], encoder: Encoder, progress: Progress = lambda done: None
) -> Iterator[LocalRetriever]:
    """Search what `indexed` makes of a folder or of some passages, with the encoder that made it."""
    with indexed(documents, encoder, progress) as data_dir, open_index(data_dir, lambda choice: encoder) as index:
        yield LocalRetriever(index)


def _index_folder(store: Store, encoder: Encoder, folder: Path, progress: Progress) -> None:
    for outcome in index_paths(store, Indexer(store, encoder), [folder]):
        progress(1)
        if isinstance(outcome, Skipped):
            logger.warning("%s is skipped: %s", outcome.source, outcome.reason)
    with store.reading() as reader:
        documents = reader.state().documents
    if not documents:
        raise NotFound(f"{folder}: holds no document that can be read; name the folder the questions are about")


def whole(document: Document) -> list[Passage]:
    """Return a document as one passage that is found by its very words; an empty one cannot be found."""
    if not document.text:
        return []
    passage_id = passage_id_of(document.document_id, document.text, 0)
    sentences = tuple(Span(start, end) for start, end in sentence_bounds(document.text))
    text, reading = document.text, reading_text(document.text)
    return [Passage(passage_id, document.document_id, 0, len(text), text, reading, (), text, sentences)]


def load_once(model: str | None, cache_dir: Path | None) -> Encoder:
    """Return the encoder of a model, of the one that is shipped if none is named."""
    return _encoder(ModelChoice(model or DEFAULT_MODEL), cache_dir)


def keep_record(data_dir: Path, record: Record) -> None:
    """Keep a record of confidence in the index of a data folder, for its model.

    Raises:
        NotFound: if there is no index.
        IndexMismatch: if the record is of another model than the index.
    """
    with Store.open(data_dir) as store, store.writing() as writer:
        manifest = read_manifest(writer)
        if manifest is None or manifest.encoder.name != record.model:
            found = "nothing" if manifest is None else manifest.encoder.name
            raise IndexMismatch(f"{data_dir}: the index is made with {found}, the record is of {record.model}")
        writer.set_meta(CONFIDENCE, record.to_text())


@cache  # a model takes seconds to load, and several sets are run with the same
def _encoder(choice: ModelChoice, cache_dir: Path | None) -> Encoder:
    return load_encoder(choice, cache_dir or default_cache_dir())
