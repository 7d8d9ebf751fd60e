"""Pictures of pages, drawn one after another in a process of their own that stays for the next reader."""

from corpus.errors import NotFound
from corpus.files.page_picture import WIDTH, Picture, mark_on_page, render_page
from corpus.files.sandbox import Extractor
from corpus.passage import Span
from corpus.store.truth import Reader
from service.backend.collection import Collection
from service.backend.threads import Threads

WAITING = 16  # readers who may wait for a picture


class Drawing:
    """Draws pages of originals."""

    def __init__(self) -> None:
        self._threads = Threads("draw", 1, WAITING, yielding=True)
        self._extractor = Extractor()

    async def page(
        self, collection: Collection, document_id: str, number: int, quote: Span | None, width: int = WIDTH
    ) -> Picture:
        """Return a picture of a page, from 1, of a document's original, with what of a quote stands on it marked.

        Raises:
            NotFound: if there is no such document, its original is not kept or no PDF, or has no such page.
            InvalidInput, UnreadableFile: as `render_page`.
        """

        def look_up(reader: Reader) -> tuple[bytes, str]:
            text, original = reader.document(document_id).text, reader.originals.find(document_id)
            if original is None or original.pages is None:
                raise NotFound(f"no PDF of document {document_id} is kept; GET /v1/documents/{{id}} has its text")
            return original.content, text

        pdf, text = await collection.read(look_up)
        mark = None if quote is None else mark_on_page(text, quote.start, quote.end, number)
        return await self._threads.run(lambda: render_page(self._extractor, pdf, number, mark, width))

    def close(self) -> None:
        """End the process that draws, in the middle of a page if need be."""
        self._extractor.interrupt()
        self._threads.close()
        self._extractor.close()
