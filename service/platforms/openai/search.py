"""OpenAI's search of a vector store: `client.vector_stores.search` with this service as `base_url`."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from corpus.splitting.hidden import seen_in_one_line
from index.answer import Result, SearchResult
from index.filters.names import Value
from index.query import MAX_K, Query
from service.citations import Base, attributes, base_of, told_text
from service.http.access import Scope
from service.http.examples import ATTRIBUTES, DOCUMENT_ID, QUESTIONS, TEXT
from service.http.filters import Filter, OneOrSeveral
from service.http.opened import called
from service.http.requests import MAX_QUERIES
from service.http.rules import asks
from service.platforms.openai.attributes import LONGEST, MOST, attributes_of
from service.platforms.openai.errors import ERRORS, TOO_LARGE
from service.platforms.openai.models import VectorStoreId
from service.platforms.questions import KEPT, QUESTION, fitting
from service.views import DECIMALS

# What clients need to show where a passage is from; the other attributes of ours make room for the document's own.
NEEDED = ("document_id", "passage_id", "title", "url", "published_at", "start", "end", "document_sha256", "answerable")
VECTOR_STORE_SEARCHES: list[Any] = [
    {"query": QUESTIONS[0], "max_num_results": 5},
    {
        "query": QUESTIONS,
        "filters": {
            "type": "and",
            "filters": [
                {"type": "gte", "key": "published_at", "value": "2022"},
                {"type": "in", "key": "language", "value": ["zh", "en"]},
            ],
        },
        "ranking_options": {"score_threshold": 0.5},
    },
]


class RankingOptions(BaseModel):
    """How results are ranked."""

    ranker: str | None = Field(None, description="Passed over: there is one ranking.")
    score_threshold: float | None = Field(None, ge=0, le=1, description="Results with a lower score are left out.")


class VectorStoreSearchRequest(BaseModel):
    """A question as OpenAI's clients ask it; fields of later versions are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": VECTOR_STORE_SEARCHES})

    query: OneOrSeveral = Field(
        min_length=1,
        max_length=MAX_QUERIES,
        json_schema_extra={**QUESTION, "items": {"type": "string", **QUESTION}},
        description=f"A question, or several whose results are merged; {KEPT}.",
    )
    max_num_results: int = Field(10, ge=1, le=MAX_K, description="How many passages at most.")
    filters: Filter | None = Field(None, description="Which documents may answer.")
    ranking_options: RankingOptions | None = Field(None, description="How good passages must be.")
    rewrite_query: bool = Field(False, description="Passed over: questions are searched as they are asked.")

    def to_queries(self, request: Request) -> list[Query]:
        """Return the queries for the index."""
        options = self.ranking_options
        threshold = 0.0 if options is None else options.score_threshold or 0.0
        condition = None if self.filters is None else self.filters.condition()
        texts = [fitting(each, request) for each in self.query]
        return [Query(each, self.max_num_results, condition, min_confidence=threshold) for each in texts]


class ContentOut(BaseModel):
    """A text."""

    type: Literal["text"] = Field(description="Always that.")
    text: str = Field(
        description="The passage, with broken lines joined, rows of a table under the names of their columns."
    )


class VectorStoreResultOut(BaseModel):
    """A passage as OpenAI's clients take it."""

    file_id: str = Field(description="The document's id.")
    filename: str = Field(description="Name of the document's file.")
    score: float = Field(description="How likely the passage answers, 0 to 1.")
    attributes: dict[str, Value] = Field(description="Where it is from; what is not known is left out.")
    content: list[ContentOut] = Field(description="The passage, as one text.")


class VectorStoreSearchResponse(BaseModel):
    """Passages, best first."""

    object: Literal["vector_store.search_results.page"] = Field(description="Always that.")
    search_query: list[str] = Field(description="The questions, as they were searched for.")
    data: list[VectorStoreResultOut] = Field(description="One for each passage.")
    has_more: bool = Field(description="Always false: all results are here.")
    next_page: str | None = Field(description="Always null.")


router = APIRouter(tags=["platforms"])


@router.post(
    "/v1/vector_stores/{vector_store_id}/search",
    response_model=VectorStoreSearchResponse,
    responses={**ERRORS, **TOO_LARGE},
)
@asks
async def search_vector_store(
    request: Request,
    vector_store_id: VectorStoreId,
    body: VectorStoreSearchRequest,
) -> dict[str, Any]:
    """Answer as a vector store of OpenAI."""
    collection = await called(request, vector_store_id, Scope.READ)
    queries = body.to_queries(request)
    answers = await collection.search_each(queries, lambda answer: answer)
    base = base_of(request, collection.name)
    found = _merged(answers)[: body.max_num_results]
    ids = {result.document_id for result, _ in found}
    facts = await collection.read(lambda reader: reader.facts(ids))
    own = {each: attributes_of(facts[each]) for each in facts}
    return {
        "object": "vector_store.search_results.page",
        "search_query": [each.text for each in queries],
        "data": [_result(*each, base, own.get(each[0].document_id, {})) for each in found],
        "has_more": False,
        "next_page": None,
    }


def _merged(answers: list[SearchResult]) -> list[tuple[Result, SearchResult]]:
    """Return the results of all answers, best first; each passage once, as an answer to the question it fits best."""
    found = [(result, answer) for answer in answers for result in answer.results]
    best: dict[str, tuple[Result, SearchResult]] = {}
    for each in sorted(found, key=lambda each: -each[0].score):
        best.setdefault(each[0].passage_id, each)
    return list(best.values())


def _result(result: Result, answer: SearchResult, base: Base, own: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "file_id": result.document_id,
        "filename": seen_in_one_line(result.citation.source),
        "score": round(result.score, DECIMALS),
        "attributes": _attributes(attributes(result, answer, base), own),
        "content": [{"type": "text", "text": told_text(result)}],
    }


def _attributes(place: Mapping[str, Value], own: Mapping[str, Value]) -> dict[str, Value]:
    """Return where a result is from and what is known of its document, as many attributes as there may be."""
    needed = {name: value for name, value in place.items() if name in NEEDED}
    pairs = {**needed, **{name: value for name, value in own.items() if name not in needed}, **place}
    return {name: _short(value) for name, value in list(pairs.items())[:MOST]}


def _short(value: Value) -> Value:
    return seen_in_one_line(value)[:LONGEST] if isinstance(value, str) else value


EXAMPLES: Mapping[str, list[Any]] = {
    "VectorStoreSearchResponse": [
        {
            "object": "vector_store.search_results.page",
            "search_query": ["how many boats can the harbour hold"],
            "data": [
                {
                    "file_id": DOCUMENT_ID,
                    "filename": "harbour.md",
                    "score": 0.93,
                    "attributes": ATTRIBUTES,
                    "content": [{"type": "text", "text": TEXT}],
                }
            ],
            "has_more": False,
            "next_page": None,
        }
    ],
}
