"""What the service needs to know of another platform to offer its interface."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI

from service.errors import ErrorForm
from service.settings import Settings

Running = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform's interface.

    Attributes:
        name: what people call it.
        routers: its routes, which say themselves what they need; see `service.http.rules`.
        examples: of what it answers, by the name of each schema.
        paths: pattern of the paths below which errors have a form of their own.
        error_form: that form; ours if there is none.
        attach: adds to an app what is no route of a router, and returns what must run while the app does.
    """

    name: str
    routers: Sequence[APIRouter] = ()
    examples: Mapping[str, list[Any]] = field(default_factory=dict)
    paths: str = ""
    error_form: ErrorForm | None = None
    attach: Callable[[FastAPI, Settings], Running] | None = None
