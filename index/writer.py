"""Putting documents into an index: cut, embedded and stored, each whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from pathlib import Path

from corpus.document import Document
from corpus.errors import IdTaken, StoreDamaged
from corpus.passage import Passage
from corpus.splitting.passages import Split, SplitterSettings, make_splitter
from corpus.store.stored import Features
from corpus.store.truth import Reader, Truth, Writer
from index.features import Searched, compute_features, searched
from index.manifest import check_manifest, make_manifest, read_manifest, write_manifest
from index.models.encoder import Encoder

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
    """A document cut into passages, and the features that are known from its version before."""

    entry: Entry
    passages: list[Passage]
    known: Mapping[Searched, Features]
    outcome: Outcome


class Indexer:
    """Adds documents to a store with the features of one encoder."""

    def __init__(
        self,
        truth: Truth,
        encoder: Encoder,
        splitter: SplitterSettings | None = None,
        split: Split | None = None,
    ) -> None:
        """Prepare a store for an encoder, and leave it as it is where it was prepared for another.

        Args:
            truth: where to.
            encoder: what makes the vectors.
            splitter: how long passages are.
            split: what cuts documents, if not the splitter of these settings.

        Raises:
            IndexMismatch: if the store was built with another model or other settings.
        """
        settings = splitter or SplitterSettings()
        self._truth = truth
        self._encoder = encoder
        self._split = split or splitter_of(encoder, settings)
        self.manifest = make_manifest(encoder.spec, settings)
        with truth.reading() as reader:
            found = read_manifest(reader)
        if found is not None:
            check_manifest(found, self.manifest)
            return
        with truth.writing() as writer:
            if read_manifest(writer) is None:  # no other process was faster
                write_manifest(writer, self.manifest)
            self._check(writer)

    def add(self, entries: Iterable[Entry]) -> Iterator[Indexed]:
        """Index documents and yield each once it is durable; what has not changed is left alone."""
        waiting: list[_Cut] = []
        for entry in entries:
            cut = self._cut(entry)
            if cut.outcome is Outcome.UNCHANGED:
                yield self._unchanged(entry)
                continue
            waiting.append(cut)
            if sum(len(each.passages) for each in waiting) >= BATCH_PASSAGES:
                yield from self._store(waiting)
                waiting = []
        yield from self._store(waiting)

    def _cut(self, entry: Entry) -> _Cut:
        with self._truth.reading() as reader:
            stored = readable(reader, entry.document.document_id)
            if stored == entry.document:
                return _Cut(entry, [], {}, Outcome.UNCHANGED)
            known = {} if stored is None else _known_features(reader, stored)
        return _Cut(entry, self._split(entry.document), known, Outcome.UPDATED if stored else Outcome.ADDED)

    def _unchanged(self, entry: Entry) -> Indexed:
        document_id = entry.document.document_id
        if entry.path is not None:
            with self._truth.writing() as writer:
                writer.set_path(document_id, entry.path)
        with self._truth.reading() as reader:
            return Indexed(entry.document, Outcome.UNCHANGED, reader.count_passages(document_id))

    def _store(self, cuts: Sequence[_Cut]) -> Iterator[Indexed]:
        for cut, features in _with_features(self._encoder, cuts):
            document = cut.entry.document
            try:
                self._put(document, cut.passages, features, cut.entry.path)
            except IdTaken as error:
                # Another process was first with a file of this name: this one is a document of its own.
                document = replace(document, document_id=error.document_id)
                self._put(document, self._split(document), features, cut.entry.path)
            yield Indexed(document, cut.outcome, len(cut.passages))

    def _put(
        self, document: Document, passages: Sequence[Passage], features: Sequence[Features], path: Path | None
    ) -> None:
        with self._truth.writing() as writer:
            self._check(writer)
            writer.put(document, passages, features, path)

    def _check(self, writer: Writer) -> None:
        """Refuse to go on where another process has rebuilt the store with another model meanwhile."""
        found = read_manifest(writer)
        if found is not None:
            check_manifest(found, self.manifest)


def rebuild(truth: Truth, encoder: Encoder, splitter: SplitterSettings | None = None) -> Iterator[Indexed]:
    """Cut and embed every document of a store anew, with this encoder and these settings.

    All of it becomes durable together, when the last document was yielded and the iterator ends; a search sees
    the old index or the new one, never a mixture of two models' vectors.
    """
    settings = splitter or SplitterSettings()
    with truth.writing() as writer:
        paths = {document_id: Path(path) for path, document_id in writer.document_paths().items()}
        write_manifest(writer, make_manifest(encoder.spec, settings))
        writer.forget_derived()
        writer.recount()
        split = splitter_of(encoder, settings)
        for document_id in writer.document_ids():
            yield put_anew(writer, encoder, split, Entry(writer.document(document_id), paths.get(document_id)))


def put_anew(writer: Writer, encoder: Encoder, split: Split, entry: Entry) -> Indexed:
    """Cut and embed a document as if it had never been, and put it where it is written."""
    ((cut, features),) = _with_features(encoder, [_Cut(entry, split(entry.document), {}, Outcome.UPDATED)])
    writer.put(entry.document, cut.passages, features, entry.path)
    return Indexed(entry.document, cut.outcome, len(cut.passages))


def splitter_of(encoder: Encoder, settings: SplitterSettings) -> Split:
    """Return what cuts documents into passages that a model reads whole."""
    return make_splitter(settings, encoder.count_passage_tokens, encoder.spec.max_tokens)


def _with_features(encoder: Encoder, cuts: Sequence[_Cut]) -> Iterator[tuple[_Cut, list[Features]]]:
    """Yield documents with the features of their passages; only those that are new are computed."""
    of_cuts = [[searched(passage, cut.entry.document.title) for passage in cut.passages] for cut in cuts]
    new = [each for cut, of_cut in zip(cuts, of_cuts, strict=True) for each in of_cut if each not in cut.known]
    computed = compute_features(encoder, new)
    for cut, of_cut in zip(cuts, of_cuts, strict=True):
        yield cut, [cut.known.get(each) or computed[each] for each in of_cut]


def readable(reader: Reader, document_id: str) -> Document | None:
    """Return the stored version of a document; one that is damaged counts as none, for it will be replaced."""
    try:
        return reader.find_document(document_id)
    except StoreDamaged:
        return None


def _known_features(reader: Reader, document: Document) -> dict[Searched, Features]:
    stored = reader.passages_of(document.document_id)
    return {searched(found.passage, document.title): found.features for found in stored}
