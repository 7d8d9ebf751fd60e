"""The passage: a stretch of a document that is found; and the citation: how an answer says where it is from."""

from dataclasses import dataclass
from hashlib import sha256

from corpus.document import Document, DocumentFacts


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of code points of a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]


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
            but neither headings nor the heads of tables.
        page: in a text with pages the number, from 1, of the one on which it begins; it may end on the next.
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
    page: int | None = None


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
    start: int
    end: int
    quote: str
    document_sha256: str


def cite(passage: Passage, document: Document | DocumentFacts, label: str) -> Citation:
    """Return the citation of a passage of a document; its text is not looked at."""
    return Citation(
        label=label,
        document_id=document.document_id,
        source=document.source,
        title=document.title,
        publisher=document.publisher,
        published=document.published,
        url=document.url,
        section=passage.section,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        quote=passage.quote,
        document_sha256=document.sha256,
    )


def passage_id_of(document_id: str, quote: str, occurrence: int) -> str:
    """Return the id of the `occurrence`-th passage (from 0) of a document that reads `quote`.

    Offsets are left out on purpose: an edit above a passage moves it but does not rename it.
    """
    return "p_" + sha256(f"{document_id}\0{occurrence}\0{quote}".encode()).hexdigest()[:16]
