"""Dify's external knowledge: `POST /retrieval` under the address that is registered there.

When an address is registered, Dify posts nothing but the key, and takes every answer but 403, 404 and 502 for a yes.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from corpus.errors import InvalidInput
from corpus.splitting.hidden import seen_in_one_line
from index.answer import Result, SearchResult
from index.filters.comparing import Operator
from index.filters.conditions import And, Condition, Not, Or
from index.filters.making import compared
from index.filters.names import Value
from index.query import MAX_K, Query
from service.citations import Base, attributes, base_of, told_text
from service.errors import Problem
from service.http.access import Scope
from service.http.examples import ATTRIBUTES, QUESTIONS, TEXT
from service.http.filters import OneOrSeveral
from service.http.opened import called
from service.http.rules import asks, open_to_all
from service.http.schemas import StatusOut, errors_in
from service.platforms.platform import Platform
from service.platforms.questions import ASKED, QUESTION, fitting
from service.views import DECIMALS

DEFAULT_K = 5
COMMA = re.compile(r"[,，]")
# What each operator is, and whether it is that or its opposite.
OPERATORS: Mapping[str, tuple[Operator, bool]] = {
    "contains": (Operator.CONTAINS, False),
    "not contains": (Operator.CONTAINS, True),
    "start with": (Operator.STARTS_WITH, False),
    "end with": (Operator.ENDS_WITH, False),
    "is": (Operator.IS, False),
    "is not": (Operator.IS, True),
    "in": (Operator.IS, False),
    "not in": (Operator.IS, True),
    "empty": (Operator.EMPTY, False),
    "not empty": (Operator.EMPTY, True),
    "=": (Operator.IS, False),
    "==": (Operator.IS, False),
    "≠": (Operator.IS, True),
    "!=": (Operator.IS, True),
    ">": (Operator.GREATER, False),
    "<": (Operator.LESS, False),
    "≥": (Operator.GREATER_OR_EQUAL, False),
    ">=": (Operator.GREATER_OR_EQUAL, False),
    "≤": (Operator.LESS_OR_EQUAL, False),
    "<=": (Operator.LESS_OR_EQUAL, False),
    "before": (Operator.BEFORE, False),
    "after": (Operator.AFTER, False),
}
CODES = {"Unauthorized": 1001, "Forbidden": 1002, "NotFound": 2001}

RETRIEVALS: list[Any] = [
    {
        "knowledge_id": "wherefrom",
        "query": QUESTIONS[0],
        "retrieval_setting": {"top_k": 5, "score_threshold": 0.0},
    },
    {
        "knowledge_id": "wherefrom",
        "query": QUESTIONS[1],
        "retrieval_setting": {"top_k": 3, "score_threshold": 0.5},
        "metadata_condition": {
            "logical_operator": "and",
            "conditions": [
                {"name": "published_at", "comparison_operator": "after", "value": "2022-01-01"},
                {"name": ["title"], "comparison_operator": "not contains", "value": "预告"},
            ],
        },
    },
]


class RetrievalSetting(BaseModel):
    """How many records, and how good they must be."""

    top_k: int | None = Field(None, ge=1, le=MAX_K, description=f"1 to {MAX_K}; {DEFAULT_K} where there is none.")
    score_threshold: float | None = Field(None, ge=0, le=1, description="Records with a lower score are left out.")


class MetadataComparison(BaseModel):
    """A condition on what is known of a document."""

    name: OneOrSeveral = Field(description="Field or key of the metadata; of several, any may meet the condition.")
    comparison_operator: str = Field(
        json_schema_extra={"enum": [*OPERATORS]}, description=f"One of: {', '.join(OPERATORS)}."
    )
    value: Value | list[Value] | None = Field(
        None, description="Of several values, any; `in` takes commas, too. Of `source` also `reports/` and globs."
    )

    def condition(self) -> Condition:
        """Return it as we compare."""
        if self.comparison_operator not in OPERATORS:
            given = self.comparison_operator
            raise InvalidInput(f"comparison_operator is {given!r}; there are {', '.join(OPERATORS)}")
        how, negated = OPERATORS[self.comparison_operator]
        comparisons = tuple(compared(name, how, self._wanted()) for name in self.name)
        joined = (And if how is Operator.EMPTY else Or)(comparisons)
        return Not(joined) if negated else joined

    def _wanted(self) -> tuple[Value, ...]:
        if self.value is None:
            return ()
        if isinstance(self.value, list):
            return tuple(self.value)
        if isinstance(self.value, str) and self.comparison_operator in ("in", "not in"):
            return (self.value, *(part.strip() for part in COMMA.split(self.value) if part.strip()))
        return (self.value,)


class MetadataCondition(BaseModel):
    """Conditions on what is known of documents."""

    logical_operator: Literal["and", "or"] | None = Field(
        None, validation_alias=AliasChoices("logical_operator", "logic"), description="`and` where there is none."
    )
    conditions: list[MetadataComparison] | None = Field(None, description="The conditions.")

    def condition(self) -> Condition | None:
        """Return it as we compare."""
        if not self.conditions:
            return None
        return (Or if self.logical_operator == "or" else And)(tuple(each.condition() for each in self.conditions))


class RetrievalRequest(BaseModel):
    """A question as Dify asks it; fields of later versions are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": RETRIEVALS})

    knowledge_id: str = Field(description="A collection, or the setting WHEREFROM_KNOWLEDGE_ID for `default`.")
    query: str = Field(json_schema_extra=QUESTION, description=ASKED)
    retrieval_setting: RetrievalSetting = Field(RetrievalSetting.model_validate({}), description="How many, how good.")
    metadata_condition: MetadataCondition | None = Field(None, description="Which documents may answer.")

    def to_query(self, request: Request) -> Query:
        """Return the query for the index."""
        setting = self.retrieval_setting
        condition = self.metadata_condition.condition() if self.metadata_condition else None
        text = fitting(self.query, request)
        return Query(text, setting.top_k or DEFAULT_K, condition, min_confidence=setting.score_threshold or 0.0)


