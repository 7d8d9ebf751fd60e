"""How errors are told to OpenAI's clients, so that they raise the class meant for each."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from service.errors import Problem
from service.http.schemas import errors_in

PATHS = r"/v1/(?:vector_stores|files)(?:/.*)?"  # below which errors have this form


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


ERRORS = errors_in(
    OpenAIError,
    {
        400: "A value is missing, malformed or out of bounds.",
        401: "No key, or the wrong one.",
        404: "There is none of that id.",
        503: "Not loaded yet, or overloaded; see Retry-After.",
    },
)
TOO_LARGE = errors_in(OpenAIError, {413: "The body is too large."})
WRITING = errors_in(OpenAIError, {507: "The disk of the service is full; nothing was written."})
SENT = {**TOO_LARGE, **WRITING, **errors_in(OpenAIError, {415: "The body is of another media type."})}
TAKEN = errors_in(OpenAIError, {409: "It has ended, or it is the one that is always there."})
CROWDED = errors_in(OpenAIError, {429: "As many files as may wait are attached nowhere."})
EXAMPLES: Mapping[str, list[Any]] = {
    "OpenAIError": [
        {
            "error": {
                "message": "max_num_results is 100: Input should be less than or equal to 50",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            }
        }
    ]
}
