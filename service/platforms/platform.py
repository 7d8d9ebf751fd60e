"""What the service needs to know of another platform to offer its interface."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI

from service.errors import ErrorForm
from service.http.refusals import Asking
from service.settings import Settings

Running = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform's interface.

    Attributes:
        name: what people call it.
        router: its routes.
        examples: of what it answers, by the name of each schema.
        paths: pattern of the paths below which errors have a form of their own.
        error_form: that form; ours if there is none.
        asking: the routes that ask questions, which are refused early while as many wait as may.
        attach: adds to an app what is no route of a router, and returns what must run while the app does.
    """

    name: str
    router: APIRouter = field(default_factory=APIRouter)
    examples: Mapping[str, list[Any]] = field(default_factory=dict)
    paths: str = ""
    error_form: ErrorForm | None = None
    asking: tuple[Asking, ...] = ()
    attach: Callable[[FastAPI, Settings], Running] | None = None
