"""What tests of stores share: single reads and writes, each in a block of its own, and passages made by hand."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from corpus.document import Document
from corpus.passage import Passage
from corpus.store.stored import Features, Key, StoredPassage, StoreState
from corpus.store.truth import Reader, Truth

T = TypeVar("T")


def read(truth: Truth, work: Callable[[Reader], T]) -> T:
    with truth.reading() as reader:
        return work(reader)


def state(truth: Truth) -> StoreState:
    return read(truth, lambda reader: reader.state())


def keys(truth: Truth) -> list[Key]:
    return read(truth, lambda reader: reader.keys())


def document_in(truth: Truth, document_id: str) -> Document:
    return read(truth, lambda reader: reader.document(document_id))


def passages_in(truth: Truth, document_id: str) -> list[StoredPassage]:
    return read(truth, lambda reader: reader.passages_of(document_id))


def put(truth: Truth, document: Document, passages: Sequence[Passage] = (), features: Sequence[Features] = ()) -> int:
    with truth.writing() as writer:
        return writer.put(document, passages, features)


def delete(truth: Truth, document_id: str) -> int:
    with truth.writing() as writer:
        return writer.delete(document_id)


def passage_of(document: Document, passage_id: str, start: int, end: int, search_text: str) -> Passage:
    """A passage without sections and sentences."""
    quote = document.text[start:end]
    return Passage(passage_id, document.document_id, start, end, quote, quote.strip(), (), search_text, ())
