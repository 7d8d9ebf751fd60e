"""Documents and passages as every interface reads them: by id or page by page, each reading from one state."""

from dataclasses import dataclass

from corpus.document import Document, DocumentFacts
from corpus.passage import Passage
from corpus.store.originals import OriginalFacts
from corpus.store.stored import ALL, DocumentSummary, Selection
from corpus.store.truth import Reader
from index.ranking.found import surroundings
from service.backend.collection import Collection


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
class Kept:
    """A document with what the store knows of it besides.

    Attributes:
        document: with its text.
        sequence: the number of the change that last wrote it.
        original: what is known of the file it was read from, where that is kept.
    """

    document: Document
    sequence: int
    original: OriginalFacts | None


async def read_document(collection: Collection, document_id: str) -> Kept:
    """Return a document with its text.

    Raises:
        NotFound: if there is none of that id.
    """

    def look_up(reader: Reader) -> Kept:
        document, original = reader.document(document_id), reader.originals.facts(document_id)
        return Kept(document, reader.document_sequence(document_id) or 0, original)

    return await collection.read(look_up)


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
