"""The JSON that goes in and out, field by field, as the interactive documentation shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from index.query import Filters, Query


class Request(BaseModel):
    """What all requests share: a field we do not know is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Request):
    """Which documents may answer; every condition given must hold."""

    source: list[str] | str = Field([], description="File name, or several.")
    document_id: list[str] | str = Field([], description="Document id, or several.")
    language: list[str] | str = Field([], description="ISO 639 code of the document's language, or several.")
    published_after: str | None = Field(None, description="This date or later: 2026, 2026-04 or 2026-04-16.")
    published_before: str | None = Field(None, description="This date or earlier.")

    def filters(self) -> Filters:
        """Return the filters for the index."""
        return Filters(
            source=_several(self.source),
            document_id=_several(self.document_id),
            language=_several(self.language),
            published_after=self.published_after,
            published_before=self.published_before,
        )


class SearchOptions(Request):
    """What a question may ask for beside its words. Bounds are checked by `index.query`, once for all entrances."""

    k: int = Field(5, description="How many passages at most, 1 to 50.")
    context_sentences: int = Field(0, description="Sentences to give before and after each passage, 0 to 10.")
    min_confidence: float = Field(0.0, description="Passages with a lower score are left out, 0 to 1.")


class SearchRequest(SearchOptions):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"query": "how many Yunnan workers came to Shanghai in 2022", "k": 5},
                {
                    "query": "青浦和德宏签了什么文件",
                    "filters": {"published_after": "2026"},
                    "context_sentences": 1,
                },
            ]
        }
    )

    query: str = Field(description="What is asked, in any language, at most 2,048 characters.")
    filters: FiltersIn = FiltersIn.model_validate({})

    def to_query(self) -> Query:
        """Return the query for the index."""
        return Query(self.query, self.k, self.filters.filters(), self.context_sentences, self.min_confidence)


class SearchParameters(SearchOptions, FiltersIn):
    """A question as the parameters of a URL."""

    q: str = Field(description="What is asked, in any language, at most 2,048 characters.")

    def to_query(self) -> Query:
        """Return the query for the index."""
        return Query(self.q, self.k, self.filters(), self.context_sentences, self.min_confidence)


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
    page: int | None
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
    request_id: str


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

    error: str = Field(description="What is wrong, with its value and the way out.")
    error_type: str
    request_id: str


def _several(value: list[str] | str) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