class RecordOut(BaseModel):
    """A passage as Dify takes it."""

    content: str = Field(
        description="The passage, with broken lines joined, rows of a table under the names of their columns."
    )
    score: float = Field(description="How likely it answers, 0 to 1.")
    title: str = Field(description="Title of its document.")
    metadata: dict[str, Value] = Field(description="Where it is from, and whether the question has an answer here.")


class RetrievalResponse(BaseModel):
    """Passages, best first; none where nothing passes the conditions."""

    records: list[RecordOut] = Field(description="One for each passage.")


class RetrievalError(BaseModel):
    """An error as Dify shows it."""

    error_code: int = Field(description="1001 no key, 1002 wrong key, 2001 no such knowledge, else the status.")
    error_msg: str = Field(description="What is wrong, with its value and the way out.")


def error_form(problem: Problem) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the status and the JSON of an error; a closed door is 403, for Dify takes a 401 for an open one."""
    closed = problem.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.MISDIRECTED_REQUEST)
    status = HTTPStatus.FORBIDDEN if closed else problem.status
    return status, {"error_code": CODES.get(problem.error_type, int(status)), "error_msg": problem.message}


router = APIRouter(tags=["platforms"])
ERRORS = errors_in(
    RetrievalError,
    {
        403: "No key, the wrong one, or a name that the service has not.",
        404: "There is no knowledge of that id.",
        413: "The body is too large.",
        422: "A value is missing, malformed or out of bounds.",
        503: "Not loaded yet, or overloaded; see Retry-After.",
    },
)


@router.get("/health", response_model=StatusOut)
@open_to_all
async def health() -> dict[str, str]:
    """Say that the process is alive, as `/healthz` does."""
    return {"status": "ok"}


@router.post("/retrieval", response_model=RetrievalResponse, responses=ERRORS)
@asks
async def retrieval(request: Request, body: RetrievalRequest) -> dict[str, Any]:
    """Answer as an external knowledge of Dify."""
    collection = await called(request, body.knowledge_id, Scope.READ)
    found = await collection.search(body.to_query(request))
    base = base_of(request, collection.name)
    return {"records": [_record(each, found, base) for each in found.results]}


def _record(result: Result, answer: SearchResult, base: Base) -> dict[str, Any]:
    return {
        "content": told_text(result),
        "score": round(result.score, DECIMALS),
        "title": seen_in_one_line(result.citation.title),
        "metadata": attributes(result, answer, base),
    }


PLATFORM = Platform(
    "Dify",
    [router],
    {
        "RetrievalResponse": [
            {"records": [{"content": TEXT, "score": 0.93, "title": "The new harbour", "metadata": ATTRIBUTES}]}
        ],
        "RetrievalError": [
            {"error_code": 1002, "error_msg": "this key does not open this; ask the operator for one that does"}
        ],
    },
    paths="/retrieval",
    error_form=error_form,
)
