"""Routes that read what is asked themselves: FastAPI's own way to an endpoint takes longer than a known answer."""

import json
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any, cast, get_origin

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import InvalidInput
from service.errors import NO_JSON, first_problem, invalid
from service.http.address import check_utf8, values_of
from service.http.middleware.headers import header


class Direct(APIRoute):
    """A route whose endpoint takes a request and one model, of the address or of the body, and is described as any is.

    Nothing else of FastAPI's is to be had there: no dependencies, and no model of what is returned.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        return self.answer

    async def answer(self, request: Request) -> Response:
        """Return the answer to a request.

        Raises:
            InvalidInput: if it is not what the model takes; and what the endpoint raises.
        """
        scope = request.scope
        values = await _json_of(request) if self.dependant.body_params else values_of(scope, self._several)
        try:
            asked = self._model.model_validate(values, from_attributes=True)
        except ValidationError as error:
            raise invalid(error) from None
        response: Response = await self.endpoint(request, asked)
        return response

    @cached_property
    def _model(self) -> type[BaseModel]:
        (asked,) = (*self.dependant.query_params, *self.dependant.body_params)
        return cast(type[BaseModel], asked.field_info.annotation)

    @cached_property
    def _several(self) -> frozenset[str]:
        """Names of the parameters that may come several times."""
        fields = self._model.model_fields.items()
        return frozenset(name for name, field in fields if get_origin(field.annotation) is list)


async def _json_of(request: Request) -> Any:
    """Return what a body says; as bytes where it is not said to be JSON, which no model takes.

    Raises:
        InvalidInput: if it cannot be read, or the address is not UTF-8.
    """
    body = await request.body()
    try:
        said = json.loads(body) if body and _is_json(header(request.scope["headers"], b"content-type")) else body
    except json.JSONDecodeError as error:
        raise InvalidInput(first_problem([{"type": "json_invalid", "loc": (), "msg": error.msg}])) from None
    except (ValueError, RecursionError):  # no Unicode, endless numbers, or nested too deep
        raise InvalidInput(NO_JSON) from None
    check_utf8(request.scope)
    if not body:
        raise InvalidInput("the body is missing")
    return said


def _is_json(media_type: str) -> bool:
    """Return whether a header says that a body is JSON."""
    kind, _, form = media_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (form == "json" or form.endswith("+json")) and "/" not in form
