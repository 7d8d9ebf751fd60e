"""Putting documents into an index: cut, embedded and stored, each whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus.document import Document
from corpus.errors import IdTaken, Outdated
from corpus.passage import Passage
from corpus.splitting.passages import Split, SplitterSettings
from corpus.store.stored import Features
from corpus.store.truth import Reader, Truth, Writer
from index.cutting import (
    Cut,
    Entry,
    Indexed,
    Outcome,
    known_features,
    put_anew,
    readable,
    splitter_of,
    with_features,
)
from index.features import NOTHING_KNOWN, Progress, counting
from index.manifest import check_manifest, make_manifest, read_manifest, write_manifest
from index.models.encoder import Encoder

# Passages embedded together: enough for batches of equal length, few enough that a stop loses little work.
BATCH_PASSAGES = 256
TRIES = 5  # at a change, against others who write the same document meanwhile

# Which documents are at hand, by their sources, how many of their passages are ready, and how many there are.
Watch = Callable[[Sequence[str], int, int], None]
Guard = Callable[[Reader], None]  # refuses a write, by raising, for what the store holds


class _Moved(Outdated):
    """Someone else wrote the document first."""


def unseen(done: int, total: int) -> None:
    """Tell nobody."""


def unwatched(sources: Sequence[str], done: int, total: int) -> None:
    """Tell nobody."""


def unguarded(reader: Reader) -> None:
    """Refuse nothing."""


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

    def add(self, entries: Iterable[Entry], watch: Watch = unwatched) -> Iterator[Indexed]:
        """Index documents and yield each once it is durable; what has not changed is left alone.

        Args:
            entries: the documents.
            watch: is called while passages are embedded, with how far those are that are stored together.
        """
        waiting: list[Cut] = []
        for entry in entries:
            cut = self._cut_unless_same(entry)
            if isinstance(cut, Indexed):
                yield cut
                continue
            waiting.append(cut)
            if sum(len(each.passages) for each in waiting) >= BATCH_PASSAGES:
                yield from self._store(waiting, watch)
                waiting = []
        yield from self._store(waiting, watch)

    def put(self, entry: Entry, guard: Guard = unguarded, tell: Progress = unseen) -> Indexed:
        """Index one document.

        Args:
            entry: the document.
            guard: may refuse the write, in the very state that it would change.
            tell: is called with how many passages are ready and how many there are; what it raises ends the work,
                and nothing is written.
        """
        with self._truth.reading() as reader:
            guard(reader)
        cut = self._cut_unless_same(entry, guard)
        if isinstance(cut, Indexed):
            return cut
        ((_, features),) = with_features(self._encoder, [cut], counting(tell, len(cut.passages)))
        return self._put(cut, entry.document, cut.passages, features, guard)

    def keep(self, cut: Cut, features: Sequence[Features]) -> Indexed:
        """Store a document that is cut with the features of its passages, whole or not at all."""
        document = cut.entry.document
        try:
            return self._put(cut, document, cut.passages, features)
        except IdTaken as error:
            # Another process was first with a file of this name: this one is a document of its own.
            document = replace(document, document_id=error.document_id)
            return self._put(cut, document, self._split(document), features)

    def change(self, document_id: str, change: Callable[[Document], Document], guard: Guard = unguarded) -> Indexed:
        """Index a document as it is after a change to what is known of it; see `put`.

        Raises:
            NotFound: if there is none of that id.
            Outdated: if others have written it at each of several tries.
        """
        for _ in range(TRIES):
            with self._truth.reading() as reader:
                document, seen = reader.document(document_id), reader.document_sequence(document_id)
                path = reader.document_path(document_id)

            def still(reader: Reader, seen: int | None = seen) -> None:
                guard(reader)
                if reader.document_sequence(document_id) != seen:
                    raise _Moved(f"document {document_id} is written by others all the time; try again")

            try:
                return self.put(Entry(change(document), path), still)
            except _Moved as error:
                moved = error
        raise moved

    def delete(self, document_id: str, guard: Guard = unguarded) -> int:
        """Remove a document and return the number of this change.

        Raises:
            NotFound: if there is none of that id.
        """
        with self._truth.writing() as writer:
            guard(writer)
            return writer.delete(document_id)

    def _cut(self, entry: Entry) -> Cut:
        with self._truth.reading() as reader:
            stored = readable(reader, entry.document.document_id)
            if stored == entry.document:
                return Cut(entry, [], NOTHING_KNOWN, Outcome.UNCHANGED)
            known = NOTHING_KNOWN if stored is None else known_features(reader, stored)
        return Cut(entry, self._split(entry.document), known, Outcome.UPDATED if stored else Outcome.ADDED)

    def _cut_unless_same(self, entry: Entry, guard: Guard = unguarded) -> Cut | Indexed:
        """Return a document cut into passages, or what became of it where the very same is stored."""
        while (cut := self._cut(entry)).outcome is Outcome.UNCHANGED:
            same = self._unchanged(entry, guard)
            if same is not None:
                return same
        return cut

    def _unchanged(self, entry: Entry, guard: Guard) -> Indexed | None:
        """Keep what belongs to a document that is stored; `None` where others have changed it meanwhile."""
        document = entry.document
        if entry.path is None and entry.original is None:
            with self._truth.reading() as reader:
                return _as_stored(reader, document, guard)
        with self._truth.writing() as writer:
            same = _as_stored(writer, document, guard)
            if same is not None and entry.path is not None:
                writer.set_path(document.document_id, entry.path)
            if same is not None and entry.original is not None:
                writer.originals.keep(document.document_id, entry.original)
        return same

    def _store(self, cuts: Sequence[Cut], watch: Watch) -> Iterator[Indexed]:
        sources = [cut.entry.document.source for cut in cuts]
        tell = counting(partial(watch, sources), sum(len(cut.passages) for cut in cuts))
        yield from (self.keep(cut, features) for cut, features in with_features(self._encoder, cuts, tell))

    def _put(
        self,
        cut: Cut,
        document: Document,
        passages: Sequence[Passage],
        features: Sequence[Features],
        guard: Guard = unguarded,
    ) -> Indexed:
        with self._truth.writing() as writer:
            self._check(writer)
            guard(writer)
            sequence = writer.put(document, passages, features, cut.entry.path)
            if cut.entry.original is not None:
                writer.originals.keep(document.document_id, cut.entry.original)
        return Indexed(document, cut.outcome, len(passages), sequence)

    def _check(self, writer: Writer) -> None:
        """Refuse to go on where another process has rebuilt the store with another model meanwhile."""
        found = read_manifest(writer)
        if found is not None:
            check_manifest(found, self.manifest)


def _as_stored(reader: Reader, document: Document, guard: Guard) -> Indexed | None:
    """Return what is to be told of a document that is stored as it is, `None` where it is not any more."""
    guard(reader)
    sequence = reader.document_sequence(document.document_id)
    if sequence is None or readable(reader, document.document_id) != document:
        return None
    return Indexed(document, Outcome.UNCHANGED, reader.count_passages(document.document_id), sequence)


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
