"""What a service answers to a question: passages, each with its citation."""

from typing import Any

from pydantic import Field

from wherefrom.responses.response import Response


class Span(Response):
    """A half-open range of code points of a document's text."""

    start: int
    end: int


class Quotation(Response):
    """A stretch of a document's text: `quote` is `text[start:end]`, character by character."""

    start: int
    end: int
    quote: str


class Citation(Response):
    """Where a passage is from: `quote` is `text[start:end]` of its document, character by character.

    Attributes:
        label: number of the passage in its answer, in brackets.
        document_id: by which the service gives the document.
        title: of the document, or else its first line.
        source: name of the file.
        publisher: who published it, where that is known.
        published: 2026, 2026-04 or 2026-04-16, as exactly as it is known.
        url: where the original stands, where the metadata say so.
        section: headings above the quote, outermost first.
        page: of the PDF, from 1, on which the first highlight begins, or else the quote; `None` for other files.
        page_label: what is printed on that page, where the PDF has labels.
        sheet: the name of the sheet, of a workbook.
        row: of that sheet, from 1, as it is numbered there.
        slide: number of the slide, from 1, of a presentation.
        part: title of the chapter of a book, or else its number.
        ocr: how sure it is that the text, which was recognised in a picture, is right, 0 to 1.
        start: first code point of the quote in the document's text, from 0.
        end: one past the last.
        quote: the passage as the document has it, line breaks and all.
        table_header: where the columns are named, if the quote begins with rows of a table without their names.
        document_sha256: of the document's text in UTF-8.
    """

    label: str
    document_id: str
    title: str
    source: str
    publisher: str | None
    published: str | None
    url: str | None
    section: list[str]
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


class Context(Response):
    """The sentences around a passage, verbatim."""

    before: str
    after: str


class Piece(Response):
    """A stretch of the document's text that is seen: how it is set, and the address of the web that it leads to."""

    start: int
    end: int
    styles: list[str] = Field(default_factory=list)
    href: str | None = None


class Block(Response):
    """A part of a text: it has pieces, or blocks in it; `number` is a heading's level or that of an item of a list."""

    kind: str
    number: int | None = None
    pieces: list[Piece] = Field(default_factory=list)
    blocks: list["Block"] = Field(default_factory=list)


class Result(Response):
    """A passage that may answer.

    Attributes:
        rank: place in the answer, from 1.
        passage_id: made of the passage's words, so that it survives a rebuild.
        document_id: of its document.
        text: the quote with broken lines joined.
        score: how likely the passage answers, 0 to 1, comparable between questions.
        scores: the raw scores it comes from, by name.
        citation: where it is from.
        highlights: the answering sentence, and another that answers as well, in offsets of the document's text.
        best_highlight: the one of them that answers best.
        context: what is around it, if `context_sentences` were asked for.
        also_in: where else the same words stand; nothing that matters differs.
        layout: how the quote is set, if it was asked for.
    """

    rank: int
    passage_id: str
    document_id: str
    text: str
    score: float
    scores: dict[str, float]
    citation: Citation
    highlights: list[Span]
    best_highlight: Span | None = None
    context: Context | None
    also_in: list[Citation]
    layout: list[Block] | None = None


class Index(Response):
    """Which state of the index answered; equal ids mean equal documents, model and settings."""

    id: str
    model: str
    documents: int
    passages: int


class SearchResponse(Response):
    """The answer to a question.

    Attributes:
        query: the question as it was asked.
        language: ISO 639 code of the question's language; `und` where nothing tells.
        answerable: `False` where the results are the nearest there are, but should not be trusted.
        confidence: how likely the best passage answers, 0 to 1.
        calibrated: whether that was fitted for the model; if not, scores are taken as they come.
        no_answer_reason: why it is not answerable, in words.
        results: passages, best first.
        index: the state of the index that answered.
        timings_ms: milliseconds spent, by stage, and in `total`.
        formatted: the passages in the `format` asked for.
        request_id: by which the service's log tells more.
    """

    query: str
    language: str
    answerable: bool
    confidence: float
    calibrated: bool
    no_answer_reason: str | None
    results: list[Result]
    index: Index
    timings_ms: dict[str, float]
    formatted: list[dict[str, Any]] | str | None = None
    request_id: str


class BatchResponse(Response):
    """The answers to several questions, in their order."""

    responses: list[SearchResponse]


class Passage(Response):
    """A passage by its id; `text` is the quote with broken lines joined."""

    passage_id: str
    document_id: str
    text: str
    citation: Citation
    request_id: str
