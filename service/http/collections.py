"""The collections there are: listed, made and removed."""

from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response

from corpus.errors import NotFound
from index.opening import CREATED
from service.backend.collection import Collection
from service.http.access import Scope, asker_of
from service.http.bounds import NEW_COLLECTION
from service.http.documents import JSON, WRITING_ERRORS
from service.http.routes import IN_COLLECTION, BackendOf, RequestId, is_utf8
from service.http.schemas import ErrorOut, errors_in
from service.http.written import CollectionIn, CollectionsOut, OneCollectionOut

TAKEN = errors_in(ErrorOut, {409: "There is one of that name already, or it is the one that is always there."})
Name = Annotated[
    str, Path(json_schema_extra=NEW_COLLECTION, description="Name of the collection.", examples=["harbours"])
]

collections = APIRouter(prefix="/v1", tags=["collections"], dependencies=[Depends(is_utf8)], responses=IN_COLLECTION)


@collections.get("/collections", response_model=CollectionsOut)
async def list_collections(request: Request, backend: BackendOf, request_id: RequestId) -> dict[str, Any]:
    """List the collections that the request may read."""
    asker = asker_of(request)
    there = backend.collections
    open_to = [name for name in await there.names() if asker.opens(Scope.READ, name)]
    views = []
    async for collection in there.some(open_to):
        with suppress(NotFound):  # deleted meanwhile
            views.append(await _view(collection))
    return {"collections": views, "request_id": request_id}


@collections.post(
    "/collections",
    status_code=201,
    response_model=OneCollectionOut,
    dependencies=[JSON],
    responses={**TAKEN, **WRITING_ERRORS},
)
async def create_collection(
    request: Request, body: CollectionIn, backend: BackendOf, request_id: RequestId
) -> JSONResponse:
    """Make an empty collection."""
    asker_of(request).check(Scope.WRITE, body.name)
    made = await backend.collections.create(body.name)
    return JSONResponse({**await _view(made), "request_id": request_id}, HTTPStatus.CREATED)


@collections.get("/collections/{name}", response_model=OneCollectionOut)
async def get_collection(name: Name, backend: BackendOf, request_id: RequestId) -> dict[str, Any]:
    """Return a collection."""
    return {**await _view(await backend.collections.get(name)), "request_id": request_id}


@collections.delete("/collections/{name}", status_code=204, responses=TAKEN)
async def delete_collection(name: Name, backend: BackendOf) -> Response:
    """Remove a collection with all its documents, originals and jobs."""
    await backend.collections.delete(name)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _view(collection: Collection) -> dict[str, Any]:
    state, created = await collection.read(lambda reader: (reader.state(), reader.meta(CREATED)))
    return {
        "name": collection.name,
        "documents": state.documents,
        "passages": state.passages,
        "model": collection.model,
        "created": created,
    }
