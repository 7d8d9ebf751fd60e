"""Documents and passages as every interface reads them: by id or page by page, each reading from one state."""

import asyncio
from dataclasses import dataclass
from functools import partial

from corpus.document import Document, DocumentFacts
from corpus.errors import NotFound, Outdated
from corpus.passage import Passage, Span
from corpus.store.large import Large, Place
from corpus.store.originals import OriginalFacts
from corpus.store.stored import ALL, DocumentSummary, Selection
from corpus.store.truth import Reader
from index.ranking.found import surroundings
from service.backend.collection import Collection
from service.errors import Overloaded

PIECE = 65_536  # bytes of a large value that are read at a time, and held for a client that takes them slowly
AGAIN_SECONDS = 0.05  # until a piece is asked for again that could not be read for all who ask


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list of documents.

    Attributes:
        documents: in the order of their ids.
        next_after: the id after which the next page begins, `None` on the last.
    """

    documents: list[DocumentSummary]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage and what stands around it.

    Attributes:
        passage: the passage.
        document: what is known of the one it is from.
        start: where `text` begins in the document's text.
        text: the passage with the sentences around it, verbatim.
    """

    passage: Passage
    document: DocumentFacts
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A large value that is read piece by piece, all of one version.

    Attributes:
        kind: what it is.
        key: by which it is known.
        place: which of its bytes are read.
        sequence: the number of the change that last wrote its document, where the value may change.
    """

    kind: Large
    key: str
    place: Place
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with what the store knows of it besides.

    Attributes:
        facts: what is known of it.
        characters: how many code points its text has.
        span: those of them that were asked for.
        text: what they are, where they are few; `value` is where they are read otherwise.
        whole: the whole text, where that was asked for, and is no longer than was asked for.
        sequence: the number of the change that last wrote it.
        original: what is known of the file it was read from, where that is kept.
    """

    facts: DocumentFacts
    characters: int
    span: Span
    text: str | None
    value: Value
    whole: str | None
    sequence: int
    original: OriginalFacts | None


async def read_document(
    collection: Collection, document_id: str, start: int = 0, end: int | None = None, whole_below: int = 0
) -> Kept:
    """Return a document with the code points of its text in a range; what is beyond its end is not there.

    Args:
        collection: where it is.
        document_id: its id.
        start: of the range.
        end: of the range; without one, that of the text.
        whole_below: how long the text is at most that is returned as a whole, too.

    Raises:
        NotFound: if there is none of that id.
    """

    def look_up(reader: Reader) -> Kept:
        characters = reader.large.characters(document_id)
        span = Span(min(start, characters), characters if end is None else min(end, characters))
        place = reader.large.place(document_id, span.start, span.end)
        value = Value(Large.TEXT, document_id, place, reader.document_sequence(document_id))
        text = _piece(reader, value, place.first).decode() if place.size <= PIECE else None
        whole = reader.text(document_id, 0, characters) if characters <= whole_below else None
        known, original = reader.facts([document_id])[document_id], reader.originals.facts(document_id)
        return Kept(known, characters, span, text, value, whole, value.sequence or 0, original)

    return await collection.read(look_up)


async def read_original(collection: Collection, document_id: str) -> tuple[DocumentFacts, OriginalFacts, Value]:
    """Return what is known of a document and of its original, and where that is read.

    Raises:
        NotFound: if there is no such document, or its original is not kept.
    """

    def look_up(reader: Reader) -> tuple[DocumentFacts, OriginalFacts, Value]:
        found, known = reader.originals.facts(document_id), reader.facts([document_id]).get(document_id)
        if found is None or known is None:
            raise NotFound(f"no original of document {document_id} is kept; GET /v1/documents/{{id}} has its text")
        place = Place(0, found.bytes)
        return known, found, Value(Large.ORIGINAL, document_id, place, reader.document_sequence(document_id))

    return await collection.read(look_up)


class Pieces:
    """A large value in pieces, each read when it is asked for, and none of them kept here."""

    def __init__(self, collection: Collection, value: Value) -> None:
        self._collection = collection
        self._value = value
        self._first = value.place.first

    def __aiter__(self) -> "Pieces":
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece.

        Raises:
            Outdated: if the value was changed or removed meanwhile.
        """
        if self._first >= self._value.place.last:
            raise StopAsyncIteration
        read = partial(_piece, value=self._value, first=self._first)
        while True:
            try:
                piece = await self._collection.read(read)
            except Overloaded:  # the answer has begun
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self._first += len(piece)
                return piece


def _piece(reader: Reader, value: Value, first: int) -> bytes:
    piece = reader.large.piece(value.kind, value.key, first, min(PIECE, value.place.last - first))
    changed = value.sequence is not None and reader.document_sequence(value.key) != value.sequence
    if changed or (not piece and first < value.place.last):
        raise Outdated(f"{value.key} was changed while it was read")
    return piece


async def read_passage(collection: Collection, passage_id: str) -> tuple[Passage, DocumentFacts]:
    """Return a passage and what is known of its document.

    Raises:
        NotFound: if there is none of that id.
    """
    return await collection.read(lambda reader: _passage(reader, passage_id))


async def read_either(collection: Collection, either_id: str, sentences: int) -> Document | Stretch:
    """Return the document of an id, or the passage of that id with so many sentences before and after it.

    Raises:
        NotFound: if there is neither.
    """

    def look_up(reader: Reader) -> Document | Stretch:
        document = reader.find_document(either_id)
        if document is not None:
            return document
        passage, facts = _passage(reader, either_id)
        around = surroundings(reader, passage, sentences)
        text = around.before + passage.quote + around.after
        return Stretch(passage, facts, passage.start - len(around.before), text)

    return await collection.read(look_up)


async def read_page(collection: Collection, limit: int, after: str, among: Selection = ALL) -> Page:
    """Return at most `limit` documents, one at least, those after the id `after`."""
    found = await collection.read(lambda reader: reader.summaries(limit + 1, after, among))
    return Page(found[:limit], found[limit - 1].facts.document_id if len(found) > limit else None)


def _passage(reader: Reader, passage_id: str) -> tuple[Passage, DocumentFacts]:
    passage = reader.passage(passage_id)
    return passage, reader.facts([passage.document_id])[passage.document_id]
