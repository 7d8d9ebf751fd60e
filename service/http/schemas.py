"""The JSON that comes out, field by field, as the interactive documentation shows it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.http.examples import ERROR
from service.layout.layout import LONGEST

Responses = dict[int | str, dict[str, Any]]  # by status, as FastAPI describes what a route answers


class SpanOut(BaseModel):
    """A half-open range of code points of the document's text."""

    start: int = Field(description="Offset of the first code point, from 0.")
    end: int = Field(description="Offset after the last code point.")


class QuotationOut(BaseModel):
    """A stretch of the document's text: `quote` is `text[start:end]`, character by character."""

    start: int = Field(description="Offset of the first code point, from 0.")
    end: int = Field(description="Offset after the last code point.")
    quote: str = Field(description="What stands there.")


class CitationOut(BaseModel):
    """Where a passage is from: `quote` is `text[start:end]` of the document, character by character."""

    label: str = Field(description="Number of the passage in this answer, in brackets.")
    document_id: str = Field(description="Id of the document, for `GET /v1/documents/{document_id}`.")
    title: str = Field(description="Title of the document, or else its first line.")
    source: str = Field(description="Name of the file.")
    publisher: str | None = Field(description="Who published it, where that is known.")
    published: str | None = Field(description="When: 2026, 2026-04 or 2026-04-16, as exactly as it is known.")
    url: str | None = Field(description="Where the original stands, where the metadata say so.")
    section: list[str] = Field(description="Headings above the quote, outermost first.")
    page: int | None = Field(
        description="Page of the PDF, from 1, of the first highlight, or else of the quote; null for other files."
    )
    page_label: str | None = Field(description="What is printed on that page, such as iv, where the PDF has labels.")
    sheet: str | None = Field(description="Name of the sheet, of a workbook; chosen as the page is. Else null.")
    row: int | None = Field(description="Row of that sheet, from 1, as it is numbered there; null for other files.")
    slide: int | None = Field(description="Number of the slide, from 1, of a presentation; null for other files.")
    part: str | None = Field(description="Title of the chapter of a book, or else its number; null for other files.")
    ocr: float | None = Field(
        description="How sure it is that the text, which was recognised in a picture, is right, 0 to 1; null where it "
        "was not."
    )
    start: int = Field(description="Offset in Unicode code points; in JavaScript cut with [...text].slice(start, end).")
    end: int = Field(description="Offset after the last code point of the quote.")
    quote: str = Field(description="The passage as the document has it, line breaks and all.")
    table_header: QuotationOut | None = Field(
        description="Where the columns are named, if the quote begins with rows of a table and the names are not in it."
    )
    document_sha256: str = Field(description="Of the document's text in UTF-8.")


class ContextOut(BaseModel):
    """The sentences around a passage, verbatim."""

    before: str = Field(description="What stands right before the quote.")
    after: str = Field(description="What stands right after it.")


class FoundPassageOut(BaseModel):
    """A passage that may answer."""

    rank: int = Field(description="Place in the answer, from 1.")
    passage_id: str = Field(description="Id of the passage; made of its words, so that it survives a rebuild.")
    document_id: str = Field(description="Id of its document.")
    text: str = Field(
        description="The quote with broken lines joined and without characters that nobody sees; it differs in these "
        "and in white space."
    )
    score: float = Field(description="How likely the passage answers, 0 to 1, comparable between questions.")
    scores: dict[str, float] = Field(
        description="The raw scores it comes from: cosines of its vector (`dense`), of its best sentence (`sentence`), "
        "of tokens (`tokens`) and of those of one sentence (`sentence_tokens`), BM25 (`lexical`), and what they come "
        "to (`rerank`)."
    )
    citation: CitationOut = Field(description="Where it is from.")
    highlights: list[SpanOut] = Field(
        description="The answering sentence, and another that answers as well; in offsets of the document's text."
    )
    best_highlight: SpanOut | None = Field(
        None, description="The one of them that answers best; null where there is none."
    )
    context: ContextOut | None = Field(description="What is around it, if `context_sentences` were asked for.")
    also_in: list[CitationOut] = Field(
        description="Where else the same words stand; nothing that matters differs: no number, name or denial."
    )


class PieceOut(SpanOut):
    """A stretch of the document's text that is seen, in one style."""

    styles: list[str] = Field(
        [],
        description="How it is set: `strong`, `emphasis`, `code`; `picture`, what is said of one; `note`, what code is "
        "said to be written in. A line end is `space` or `break`, what a reader sees of it.",
    )
    href: str | None = Field(None, description="The address a link leads to, only if it begins with http: or https:.")


class BlockOut(BaseModel):
    """A part of a text: it has pieces or blocks in it, in the order of the text. What is empty is left out."""

    kind: str = Field(
        description="`heading`, `paragraph`, `code`, `rule`, `quote`, `list` of `item`s, or `table` of a `head`, "
        "which names the columns, and `row`s, both of `cell`s."
    )
    number: int | None = Field(None, description="Level of a heading, 1 to 6; number of an item of a numbered list.")
    pieces: list[PieceOut] = Field([], description="What is seen in it.")
    blocks: list["BlockOut"] = Field([], description="What stands in it.")


class ResultOut(FoundPassageOut):
    """A passage that may answer, and how it is set."""

    layout: list[BlockOut] | None = Field(
        None, description="How the quote is set, if `layout` was asked for, in offsets of the document's text."
    )


