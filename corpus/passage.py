"""The passage: a stretch of a document that is found; and the citation: how an answer says where it is from."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from corpus.document import Document, DocumentFacts
from corpus.parts import PartKind


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of code points of a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of a document's text, verbatim: `quote == document.text[start:end]`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document, or what stands in the place of one: a sheet, a slide, a chapter.

    Attributes:
        start: first code point of it in the document's text.
        number: counted from 1.
        label: what is printed on it, `iv` or `A-3`, or what it is called, where the file tells.
        kind: what it is.
        ocr: how sure it is that its text is right, where that was recognised in a picture; see `corpus.parts`.
        rows: of a sheet, pairs of where a line of the passage begins in the document's text and the row that stands
            there; the lines after it are the next rows. The first line of a passage may begin before it.
    """

    start: int
    number: int
    label: str | None = None
    kind: PartKind = PartKind.PAGE
    ocr: float | None = None
    rows: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document, and the text it is found by.

    Attributes:
        passage_id: derives from the document's id and the words, so that it survives a rebuild.
        document_id: the document it is cut from.
        start: first code point of the document's text.
        end: one past the last code point.
        quote: the document's text between them, verbatim.
        text: the quote with broken lines joined, as a person reads it.
        section: headings above it, outermost first.
        search_text: what is indexed: the words with broken lines joined and forms unified; never quoted.
        sentences: where what may answer stands in the document's text, in order: sentences, items, rows of a table,
            but neither headings, nor the heads of tables, nor headers and footers of pages.
        pages: in a text with pages those on which it stands, in order.
        table_header: of a passage that begins with rows of a table, where the names of their columns stand.
    """

    passage_id: str
    document_id: str
    start: int
    end: int
    quote: str
    text: str
    section: tuple[str, ...]
    search_text: str
    sentences: tuple[Span, ...]
    pages: tuple[Page, ...] = ()
    table_header: Quotation | None = None

    def page_at(self, offset: int) -> Page | None:
        """Return the page on which a character of it stands."""
        if not self.pages:
            return None
        return next((page for page in reversed(self.pages) if page.start <= offset), self.pages[0])

    def row_at(self, offset: int) -> int | None:
        """Return the row of a sheet in which a character of it stands."""
        page = self.page_at(offset)
        if page is None or not page.rows:
            return None
        before = (mark for mark in reversed(page.rows) if mark[0] <= offset)
        line, row = next(before, (0, None))
        return None if row is None else row + self.quote.count("\n", max(line - self.start, 0), offset - self.start)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage is from. Invariant: `quote == document.text[start:end]`."""

    label: str
    document_id: str
    title: str
    source: str
    publisher: str | None
    published: str | None
    url: str | None
    section: tuple[str, ...]
    page: int | None
    page_label: str | None
    sheet: str | None
    row: int | None
    slide: int | None
    part: str | None
    ocr: float | None
    start: int
    end: int
    quote: str
    table_header: Quotation | None
    document_sha256: str


def cite(passage: Passage, document: Document | DocumentFacts, label: str, highlights: Sequence[Span] = ()) -> Citation:
    """Return the citation of a passage of a document; its text is not looked at.

    Args:
        passage: what is cited.
        document: what it is a passage of.
        label: number of the citation, in brackets.
        highlights: what of the passage answers; the citation names the page of the first, or else that on which the
            passage begins; and so with a row.
    """
    offset = highlights[0].start if highlights else passage.start
    page = passage.page_at(offset)
    return Citation(
        label=label,
        document_id=document.document_id,
        source=document.source,
        title=document.title,
        publisher=document.publisher,
        published=document.published,
        url=document.url,
        section=passage.section,
        **_place(page),
        row=passage.row_at(offset),
        ocr=min((each.ocr for each in passage.pages if each.ocr is not None), default=None),
        start=passage.start,
        end=passage.end,
        quote=passage.quote,
        table_header=passage.table_header,
        document_sha256=document.sha256,
    )


def _place(page: Page | None) -> dict[str, Any]:
    """Return what a citation says of a page, or of what stands in the place of one."""
    said: dict[str, Any] = dict.fromkeys(("page", "page_label", "sheet", "slide", "part"))
    if page is None:
        return said
    named = page.label or str(page.number)
    known: dict[PartKind, dict[str, Any]] = {
        PartKind.PAGE: {"page": page.number, "page_label": page.label},
        PartKind.SHEET: {"sheet": page.label},
        PartKind.SLIDE: {"slide": page.number},
        PartKind.PART: {"part": named},
    }
    return said | known[page.kind]


def passage_id_of(document_id: str, quote: str, occurrence: int) -> str:
    """Return the id of the `occurrence`-th passage (from 0) of a document that reads `quote`.

    Offsets are left out on purpose: an edit above a passage moves it but does not rename it.
    """
    return "p_" + sha256(f"{document_id}\0{occurrence}\0{quote}".encode()).hexdigest()[:16]
