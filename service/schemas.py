"""The JSON that goes in and out, field by field, as the interactive documentation shows it."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from index.query import Filters, Query
from service.examples import ERROR, QUESTIONS, SEARCHES

MAX_PAGE = 1000


class Request(BaseModel):
    """What all requests share: a field we do not know is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _without_half_pairs(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("it holds half of a surrogate pair; send it as UTF-8")
    return value


Value = Annotated[str, AfterValidator(_without_half_pairs)]
OneOrSeveral = Annotated[list[Value], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)]


class FiltersIn(Request):
    """Which documents may answer; every condition given must hold."""

    source: OneOrSeveral = Field([], description="File name, or several.")
    document_id: OneOrSeveral = Field([], description="Document id, or several.")
    language: OneOrSeveral = Field([], description="ISO 639 code of the document's language, or several.")
    published_after: str | None = Field(None, description="This date or later: 2026, 2026-04 or 2026-04-16.")
    published_before: str | None = Field(None, description="This date or earlier.")
    mentions_year: int | None = Field(None, description="The passage names this year, or hints at it as 去年 does.")

    def filters(self) -> Filters:
        """Return the filters for the index."""
        return Filters(
            source=tuple(self.source),
            document_id=tuple(self.document_id),
            language=tuple(self.language),
            published_after=self.published_after,
            published_before=self.published_before,
            mentions_year=self.mentions_year,
        )


class SearchOptions(Request):
    """What a question may ask for beside its words. Bounds are checked by `index.query`, once for all entrances."""

    k: int = Field(5, description="How many passages at most, 1 to 50.")
    context_sentences: int = Field(0, description="Sentences to give before and after each passage, 0 to 10.")
    min_confidence: float = Field(0.0, description="Passages with a lower score are left out, 0 to 1.")


class SearchRequest(SearchOptions):
    """A question."""

    model_config = ConfigDict(
        strict=True,  # JSON has numbers of its own; true is no number, and "5" is a text
        json_schema_extra={"examples": SEARCHES},
    )

    query: str = Field(description="What is asked, in any language, at most 2,048 characters.")
    filters: FiltersIn = FiltersIn.model_validate({})

    def to_query(self) -> Query:
        """Return the query for the index."""
        return Query(self.query, self.k, self.filters.filters(), self.context_sentences, self.min_confidence)


class SearchParameters(SearchOptions, FiltersIn):
    """A question as the parameters of a URL."""

    q: str = Field(description="What is asked, in any language, at most 2,048 characters.", examples=QUESTIONS)

    def to_query(self) -> Query:
        """Return the query for the index."""
        return Query(self.q, self.k, self.filters(), self.context_sentences, self.min_confidence)


class ListParameters(Request):
    """Which page of a list."""

    limit: int = Field(100, description=f"How many at most, 1 to {MAX_PAGE}.")
    after: str = Field("", description="The `next_after` of the page before.")


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

    model_config = ConfigDict(json_schema_extra={"examples": [ERROR]})

    error: str = Field(description="What is wrong, with its value and the way out.")
    error_type: str
    request_id: str
