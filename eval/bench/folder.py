"""Data folders of many passages, as the service opens them, written without embedding each passage."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from corpus.document import Document, make_document
from corpus.passage import Passage, Span, passage_id_of
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import SplitterSettings
from corpus.store.sqlite import Store
from corpus.store.truth import Features
from eval.bench.embedded import Embedded
from eval.bench.invention import Inventor
from eval.bench.passages import Text
from index.features import with_words
from index.local.index import LocalIndex
from index.manifest import make_manifest, write_manifest
from index.models.encoder import EncoderSpec

BETWEEN = "\n\n"
PER_DOCUMENT = 10  # passages, as an article of the press has
PER_TRANSACTION = 50  # documents

Stored = tuple[Text, Features]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Real:
    """Real passages with their vectors, and the model that made these."""

    texts: Sequence[Text]
    embedded: Embedded
    spec: EncoderSpec

    def stored(self) -> Iterator[Stored]:
        """Yield each passage with what the store holds of it."""
        return ((text, self.embedded.vectors_of(place)) for place, text in enumerate(self.texts))


def passages(real: Real, count: int) -> Iterator[Stored]:
    """Yield `count` passages: the real ones, then made-up ones."""
    yield from islice(real.stored(), count)
    if count > len(real.texts):
        yield from Inventor(real.texts, real.embedded).passages(count - len(real.texts))


def write_folder(data_dir: Path, real: Real, count: int, progress: Callable[[int], None]) -> None:
    """Write a data folder of `count` passages with its indexes.

    Args:
        data_dir: where to, empty or not there yet.
        real: the real passages; more are made up of them where `count` demands it.
        count: how many.
        progress: called with the number of passages stored since its last call.
    """
    manifest = make_manifest(real.spec, SplitterSettings())
    with Store.open(data_dir, create=True) as store:
        with store.writing() as writer:
            write_manifest(writer, manifest)
        documents = enumerate(_batches(passages(real, count), PER_DOCUMENT))
        for batch in _batches(documents, PER_TRANSACTION):
            with store.writing() as writer:
                for number, stored in batch:
                    document, cut = document_of([text for text, _ in stored], f"{number:06}.txt")
                    writer.put(document, cut, [with_words(features, text.search_text) for text, features in stored])
            progress(sum(len(stored) for _, stored in batch))
        LocalIndex(store, manifest, data_dir).save()


def document_of(texts: Sequence[Text], source: str) -> tuple[Document, list[Passage]]:
    """Return a document that consists of some passages, and these."""
    document = make_document(BETWEEN.join(text.text for text in texts), source=source)
    cut: list[Passage] = []
    start = 0
    for text in texts:
        cut.append(
            Passage(
                passage_id=passage_id_of(document.document_id, text.text, len(cut)),
                document_id=document.document_id,
                start=start,
                end=start + len(text.text),
                quote=text.text,
                text=reading_text(text.text),
                section=(),
                search_text=text.search_text,
                sentences=tuple(Span(start + span.start, start + span.end) for span in text.sentences),
            )
        )
        start += len(text.text) + len(BETWEEN)
    return document, cut


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
