"""Documents and passages as every interface reads them: by id or page by page, each reading from one state."""

from dataclasses import dataclass

from corpus.document import Document
from corpus.passage import Passage
from corpus.store.sqlite import Store
from corpus.store.summaries import DocumentSummary
from service.backend import Backend


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list of documents.

    Attributes:
        documents: in the order of their ids.
        next_after: the id after which the next page begins, `None` on the last.
    """

    documents: list[DocumentSummary]
    next_after: str | None


async def read_document(backend: Backend, document_id: str) -> Document:
    """Return a document.

    Raises:
        NotFound: if there is none of that id.
    """
    return await backend.run(lambda index: index.store.document(document_id))


async def read_passage(backend: Backend, passage_id: str) -> tuple[Passage, Document]:
    """Return a passage and its document.

    Raises:
        NotFound: if there is none of that id.
    """
    return await backend.run(lambda index: _passage(index.store, passage_id))


async def read_either(backend: Backend, either_id: str) -> tuple[Passage | None, Document]:
    """Return the document of an id, or the passage of that id and its document.

    Raises:
        NotFound: if there is neither.
    """

    def look_up(store: Store) -> tuple[Passage | None, Document]:
        with store.reading():
            document = store.find_document(either_id)
            return _passage(store, either_id) if document is None else (None, document)

    return await backend.run(lambda index: look_up(index.store))


async def read_page(backend: Backend, limit: int, after: str) -> Page:
    """Return at most `limit` documents, one at least, those after the id `after`."""
    found = await backend.run(lambda index: index.store.summaries(limit + 1, after))
    return Page(found[:limit], found[limit - 1].document_id if len(found) > limit else None)


def _passage(store: Store, passage_id: str) -> tuple[Passage, Document]:
    with store.reading():
        passage = store.passage(passage_id)
        return passage, store.document(passage.document_id)
