"""A platform is one record: its routes, its form of errors, its examples, and what runs while the service does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, Field

from corpus.errors import NotFound
from index.query import Query
from service.http.opened import ReadCollection
from service.platforms.platform import Platform, Running
from service.platforms.registry import PLATFORMS
from service.settings import Settings
from tests.http_fixtures import Serving
from tests.service_fixtures import READ_KEY, make_index, settings_of


class ToyOut(BaseModel):
    """What the toy platform takes."""

    best: str = Field(description="The best passage.")


router = APIRouter()
running: list[bool] = []


@router.get("/toy/best", response_model=ToyOut)
async def best(q: str, collection: ReadCollection) -> dict[str, str]:
    """Return the best passage."""
    for result in (await collection.search(Query(q, 1))).results:
        if result.score > 0 and q != "nothing":
            return {"best": result.text}
    raise NotFound("there is nothing")


@router.post("/toy/reset")
async def reset() -> None:
    """Do what only those may who write."""


def attach(app: FastAPI, settings: Settings) -> Running:
    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        running.append(True)
        yield
        running.append(False)

    return run


TOY = Platform(
    "Toy",
    [router],
    {"ToyOut": [{"best": "The pier."}]},
    paths="/toy/.*",
    error_form=lambda problem: (HTTPStatus.IM_A_TEAPOT, {"toy": problem.message}),
    attach=attach,
)


def test_a_new_platform_is_one_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("service.app", "service.openapi"):
        monkeypatch.setattr(f"{module}.PLATFORMS", (*PLATFORMS, TOY))
    with Serving(settings_of(make_index(tmp_path))) as client:
        assert running == [True]
        assert client.get("/toy/best", params={"q": "lamp paraffin"}).json()["best"].startswith("The lighthouse")
        refused = client.get("/toy/best", params={"q": "nothing"})
        assert (refused.status_code, refused.json()) == (418, {"toy": "there is nothing"})
        assert client.get("/v1/passages/p_none").json()["error_type"] == "NotFound"
        schema = client.get("/openapi.json").json()
        assert schema["components"]["schemas"]["ToyOut"]["examples"] == [{"best": "The pier."}]
        assert "422" not in schema["paths"]["/toy/best"]["get"]["responses"]
    assert running == [True, False]


def test_a_new_route_is_guarded_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("service.app", "service.openapi"):
        monkeypatch.setattr(f"{module}.PLATFORMS", (*PLATFORMS, TOY))
    with Serving(settings_of(make_index(tmp_path), read_keys=READ_KEY)) as client:
        for headers, best, reset in (({}, "a key", "a key"), ({"Authorization": f"Bearer {READ_KEY}"}, "", "writing")):
            told = client.get("/toy/best", params={"q": "lamp paraffin"}, headers=headers).json().get("toy", "")
            assert best in told and bool(told) == bool(best)
            assert reset in client.post("/toy/reset", headers=headers).json()["toy"]


def test_every_platform_has_a_name_of_its_own() -> None:
    names = [platform.name for platform in PLATFORMS]
    assert sorted(set(names)) == sorted(names)
    for platform in PLATFORMS:
        assert bool(platform.paths) is (platform.error_form is not None)
