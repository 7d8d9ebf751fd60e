"""Reading and writing documents."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Unpack

from wherefrom.calls.documents import (
    Changes,
    Facts,
    IfMatch,
    delete_call,
    document_call,
    documents_call,
    lines_calls,
    original_call,
    page_image_call,
    patch_call,
    put_call,
)
from wherefrom.parts.sending import AsyncSender, Sender
from wherefrom.responses import BatchLine, Document, DocumentSummary, Written


class Documents(Sender):
    """What reads and writes the documents of a service."""

    def document(
        self, document_id: str, start: int | None = None, end: int | None = None, *, collection: str | None = None
    ) -> Document:
        """Return a document with the text that all offsets count, or with the part of it between two of them."""
        return self._send(document_call(document_id, start=start, end=end), collection)

    def documents(
        self,
        *,
        q: str | None = None,
        language: str | None = None,
        source: str | None = None,
        collection: str | None = None,
    ) -> Iterator[DocumentSummary]:
        """Yield documents in the order of their ids.

        Args:
            q: part of the title or the source, in small letters or capitals.
            language: of the documents.
            source: of the documents.
            collection: that they stand in.
        """
        after: str | None = ""
        while after is not None:
            page = self._send(documents_call(after, {"q": q, "language": language, "source": source}), collection)
            yield from page.documents
            after = page.next_after

    def original(self, document_id: str, *, collection: str | None = None) -> bytes:
        """Return the file that a document was read from, where the service has kept it."""
        return self._send(original_call(document_id), collection)

    def page_image(
        self,
        document_id: str,
        number: int,
        start: int | None = None,
        end: int | None = None,
        *,
        width: int | None = None,
        collection: str | None = None,
    ) -> bytes:
        """Return a page of a PDF as PNG.

        Args:
            document_id: of the document that was read from the PDF.
            number: of the page, from 1.
            start: first code point of the document's text that is marked.
            end: one past the last.
            width: of the picture in pixels.
            collection: that the document stands in.
        """
        return self._send(page_image_call(document_id, number, start=start, end=end, width=width), collection)

    def put(
        self,
        document_id: str,
        text: str,
        *,
        if_match: IfMatch | None = None,
        create_only: bool = False,
        collection: str | None = None,
        **facts: Unpack[Facts],
    ) -> Written:
        """Write a document, new or in the place of its last version; it is found as soon as this returns.

        Args:
            document_id: 1 to 200 characters without a slash.
            text: of the document.
            if_match: sequence that the last version must have, or `"*"` for any.
            create_only: whether there must be none of this id.
            collection: that it is to stand in.
            facts: `title`, `source`, `publisher`, `published`, `url`, `author`, `language` and `metadata`.

        Raises:
            PreconditionFailed: if `if_match` or `create_only` does not hold; nothing is written.
        """
        return self._send(put_call(document_id, text, facts, if_match, create_only), collection)

    def patch(
        self,
        document_id: str,
        *,
        if_match: IfMatch | None = None,
        collection: str | None = None,
        **changes: Unpack[Changes],
    ) -> Written:
        """Change what is known of a document; `None` removes it, and `metadata` are changed key by key.

        Raises:
            PreconditionFailed: if the document has not the sequence `if_match`; nothing is written.
        """
        return self._send(patch_call(document_id, changes, if_match), collection)

    def delete(self, document_id: str, *, if_match: IfMatch | None = None, collection: str | None = None) -> None:
        """Remove a document.

        Raises:
            PreconditionFailed: if the document has not the sequence `if_match`; it stays.
        """
        self._send(delete_call(document_id, if_match), collection)

    def put_many(
        self, documents: Iterable[Mapping[str, object]], *, collection: str | None = None
    ) -> Iterator[BatchLine]:
        """Write many documents, in batches, and yield what became of each in their order.

        One that is refused does not keep the others; look at `refused`. One that is larger than all that the service
        reads ends it with `ServiceFailed` (413). Nothing is sent before the first line is asked for.

        Args:
            documents: each with `document_id`, `text` and facts as of `put`, or with `document_id` and `delete: True`;
                they are taken as they are sent.
            collection: that they are to stand in.
        """
        for call in lines_calls(documents):
            yield from self._send(call, collection)


class AsyncDocuments(AsyncSender):
    """The same with an event loop."""

    async def document(
        self, document_id: str, start: int | None = None, end: int | None = None, *, collection: str | None = None
    ) -> Document:
        """Return a document with the text that all offsets count, or with the part of it between two of them."""
        return await self._send(document_call(document_id, start=start, end=end), collection)

    async def documents(
        self,
        *,
        q: str | None = None,
        language: str | None = None,
        source: str | None = None,
        collection: str | None = None,
    ) -> AsyncIterator[DocumentSummary]:
        """Yield documents in the order of their ids."""
        after: str | None = ""
        while after is not None:
            page = await self._send(documents_call(after, {"q": q, "language": language, "source": source}), collection)
            for document in page.documents:
                yield document
            after = page.next_after

    async def original(self, document_id: str, *, collection: str | None = None) -> bytes:
        """Return the file that a document was read from, where the service has kept it."""
        return await self._send(original_call(document_id), collection)

    async def page_image(
        self,
        document_id: str,
        number: int,
        start: int | None = None,
        end: int | None = None,
        *,
        width: int | None = None,
        collection: str | None = None,
    ) -> bytes:
        """Return a page of a PDF as PNG."""
        return await self._send(page_image_call(document_id, number, start=start, end=end, width=width), collection)

    async def put(
        self,
        document_id: str,
        text: str,
        *,
        if_match: IfMatch | None = None,
        create_only: bool = False,
        collection: str | None = None,
        **facts: Unpack[Facts],
    ) -> Written:
        """Write a document, new or in the place of its last version; it is found as soon as this returns."""
        return await self._send(put_call(document_id, text, facts, if_match, create_only), collection)

    async def patch(
        self,
        document_id: str,
        *,
        if_match: IfMatch | None = None,
        collection: str | None = None,
        **changes: Unpack[Changes],
    ) -> Written:
        """Change what is known of a document; `None` removes it, and `metadata` are changed key by key."""
        return await self._send(patch_call(document_id, changes, if_match), collection)

    async def delete(self, document_id: str, *, if_match: IfMatch | None = None, collection: str | None = None) -> None:
        """Remove a document."""
        await self._send(delete_call(document_id, if_match), collection)

    async def put_many(
        self, documents: Iterable[Mapping[str, object]], *, collection: str | None = None
    ) -> AsyncIterator[BatchLine]:
        """Write many documents, in batches, and yield what became of each in their order."""
        for call in lines_calls(documents):
            for line in await self._send(call, collection):
                yield line
