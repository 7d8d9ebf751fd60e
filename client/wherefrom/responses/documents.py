"""What a service answers of documents, read and written."""

from typing import Any

from wherefrom.responses.response import Response
from wherefrom.responses.search import Block


class DocumentSummary(Response):
    """A document in a list; `characters` counts the code points of its text, `sha256` is of that text in UTF-8.

    `sequence` is of this version; `if_match` of a write names it.
    """

    document_id: str
    source: str
    title: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    sha256: str
    characters: int
    passages: int
    sequence: int


class Documents(Response):
    """A page of the list of documents; `next_after` leads to the next page, and is `None` on the last."""

    documents: list[DocumentSummary]
    next_after: str | None
    request_id: str


class Original(Response):
    """The file that a document was read from: how large it is, and how many pages it has if it is a PDF."""

    media_type: str
    pages: int | None
    bytes: int


class Document(Response):
    """A document with its canonical text, which the offsets of all its citations count, or with a part of it.

    `text` is from `start` to `end` of all `characters`. `sha256` is of the whole text in UTF-8, `metadata` what else
    the file says of itself; `layout` tells how it is set, if that was asked for and the file is Markdown. `sequence`
    is of this version, which `if_match` of a write names, and `original` tells of the file that it was read from,
    where that is kept.
    """

    document_id: str
    source: str
    title: str
    text: str
    start: int
    end: int
    characters: int
    sha256: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    author: str | None
    metadata: dict[str, Any]
    sequence: int
    original: Original | None
    layout: list[Block] | None = None
    request_id: str


class Written(Response):
    """What became of a document that was written.

    Attributes:
        document_id: of the document.
        passages: that it is cut into.
        sequence: of this version; `if_match` of a later write names it.
        outcome: `added`, `updated` or `unchanged`.
        request_id: by which the service's log tells more.
    """

    document_id: str
    passages: int
    sequence: int
    outcome: str
    request_id: str


class BatchLine(Response):
    """What became of one document of several.

    Attributes:
        line: which of them, from 1.
        status: of HTTP, as if it had been sent alone; 400 and above are refusals.
        document_id: of the document, where it was understood.
        passages: that it is cut into.
        sequence: of this version.
        outcome: `added`, `updated` or `unchanged`.
        error: why it was refused.
        error_type: name of that error.
    """

    line: int
    status: int
    document_id: str | None = None
    passages: int | None = None
    sequence: int | None = None
    outcome: str | None = None
    error: str | None = None
    error_type: str | None = None

    @property
    def refused(self) -> bool:
        """Whether nothing was written."""
        return self.error is not None
