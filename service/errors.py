"""The one table from errors to HTTP, and the forms in which they are told: ours, and those of other platforms."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from corpus import errors

logger = logging.getLogger(__name__)


class NotReady(errors.WherefromError):
    """The model or the index is still being loaded."""


class Cancelled(errors.WherefromError):
    """Somebody has ended the work, or the service stops."""


class Overloaded(errors.WherefromError):
    """As much is under way as may be.

    Attributes:
        retry_after: whole seconds after which to ask again.
        reason: what there is not enough of, in one word for those who count refusals.
    """

    def __init__(self, message: str, retry_after: int = 1, reason: str = "queue") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.reason = reason


class Crowded(errors.WherefromError):
    """As much is kept as may be kept, until something of it is used or removed."""


class Unauthorized(errors.WherefromError):
    """A key is needed and was not given."""


class Forbidden(errors.WherefromError):
    """The key that was given does not open this."""


class Misdirected(errors.WherefromError):
    """The request calls this service by a name that is not its own."""


class TooLarge(errors.WherefromError):
    """The request's body is larger than is read."""


class UnsupportedMedia(errors.WherefromError):
    """The request's body is of another media type than is read there."""


class TooSlow(errors.WherefromError):
    """The request's body did not arrive in time."""


STATUSES: Mapping[type[errors.WherefromError], HTTPStatus] = {
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.IdTaken: HTTPStatus.CONFLICT,
    errors.AlreadyExists: HTTPStatus.CONFLICT,
    Cancelled: HTTPStatus.CONFLICT,
    errors.Outdated: HTTPStatus.PRECONDITION_FAILED,
    errors.StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IndexMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Crowded: HTTPStatus.TOO_MANY_REQUESTS,
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    Misdirected: HTTPStatus.MISDIRECTED_REQUEST,
    UnsupportedMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooSlow: HTTPStatus.REQUEST_TIMEOUT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
# What these errors say names files of the server; a client is told what it can do, the log the rest.
PRIVATE = {
    errors.StoreFull: "the disk of the service is full, and nothing was written; its operator must make room",
    errors.StoreReadOnly: "this service only reads; write where its data folder can be written",
    errors.StoreAway: "the database of the service does not answer; try again in a moment",
    errors.StoreUnavailable: "the store cannot be reached; try again",
    errors.StoreDamaged: "the store is damaged; its operator must run: wherefrom verify",
    errors.IndexMismatch: "the index was rebuilt with another model; its operator must restart the service",
    errors.ModelUnavailable: "the embedding model cannot be loaded; its operator finds the reason in the log",
}
INTERNAL = "something went wrong here, not in the request; the log tells more under this request id"
RETRY_AFTER_SECONDS = "1"
NO_JSON = "the body cannot be read as JSON; send JSON in UTF-8, nested no deeper than it must be"
SHOWN = 80  # characters of a wrong value that are shown again


@dataclass(frozen=True, slots=True)
class Problem:
    """An error on its way to a client.

    Attributes:
        status: what HTTP says of it here.
        message: what is wrong, its value and the way out.
        error_type: name of its class.
        request_id: of the request that failed.
    """

    status: HTTPStatus
    message: str
    error_type: str
    request_id: str


ErrorForm = Callable[[Problem], tuple[HTTPStatus, Mapping[str, Any]]]


def native_form(problem: Problem) -> tuple[HTTPStatus, Mapping[str, Any]]:
    """Return the status and the JSON of our own form."""
    content = {"error": problem.message, "error_type": problem.error_type, "request_id": problem.request_id}
    return problem.status, content


def add_error_handlers(app: FastAPI, forms: Mapping[str, ErrorForm]) -> None:
    """Make an app tell every error in one form, and below some paths in that of another platform.

    Args:
        app: the application.
        forms: pattern of paths to the form used there.
    """
    app.state.error_forms = forms

    @app.exception_handler(errors.WherefromError)
    async def _ours(request: Request, error: errors.WherefromError) -> JSONResponse:
        return error_response(request, error)

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(request, errors.InvalidInput(first_problem(error.errors())))

    @app.exception_handler(HTTPException)
    async def _routing(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.BAD_REQUEST:  # what the framework says of a body that its JSON parser gives up on
            return error_response(request, errors.InvalidInput(NO_JSON))
        message = f"{request.method} {request.scope['path']}: {status.phrase.lower()}; /docs lists what there is"
        return _response(request, status, _sendable(message), status.phrase.replace(" ", ""), error.headers)


def error_response(request: Request, error: errors.WherefromError) -> JSONResponse:
    """Return the response to one of our errors."""
    message = public_message(error, request_id_of(request))
    headers = {}
    if isinstance(error, Overloaded):
        headers["Retry-After"] = str(error.retry_after)
        count_refusal(request, error)
    return _response(request, status_of(error), message, type(error).__name__, headers)


def count_refusal(request: Request, error: Overloaded) -> None:
    """Count a request that is refused for want of something."""
    request.app.state.metrics.refused(error.reason)


def status_of(error: errors.WherefromError) -> HTTPStatus:
    """Return the status of one of our errors."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def public_message(error: errors.WherefromError, request_id: str) -> str:
    """Return what a client may know of an error; the log gets the rest."""
    message = next((PRIVATE[kind] for kind in type(error).__mro__ if kind in PRIVATE), None)
    if message is not None:
        logger.error("request %s: %s", request_id, error)
    return _sendable(message or str(error))


def request_id_of(request: Request) -> str:
    """Return the id that the middleware gave a request."""
    return str(request.scope.get("request_id", ""))


def internal_error(request: Request) -> JSONResponse:
    """Return the response to an error that is ours and that nobody foresaw."""
    return _response(request, HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL, "InternalError")


def _response(
    request: Request, status: HTTPStatus, message: str, error_type: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    forms: Mapping[str, ErrorForm] = request.app.state.error_forms
    path = request.scope["path"]  # which may hold line ends
    form = next((form for paths, form in forms.items() if re.fullmatch(paths, path, re.DOTALL)), native_form)
    told, content = form(Problem(status, message, error_type, request_id_of(request)))
    more = {}
    if told is HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" not in (headers or {}):
        more["Retry-After"] = RETRY_AFTER_SECONDS
    if told is HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = "Bearer"
    if told is HTTPStatus.REQUEST_TIMEOUT:
        more["Connection"] = "close"  # what is still to come of the body would pass for the next request
    return JSONResponse(content, told, {**(headers or {}), **more})


def _sendable(message: str) -> str:
    """Return a message without half surrogate pairs: what a user sent is repeated in it, and they cannot be sent."""
    return message.encode(errors="replace").decode()


def invalid(error: ValidationError, whole: str = "the body") -> errors.InvalidInput:
    """Return our error of what a model refuses; `whole` is what all of it is called."""
    return errors.InvalidInput(first_problem([{**each, "loc": ("", *each["loc"])} for each in error.errors()], whole))


def first_problem(problems: Sequence[Any], whole: str = "the body") -> str:
    """Return what pydantic found wrong first, in our words.

    Args:
        problems: as pydantic tells them; places begin with `body`, `query` or `path`.
        whole: what all of it is called.
    """
    first = problems[0]
    kind, value = first["type"], first.get("input")
    place = ".".join(map(str, first["loc"][1:])) or whole
    if kind == "json_invalid":
        return f"{whole} is no JSON: {first.get('ctx', {}).get('error', first['msg'])}"
    if isinstance(value, bytes):
        return "the body is not read as JSON; send the header: Content-Type: application/json"
    if kind == "missing":
        return f"{place} is missing"
    if kind == "extra_forbidden":
        return f"{place} is not known here; /docs lists the fields"
    shown = repr(value)
    shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
    return f"{place} is {shown}: {first['msg'].removeprefix('Value error, ')}"
