"""OpenAI's search of a vector store: `client.vector_stores.search` with this service as `base_url`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from corpus.splitting.hidden import seen_in_one_line
from index.answer import Result, SearchResult
from index.filters.names import Value
from index.query import MAX_K, Query
from service.citations import Base, attributes, base_of
from service.errors import Problem
from service.http.access import Scope
from service.http.examples import ATTRIBUTES, DOCUMENT_ID, QUESTIONS, TEXT
from service.http.filters import Filter, OneOrSeveral
from service.http.opened import called
from service.http.requests import MAX_QUERIES
from service.http.routes import may_read
from service.http.schemas import errors_in
from service.platforms.platform import Platform
from service.views import DECIMALS

LONGEST_ATTRIBUTE = 512  # characters; OpenAI promises its clients no longer ones
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
        min_length=1, max_length=MAX_QUERIES, description="A question, or several whose results are merged."
    )
    max_num_results: int = Field(10, ge=1, le=MAX_K, description="How many passages at most.")
    filters: Filter | None = Field(None, description="Which documents may answer.")
    ranking_options: RankingOptions | None = Field(None, description="How good passages must be.")
    rewrite_query: bool = Field(False, description="Passed over: questions are searched as they are asked.")

    def to_queries(self) -> list[Query]:
        """Return the queries for the index."""
        options = self.ranking_options
        threshold = 0.0 if options is None else options.score_threshold or 0.0
        condition = None if self.filters is None else self.filters.condition()
        return [Query(each, self.max_num_results, condition, min_confidence=threshold) for each in self.query]


class ContentOut(BaseModel):
    """A text."""

    type: Literal["text"] = Field(description="Always that.")
    text: str = Field(description="The passage, with broken lines joined.")


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
    search_query: list[str] = Field(description="The questions, as they were asked.")
    data: list[VectorStoreResultOut] = Field(description="One for each passage.")
    has_more: bool = Field(description="Always false: all results are here.")
    next_page: str | None = Field(description="Always null.")


class OpenAIErrorDetail(BaseModel):
    """What went wrong."""

    message: str = Field(description="What is wrong, with its value and the way out.")
    type: str = Field(description="`server_error` or `invalid_request_error`.")
    param: str | None = Field(description="Always null; the message names the field.")
    code: str | None = Field(description="`invalid_api_key` where the key is the reason, else null.")


class OpenAIError(BaseModel):
    """An error as OpenAI's clients read it."""

    error: OpenAIErrorDetail = Field(description="What failed, and why.")


def error_form(problem: Problem) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the status and the JSON of an error, so that OpenAI's clients raise the class meant for it."""
    status, code = problem.status, None
    if status is HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        status, code = HTTPStatus.UNAUTHORIZED, "invalid_api_key"
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    return status, {"error": {"message": problem.message, "type": kind, "param": None, "code": code}}


router = APIRouter(tags=["platforms"], dependencies=[Depends(may_read)])
ERRORS = errors_in(
    OpenAIError,
    {
        400: "A value is missing, malformed or out of bounds.",
        401: "No key, or the wrong one.",
        404: "There is no vector store of that id.",
        413: "The body is too large.",
        503: "Not loaded yet, or overloaded; see Retry-After.",
    },
)


VectorStoreId = Annotated[
    str,
    Path(description="A collection, or the setting WHEREFROM_KNOWLEDGE_ID for `default`.", examples=["wherefrom"]),
]


@router.post("/v1/vector_stores/{vector_store_id}/search", response_model=VectorStoreSearchResponse, responses=ERRORS)
async def search_vector_store(
    request: Request,
    vector_store_id: VectorStoreId,
    body: VectorStoreSearchRequest,
) -> dict[str, Any]:
    """Answer as a vector store of OpenAI."""
    collection = await called(request, vector_store_id, Scope.READ)
    answers = [await collection.search(query) for query in body.to_queries()]
    base = base_of(request, collection.name)
    return {
        "object": "vector_store.search_results.page",
        "search_query": body.query,
        "data": [_result(*each, base) for each in _merged(answers)[: body.max_num_results]],
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


def _result(result: Result, answer: SearchResult, base: Base) -> dict[str, Any]:
    return {
        "file_id": result.document_id,
        "filename": seen_in_one_line(result.citation.source),
        "score": round(result.score, DECIMALS),
        "attributes": {name: _short(value) for name, value in attributes(result, answer, base).items()},
        "content": [{"type": "text", "text": result.text}],
    }


def _short(value: Value) -> Value:
    return value[:LONGEST_ATTRIBUTE] if isinstance(value, str) else value


PLATFORM = Platform(
    "OpenAI's vector stores",
    router,
    {
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
        "OpenAIError": [
            {
                "error": {
                    "message": "max_num_results is 100: Input should be less than or equal to 50",
                    "type": "invalid_request_error",
                    "param": None,
                    "code": None,
                }
            }
        ],
    },
    paths="/v1/vector_stores/.*",
    error_form=error_form,
)
