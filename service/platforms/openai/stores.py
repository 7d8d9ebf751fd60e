"""OpenAI's vector stores: collections, each with a note of what its client calls it."""

import json
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from fastapi import APIRouter, Depends, Request

from corpus.errors import AlreadyExists, InvalidInput
from corpus.store.collections import NAME
from corpus.store.truth import Reader, Writer
from index.opening import CREATED
from service.backend.backend import Backend
from service.backend.collection import Collection
from service.http.access import Scope, asker_of
from service.http.documents import JSON
from service.http.opened import called
from service.http.routes import BackendOf, is_utf8
from service.platforms.openai.attached import PROGRESS, counts, seconds_of
from service.platforms.openai.errors import ERRORS, SENT, TAKEN, WRITING
from service.platforms.openai.finding import attach, find_file
from service.platforms.openai.models import (
    DeletedOut,
    VectorStoreChangeIn,
    VectorStoreId,
    VectorStoreIn,
    VectorStoreOut,
    VectorStoresOut,
)
from service.platforms.openai.paging import Page, Paging, page_view

NOTE = "vector_store"  # the note of a store that holds what OpenAI's clients said of it, as JSON
NOTED = {"name", "description", "metadata", "expires_after"}

router = APIRouter(prefix="/v1", tags=["platforms"], dependencies=[Depends(is_utf8)], responses=ERRORS)


@router.post("/vector_stores", response_model=VectorStoreOut, dependencies=[JSON], responses=SENT)
async def create_vector_store(request: Request, body: VectorStoreIn, backend: BackendOf) -> dict[str, Any]:
    """Make a collection: of the name that is given if one can be called that and none is, else of a name of its own."""
    collection_name = await _free_name(request, backend, body.name or "")
    files = [await find_file(request, file_id) for file_id in body.file_ids]
    try:
        collection = await backend.collections.create(collection_name)
    except AlreadyExists:  # others were faster
        collection = await backend.collections.create(_own_name())
    await collection.note(lambda writer: _note(writer, body.model_dump(include=NOTED)))
    for file in files:
        await attach(request, collection, file, {})
    return await _shown(collection)


@router.get("/vector_stores", response_model=VectorStoresOut)
async def list_vector_stores(request: Request, paging: Page, backend: BackendOf) -> dict[str, Any]:
    """List the collections that the key reads, by the time at which they were made."""
    asker = asker_of(request)
    there = backend.collections
    seen = [name for name in await there.names() if asker.opens(Scope.READ, name)]
    names, more = _page(await there.each(lambda reader: seconds_of(reader.meta(CREATED)), seen), paging)
    shown = await there.each(_view, names)
    return page_view([_named(name, view) for name, view in shown.items()], more)


@router.get("/vector_stores/{vector_store_id}", response_model=VectorStoreOut)
async def retrieve_vector_store(request: Request, vector_store_id: VectorStoreId) -> dict[str, Any]:
    """Return a collection as a vector store."""
    return await _shown(await called(request, vector_store_id, Scope.READ))


@router.post(
    "/vector_stores/{vector_store_id}",
    response_model=VectorStoreOut,
    dependencies=[JSON],
    responses=SENT,
)
async def update_vector_store(
    request: Request, vector_store_id: VectorStoreId, body: VectorStoreChangeIn
) -> dict[str, Any]:
    """Change what a vector store is called, or what is noted of it; its id stays."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    await collection.note(lambda writer: _note(writer, body.model_dump(exclude_unset=True)))
    return await _shown(collection)


@router.delete("/vector_stores/{vector_store_id}", response_model=DeletedOut, responses={**TAKEN, **WRITING})
async def delete_vector_store(request: Request, vector_store_id: VectorStoreId, backend: BackendOf) -> dict[str, Any]:
    """Remove a collection with its documents; uploaded files stay."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    await backend.collections.delete(collection.name)
    return {"id": vector_store_id, "object": "vector_store.deleted", "deleted": True}


async def _free_name(request: Request, backend: Backend, wanted: str) -> str:
    """Return what a new collection is called.

    Raises:
        Unauthorized, Forbidden: if the request may not make it, whether or not there is one of the name that is wanted.
    """
    asker = asker_of(request)
    possible = bool(NAME.fullmatch(wanted))
    if possible:
        asker.check(Scope.WRITE, wanted)
    taken = (*await backend.collections.names(), request.app.state.settings.knowledge_id)
    name = wanted if possible and wanted not in taken else _own_name()
    asker.check(Scope.WRITE, name)
    return name


def _own_name() -> str:
    return f"vs_{token_hex(12)}"


def _page(created: Mapping[str, int], paging: Paging) -> tuple[list[str], bool]:
    """Return the names of a page in the order of time, and whether there are more.

    Raises:
        InvalidInput: if the page is to begin or end at what is not there.
    """
    places = {name: f"{moment:020}{name}" for name, moment in created.items()}
    names = {place: name for name, place in places.items()}
    for edge in filter(None, (paging.after, paging.before)):
        if edge not in places:
            raise InvalidInput(f"there is no vector store {edge[:80]!r} after or before which a page could be")
    at = Paging(places.get(paging.after, ""), places.get(paging.before, ""), paging.limit, paging.order)
    page, more = at.cut(names)
    return [names[place] for place in page], more


def _note(writer: Writer, said: Mapping[str, Any]) -> None:
    known = json.loads(writer.meta(NOTE) or "{}")
    writer.set_meta(NOTE, json.dumps({**known, **said}, ensure_ascii=False))


async def _shown(collection: Collection) -> dict[str, Any]:
    return _named(collection.name, await collection.read(_view))


def _named(name: str, view: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": name, **view, "name": view["name"] or name}


def _view(reader: Reader) -> dict[str, Any]:
    noted, how_many = json.loads(reader.meta(NOTE) or "{}"), counts(reader)
    return {
        "object": "vector_store",
        "created_at": seconds_of(reader.meta(CREATED)),
        "name": noted.get("name"),
        "description": noted.get("description"),
        "usage_bytes": reader.originals.total(),
        "file_counts": how_many,
        "status": PROGRESS if how_many[PROGRESS] else "completed",
        "expires_after": noted.get("expires_after"),
        "expires_at": None,
        "last_active_at": None,
        "metadata": noted.get("metadata") or {},
    }
