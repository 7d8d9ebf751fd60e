"""What goes in: the JSON of a question and the parameters of an address, field by field."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from corpus.errors import InvalidInput
from corpus.store.stored import Selection
from index.query import Query, day_of
from service.http import bounds
from service.http.examples import QUESTIONS, SEARCHES
from service.http.filters import FiltersIn, OneOrSeveral, PlainFilters, Request, metadata_of

MAX_PAGE = 1000
MAX_QUERIES = 32  # in one request
MAX_WORDS = 200  # characters of what a title is looked for by
NAMED = "Name of the collection; `default` where none is named."

Format = Literal["json", "claude", "cohere", "markdown"]


def checked_limit(limit: int) -> int:
    """Return how many a list may hold at most.

    Raises:
        InvalidInput: if it is out of bounds.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInput(f"limit is {limit}; give 1 to {MAX_PAGE}")
    return limit


class SearchOptions(Request):
    """What a question may ask for beside its words. Bounds are checked by `index.query`, once for all entrances."""

    k: int = Field(5, json_schema_extra=bounds.K, description="How many passages at most, 1 to 50.")
    context_sentences: int = Field(
        0, json_schema_extra=bounds.CONTEXT, description="Sentences to give before and after each passage, 0 to 10."
    )
    min_confidence: float = Field(
        0.0, json_schema_extra=bounds.SHARE, description="Passages with a lower score are left out, 0 to 1."
    )
    today: str | None = Field(
        None,
        json_schema_extra=bounds.DAY,
        description="The day from which last year is counted in the question, as 2026-04-16; else the service's own.",
    )
    max_chars: int | None = Field(
        None,
        ge=1,
        description="Room for the `text` of all passages together, in characters. They are taken best first; of the "
        "one that goes beyond, whole sentences around the answering one.",
    )

    def day(self) -> date | None:
        """Return the day from which last year is counted, if one was given.

        Raises:
            InvalidInput: if it is none.
        """
        return None if self.today is None else day_of(self.today)


class AnswerOptions(SearchOptions):
    """What the native interface offers besides: the answer as a chatbot's model takes it."""

    format: Format = Field(
        "json",
        description="Adds `formatted` to the answer: for `claude` search result blocks, a sentence each text; for "
        "`cohere` documents; for `markdown` a text for a prompt, the passages numbered as their labels are.",
    )
    layout: bool = Field(
        False,
        description="Adds `layout` to each result: headings, lists, tables and emphasis of its quote, by offsets.",
    )


class SearchRequest(AnswerOptions):
    """A question, or several of which each is answered by itself."""

    model_config = ConfigDict(
        strict=True,  # JSON has numbers of its own; true is no number, and "5" is a text
        json_schema_extra={"examples": SEARCHES, "oneOf": [{"required": ["query"]}, {"required": ["queries"]}]},
    )

    collection: str | None = Field(None, json_schema_extra=bounds.COLLECTION, description=NAMED)
    query: str = Field(
        "",
        json_schema_extra=bounds.QUESTION,
        description="What is asked, in any language, at most 2,048 characters.",
    )
    queries: list[Annotated[str, Field(json_schema_extra=bounds.QUESTION)]] = Field(
        [],
        json_schema_extra={"minItems": 1, "maxItems": MAX_QUERIES},
        description=f"Instead of `query`: 1 to {MAX_QUERIES} questions.",
    )
    filters: FiltersIn = Field(FiltersIn.model_validate({}), description="Which documents may answer.")

    def to_queries(self) -> list[Query]:
        """Return the queries for the index, one unless there are several.

        Raises:
            InvalidInput: if there is none, or a question is no question; it is named by its number.
        """
        given = self.model_fields_set & {"query", "queries"}
        if len(given) != 1:
            raise InvalidInput("query and queries are given; give one of them" if given else "query is missing")
        if "query" in given:
            return [self._query(self.query)]
        if not 1 <= len(self.queries) <= MAX_QUERIES:
            raise InvalidInput(f"queries has {len(self.queries)} questions; give 1 to {MAX_QUERIES}")
        return [self._numbered(number, text) for number, text in enumerate(self.queries)]

    def _numbered(self, number: int, text: str) -> Query:
        try:
            return self._query(text)
        except InvalidInput as error:
            raise InvalidInput(f"queries.{number}: {error}") from None

    def _query(self, text: str) -> Query:
        condition = self.filters.condition() if self.filters.model_fields_set else None
        return Query(text, self.k, condition, self.context_sentences, self.min_confidence, today=self.day())


class SearchParameters(AnswerOptions, PlainFilters):
    """A question as the parameters of a URL."""

    q: str = Field(
        json_schema_extra=bounds.QUESTION,
        description="What is asked, in any language, at most 2,048 characters.",
        examples=QUESTIONS,
    )
    collection: str | None = Field(None, json_schema_extra=bounds.COLLECTION, description=NAMED)
    metadata: OneOrSeveral = Field(
        [], json_schema_extra=bounds.PAIRS, description="`key:value` of the document's own metadata, or several."
    )

    def to_query(self) -> Query:
        """Return the query for the index."""
        condition = self.condition_with(metadata_of(self.metadata))
        return Query(self.q, self.k, condition, self.context_sentences, self.min_confidence, today=self.day())


class ListParameters(Request):
    """Which page of a list, and of which documents."""

    collection: str | None = Field(None, json_schema_extra=bounds.COLLECTION, description=NAMED)
    q: str = Field("", max_length=MAX_WORDS, description="What stands in the title or the file's name, in any case.")
    language: str = Field("", description="Language of the text.")
    source: str = Field("", description="Name of the file.")

    limit: int = Field(
        100, json_schema_extra=bounds.between(1, MAX_PAGE), description=f"How many at most, 1 to {MAX_PAGE}."
    )
    after: str = Field("", description="The `next_after` of the page before.")

    def selection(self) -> Selection:
        """Return which documents are listed."""
        return Selection(self.q, self.language, self.source)
