"""The JSON that comes out, field by field, as the interactive documentation shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.examples import ERROR


class SpanOut(BaseModel):
    """A half-open range of code points of the document's text."""

    start: int
    end: int


class CitationOut(BaseModel):
    """Where a passage is from: `quote` is `text[start:end]` of the document, character by character."""

    label: str
    document_id: str
    title: str
    source: str
    publisher: str | None
    published: str | None
    url: str | None
    section: list[str]
    page: int | None = Field(description="Page of the PDF on which the quote begins, from 1; null for other files.")
    start: int = Field(description="Offset in Unicode code points; in JavaScript cut with [...text].slice(start, end).")
    end: int
    quote: str
    document_sha256: str = Field(description="Of the document's text in UTF-8.")


class ContextOut(BaseModel):
    """The sentences around a passage, verbatim."""

    before: str
    after: str


class ResultOut(BaseModel):
    """A passage that may answer."""

    rank: int
    passage_id: str
    document_id: str
    text: str = Field(description="The quote with broken lines joined; it differs in white space only.")
    score: float = Field(description="How likely the passage answers, 0 to 1, comparable between questions.")
    scores: dict[str, float] = Field(description="The raw scores it comes from.")
    citation: CitationOut
    highlights: list[SpanOut] = Field(description="The answering sentence, in offsets of the document's text.")
    context: ContextOut | None
    also_in: list[CitationOut]


class IndexOut(BaseModel):
    """Which state of the index answered; equal ids mean equal documents, model and settings."""

    id: str
    model: str
    documents: int
    passages: int


class SearchResponse(BaseModel):
    """The answer to a question."""

    query: str
    language: str
    answerable: bool = Field(description="False: the results are the nearest there are, but should not be trusted.")
    confidence: float
    no_answer_reason: str | None
    results: list[ResultOut]
    index: IndexOut
    timings_ms: dict[str, float]
    formatted: list[dict[str, Any]] | str | None = Field(
        None, description="The passages in the `format` asked for; left out where that is `json`."
    )
    request_id: str


class BatchResponse(BaseModel):
    """The answers to several questions, in their order."""

    responses: list[SearchResponse]


class PassageOut(BaseModel):
    """A passage by its id."""

    passage_id: str
    document_id: str
    text: str
    citation: CitationOut
    request_id: str


class DocumentSummaryOut(BaseModel):
    """A document in a list."""

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


class DocumentsOut(BaseModel):
    """A page of the list of documents."""

    documents: list[DocumentSummaryOut]
    next_after: str | None = Field(description="Give it as `after` for the next page; null on the last.")
    request_id: str


class DocumentOut(BaseModel):
    """A document with its canonical text, which the offsets of all its citations count."""

    document_id: str
    source: str
    title: str
    text: str
    sha256: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    author: str | None
    metadata: dict[str, Any]
    request_id: str


class StatusOut(BaseModel):
    """Whether the service is there."""

    status: str


class ErrorOut(BaseModel):
    """The one form of every error."""

    model_config = ConfigDict(json_schema_extra={"examples": [ERROR]})

    error: str = Field(description="What is wrong, with its value and the way out.")
    error_type: str
    request_id: str