class IndexOut(BaseModel):
    """Which state of the index answered; equal ids mean equal documents, model and settings."""

    id: str = Field(description="Name of the state.")
    model: str = Field(description="Name of the embedding model.")
    documents: int = Field(description="How many there are.")
    passages: int = Field(description="How many they were cut into.")


class SearchResponse(BaseModel):
    """The answer to a question."""

    query: str = Field(description="The question as it was asked.")
    language: str = Field(description="ISO 639 code of the question's language; `und` where nothing tells.")
    answerable: bool = Field(description="False: the results are the nearest there are, but should not be trusted.")
    confidence: float = Field(description="How likely the best passage answers, 0 to 1.")
    calibrated: bool = Field(
        description="Whether that was fitted for the model; if not, scores come as they are and nothing is refused."
    )
    no_answer_reason: str | None = Field(description="Why it is not answerable, in words; null where it is.")
    results: list[ResultOut] = Field(description="Passages, best first.")
    index: IndexOut = Field(description="The state of the index that answered.")
    timings_ms: dict[str, float] = Field(
        description="Milliseconds to `encode` the question, to `search`, to `rerank`, and in `total`; in a large index"
        " words are looked up while the question is encoded, and `search` is the rest of that."
    )
    formatted: list[dict[str, Any]] | str | None = Field(
        None, description="The passages in the `format` asked for; left out where that is `json`."
    )
    request_id: str = Field(description="Id of the request, as in the header `X-Request-ID`.")


class BatchResponse(BaseModel):
    """The answers to several questions, in their order."""

    responses: list[SearchResponse] = Field(description="One for each question.")


class PassageOut(BaseModel):
    """A passage by its id."""

    passage_id: str = Field(description="Its id.")
    document_id: str = Field(description="Id of its document.")
    text: str = Field(description="The quote with broken lines joined.")
    citation: CitationOut = Field(description="Where it is from.")
    request_id: str = Field(description="Id of the request.")


class DocumentSummaryOut(BaseModel):
    """A document in a list."""

    document_id: str = Field(description="Its id.")
    source: str = Field(description="Name of the file.")
    title: str = Field(description="Its title, or else its first line.")
    language: str = Field(description="ISO 639 code of its language; `und` where nothing tells.")
    publisher: str | None = Field(description="Who published it.")
    published: str | None = Field(description="When, as exactly as it is known.")
    url: str | None = Field(description="Where the original stands.")
    sha256: str = Field(description="Of its text in UTF-8.")
    characters: int = Field(description="Length of its text in code points.")
    passages: int = Field(description="How many it was cut into.")
    sequence: int = Field(description="Number of the change that last wrote it, which is its ETag.")


class DocumentsOut(BaseModel):
    """A page of the list of documents."""

    documents: list[DocumentSummaryOut] = Field(description="In the order of their ids.")
    next_after: str | None = Field(description="Give it as `after` for the next page; null on the last.")
    request_id: str = Field(description="Id of the request.")


class OriginalOut(BaseModel):
    """A file that is kept; `GET /v1/documents/{document_id}/original` returns it."""

    media_type: str = Field(description="What it is.")
    pages: int | None = Field(description="How many pages it has, where it is a PDF.")
    bytes: int = Field(description="Its size.")


class DocumentOut(BaseModel):
    """A document with its canonical text, which the offsets of all its citations count."""

    document_id: str = Field(description="Its id.")
    source: str = Field(description="Name of the file.")
    title: str = Field(description="Its title, or else its first line.")
    text: str = Field(description="The canonical text, or the part of it that was asked for.")
    start: int = Field(description="Offset of its first code point in the whole text; 0 where no part was asked for.")
    end: int = Field(description="Offset after its last code point.")
    characters: int = Field(description="Length of the whole text in code points.")
    sha256: str = Field(description="Of the whole text in UTF-8.")
    language: str = Field(description="ISO 639 code of its language; `und` where nothing tells.")
    publisher: str | None = Field(description="Who published it.")
    published: str | None = Field(description="When, as exactly as it is known.")
    url: str | None = Field(description="Where the original stands.")
    author: str | None = Field(description="Who wrote it.")
    metadata: dict[str, Any] = Field(description="What else the file says of itself.")
    sequence: int = Field(description="Number of the change that last wrote it, as in the header `ETag`.")
    original: OriginalOut | None = Field(description="The file it was read from, where that is kept.")
    layout: list[BlockOut] | None = Field(
        None,
        description="How the text is set, if `layout` was asked for, as far as it is in that part; null where the file "
        f"is not set as Markdown: it is plain text or PDF, or longer than {LONGEST:,} characters.",
    )
    request_id: str = Field(description="Id of the request.")


class StatusOut(BaseModel):
    """Whether the service is there."""

    status: str = Field(description="`ok` or `ready`.")


class ErrorOut(BaseModel):
    """The one form of every error."""

    model_config = ConfigDict(json_schema_extra={"examples": [ERROR]})

    error: str = Field(description="What is wrong, with its value and the way out.")
    error_type: str = Field(description="Name of the kind of error, for programs.")
    request_id: str = Field(
        description="Id of the request, as in `X-Request-ID`; what is not told here of a failure is logged under it."
    )


def errors_in(form: type[BaseModel], descriptions: Mapping[int, str]) -> Responses:
    """Return errors of one form as routes describe them, by their statuses."""
    return {status: {"model": form, "description": description} for status, description in descriptions.items()}
