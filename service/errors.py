"""The one table from errors to HTTP, and the one form in which they are told."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from corpus import errors

logger = logging.getLogger(__name__)


class NotReady(errors.WherefromError):
    """The model or the index is still being loaded."""


class Overloaded(errors.WherefromError):
    """As many questions wait as may wait."""


class Unauthorized(errors.WherefromError):
    """A key is needed and was not given."""


class Forbidden(errors.WherefromError):
    """The key that was given does not open this."""


class TooLarge(errors.WherefromError):
    """The request's body is larger than is read."""


STATUSES: Mapping[type[errors.WherefromError], HTTPStatus] = {
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.IdTaken: HTTPStatus.CONFLICT,
    errors.StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IndexMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
# What these errors say names files of the server; a client is told what it can do, the log the rest.
PRIVATE = {
    errors.StoreUnavailable: "the store cannot be reached; try again",
    errors.StoreDamaged: "the store is damaged; its operator must run: wherefrom verify",
    errors.IndexMismatch: "the index was rebuilt with another model; its operator must restart the service",
    errors.ModelUnavailable: "the embedding model cannot be loaded; its operator finds the reason in the log",
}
RETRY_AFTER_SECONDS = "1"
NO_JSON = "the body cannot be read as JSON; send JSON in UTF-8, nested no deeper than it must be"
SHOWN = 80  # characters of a wrong value that are shown again


def add_error_handlers(app: FastAPI) -> None:
    """Make an app tell every error in one form."""

    @app.exception_handler(errors.WherefromError)
    async def _ours(request: Request, error: errors.WherefromError) -> JSONResponse:
        return error_response(request, error)

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(request, errors.InvalidInput(_first_problem(error)))

    @app.exception_handler(HTTPException)
    async def _routing(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.BAD_REQUEST:  # what the framework says of a body that its JSON parser gives up on
            return error_response(request, errors.InvalidInput(NO_JSON))
        message = f"{request.method} {request.url.path}: {status.phrase.lower()}; /docs lists what there is"
        return _response(request, status, message, status.phrase.replace(" ", ""), error.headers)


def error_response(request: Request, error: errors.WherefromError) -> JSONResponse:
    """Return the response to one of our errors."""
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    message = next((PRIVATE[kind] for kind in type(error).__mro__ if kind in PRIVATE), None)
    if message is not None:
        logger.error("request %s: %s", request_id_of(request), error)
    headers = {}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return _response(request, status, message or str(error), type(error).__name__, headers)


def request_id_of(request: Request) -> str:
    """Return the id that the middleware gave a request."""
    return str(request.scope.get("request_id", ""))


def internal_error(request: Request) -> JSONResponse:
    """Return the response to an error that is ours and that nobody foresaw."""
    message = "something went wrong here, not in the request; the log tells more under this request id"
    return _response(request, HTTPStatus.INTERNAL_SERVER_ERROR, message, "InternalError")


def _response(
    request: Request,
    status: HTTPStatus,
    message: str,
    error_type: str,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    # What a user sent is repeated in messages; half a surrogate pair cannot be sent back.
    content = {
        "error": message.encode(errors="replace").decode(),
        "error_type": error_type,
        "request_id": request_id_of(request),
    }
    return JSONResponse(content, status, dict(headers or {}))


def _first_problem(error: RequestValidationError) -> str:
    first = error.errors()[0]
    kind, value = first["type"], first.get("input")
    place = ".".join(map(str, first["loc"][1:])) or "the body"  # loc begins with body, query or path
    if kind == "json_invalid":
        return f"the body is no JSON: {first.get('ctx', {}).get('error', first['msg'])}"
    if isinstance(value, bytes):
        return "the body is not read as JSON; send the header: Content-Type: application/json"
    if kind == "missing":
        return f"{place} is missing"
    if kind == "extra_forbidden":
        return f"{place} is not known here; /docs lists the fields"
    shown = repr(value)
    shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
    return f"{place} is {shown}: {first['msg'].removeprefix('Value error, ')}"
