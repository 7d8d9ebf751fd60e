"""Putting documents into an index: cut, embedded and stored, each whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from pathlib import Path

from corpus.document import Document
from corpus.errors import IdTaken, StoreDamaged
from corpus.passage import Passage
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import Split, SplitterSettings, make_splitter
from corpus.splitting.search_text import normalise
from corpus.store.columns import PassageVectors
from corpus.store.sqlite import Store
from index.manifest import check_manifest, make_manifest, read_manifest, write_manifest
from index.models.encoder import Encoder
from index.models.vectors import counts_to_bytes, to_bytes
from index.ranking.late import pack_tokens
from index.ranking.sentence_tokens import Sentences, count_sentence_tokens

# Passages embedded together: enough for batches of equal length, few enough that a stop loses little work.
BATCH_PASSAGES = 256


class Outcome(StrEnum):
    """What became of a document."""

    ADDED = auto()
    UPDATED = auto()
    UNCHANGED = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to index, and the file it was read from, if any."""

    document: Document
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """What became of a document, and how many passages it has; durable once it is told."""

    document: Document
    outcome: Outcome
    passages: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document cut into passages, and the vectors that are known from its version before."""

    entry: Entry
    passages: list[Passage]
    known: Mapping[tuple[str, str], PassageVectors]
    outcome: Outcome


class Indexer:
    """Adds documents to a store with the vectors of one encoder."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        splitter: SplitterSettings | None = None,
        split: Split | None = None,
    ) -> None:
        """Prepare a store for an encoder, and leave it as it is where it was prepared for another.

        Args:
            store: where to.
            encoder: what makes the vectors.
            splitter: how long passages are.
            split: what cuts documents, if not the splitter of these settings.

        Raises:
            IndexMismatch: if the store was built with another model or other settings.
        """
        self._store = store
        self._encoder = encoder
        self._settings = splitter or SplitterSettings()
        self._split = split or make_splitter(self._settings, encoder.count_passage_tokens, encoder.spec.max_tokens)
        self.manifest = make_manifest(encoder.spec, self._settings)
        found = read_manifest(store)
        if found is None:
            write_manifest(store, self.manifest)
        else:
            check_manifest(found, self.manifest)

    def add(self, entries: Iterable[Entry]) -> Iterator[Indexed]:
        """Index documents and yield each once it is durable; what has not changed is left alone."""
        waiting: list[_Cut] = []
        for entry in entries:
            stored = self._readable(entry.document.document_id)
            if stored == entry.document:
                if entry.path is not None:
                    self._store.set_path(stored.document_id, entry.path)
                yield Indexed(entry.document, Outcome.UNCHANGED, self._store.count_passages(stored.document_id))
                continue
            waiting.append(self._cut(entry, stored))
            if sum(len(cut.passages) for cut in waiting) >= BATCH_PASSAGES:
                yield from self._embed_and_store(waiting)
                waiting = []
        yield from self._embed_and_store(waiting)

    def _readable(self, document_id: str) -> Document | None:
        """Return the stored version of a document; one that is damaged counts as none, for it will be replaced."""
        try:
            return self._store.find_document(document_id)
        except StoreDamaged:
            return None

    def _cut(self, entry: Entry, stored: Document | None) -> _Cut:
        known = {} if stored is None else self._known_vectors(stored)
        outcome = Outcome.ADDED if stored is None else Outcome.UPDATED
        return _Cut(entry, self._split(entry.document), known, outcome)

    def _known_vectors(self, document: Document) -> dict[tuple[str, str], PassageVectors]:
        return {
            (found.passage.search_text, document.text[found.passage.start : found.passage.end]): found.vectors
            for found in self._store.passages_of(document.document_id)
        }

    def _embed_and_store(self, cuts: list[_Cut]) -> Iterator[Indexed]:
        embedded = self._embed(cuts)
        for cut in cuts:
            document = cut.entry.document
            of_passages = [_vectors_of(passage, cut, embedded) for passage in cut.passages]
            try:
                self._store.put(document, cut.passages, of_passages, cut.entry.path)
            except IdTaken as error:
                # Another process was first with a file of this name: this one is a document of its own.
                document = replace(document, document_id=error.document_id)
                self._store.put(document, self._split(document), of_passages, cut.entry.path)
            yield Indexed(document, cut.outcome, len(cut.passages))

    def _embed(self, cuts: Sequence[_Cut]) -> Mapping[Sentences, PassageVectors]:
        """Return the vectors of all passages that are new, by their text and their sentences."""
        new = [(passage, cut) for cut in cuts for passage in cut.passages if _key(passage, cut) not in cut.known]
        cut_up = list(dict.fromkeys(_sentences(passage, cut) for passage, cut in new))
        passages = list(dict.fromkeys(each.passage for each in cut_up))
        sentences = list(dict.fromkeys(text for each in cut_up for text in each.texts))
        encoded = self._encoder.encode_passages_with_tokens(passages)
        vectors = dict(zip(passages, map(to_bytes, encoded.vectors), strict=True))
        tokens = dict(zip(passages, encoded.tokens, strict=True))
        packed = {text: pack_tokens(of_text) for text, of_text in tokens.items()}
        of_sentences = dict(zip(sentences, map(to_bytes, self._encoder.encode_passages(sentences)), strict=True))
        counts = count_sentence_tokens(self._encoder, cut_up, [len(tokens[each.passage]) for each in cut_up])
        return {
            each: PassageVectors(
                vectors[each.passage],
                b"".join(of_sentences[text] for text in each.texts),
                packed[each.passage],
                counts_to_bytes(of_each),
            )
            for each, of_each in zip(cut_up, counts, strict=True)
        }


def rebuild(store: Store, encoder: Encoder, splitter: SplitterSettings | None = None) -> Iterator[Indexed]:
    """Cut and embed every document of a store anew, with this encoder and these settings.

    All of it becomes durable together, when the last document was yielded and the iterator ends; a search sees
    the old index or the new one, never a mixture of two models' vectors.
    """
    paths = {document_id: Path(path) for path, document_id in store.document_paths().items()}
    settings = splitter or SplitterSettings()
    with store.writing():
        write_manifest(store, make_manifest(encoder.spec, settings))
        store.forget_snapshots()
        indexer = Indexer(store, encoder, settings)
        for document_id in store.document_ids():
            entry = Entry(store.document(document_id), paths.get(document_id))
            yield from indexer._embed_and_store([_Cut(entry, indexer._split(entry.document), {}, Outcome.UPDATED)])


def _vectors_of(passage: Passage, cut: _Cut, embedded: Mapping[Sentences, PassageVectors]) -> PassageVectors:
    known = cut.known.get(_key(passage, cut))
    return embedded[_sentences(passage, cut)] if known is None else known


def _sentences(passage: Passage, cut: _Cut) -> Sentences:
    texts = (normalise(reading_text(span.of(cut.entry.document.text))) for span in passage.sentences)
    return Sentences(passage.search_text, tuple(texts))


def _key(passage: Passage, cut: _Cut) -> tuple[str, str]:
    return passage.search_text, cut.entry.document.text[passage.start : passage.end]
