"""OpenAI's files of a vector store: attached, listed, read, described anew and detached."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from index.opening import OpenIndex
from service.http.access import Scope
from service.http.answers import large_json
from service.http.documents import JSON
from service.http.opened import called
from service.http.routes import BackendOf, is_utf8
from service.platforms.openai.attached import POLLED, PROGRESS, detach, read_file, read_page
from service.platforms.openai.attributes import patch_of
from service.platforms.openai.errors import ERRORS, SENT, WRITING
from service.platforms.openai.finding import attach, find_file
from service.platforms.openai.models import (
    AttachedFileIn,
    AttributesIn,
    DeletedOut,
    FileContentOut,
    FileId,
    VectorStoreFileOut,
    VectorStoreFilesOut,
    VectorStoreId,
)
from service.platforms.openai.paging import Page, page_view
from service.reading import Pieces, read_document
from service.writing import patched_document

Status = Annotated[
    Literal["in_progress", "completed", "failed", "cancelled"] | None, Query(description="Only files that are so far.")
]
PATH = "/vector_stores/{vector_store_id}/files"

router = APIRouter(prefix="/v1", tags=["platforms"], dependencies=[Depends(is_utf8)], responses=ERRORS)


@router.post(PATH, response_model=VectorStoreFileOut, dependencies=[JSON], responses=SENT)
async def attach_file(
    request: Request, vector_store_id: VectorStoreId, body: AttachedFileIn, backend: BackendOf
) -> dict[str, Any]:
    """Let a collection read an uploaded file; the job goes on whatever happens to the service."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    file = await find_file(request, body.file_id)
    await attach(request, collection, file, body.attributes or {})
    return await read_file(backend, collection, body.file_id)


@router.get(PATH, response_model=VectorStoreFilesOut)
async def list_attached_files(
    request: Request,
    vector_store_id: VectorStoreId,
    paging: Page,
    backend: BackendOf,
    filter: Status = None,  # noqa: A002 # as OpenAI calls it
) -> dict[str, Any]:
    """List all documents of a collection, however they came, and the files that are no documents yet or failed."""
    collection = await called(request, vector_store_id, Scope.READ)
    return page_view(*await read_page(backend, collection, paging, filter))


@router.get(f"{PATH}/{{file_id}}", response_model=VectorStoreFileOut)
async def retrieve_attached_file(
    request: Request, vector_store_id: VectorStoreId, file_id: FileId, backend: BackendOf
) -> JSONResponse:
    """Return how far a file is, and what is known of it."""
    collection = await called(request, vector_store_id, Scope.READ)
    shown = await read_file(backend, collection, file_id)
    return JSONResponse(shown, headers=POLLED if shown["status"] == PROGRESS else None)


@router.post(
    f"{PATH}/{{file_id}}",
    response_model=VectorStoreFileOut,
    dependencies=[JSON],
    responses=SENT,
)
async def describe_attached_file(
    request: Request, vector_store_id: VectorStoreId, file_id: FileId, body: AttributesIn, backend: BackendOf
) -> dict[str, Any]:
    """Give a document other attributes in place of those it has; it is found by them when this is answered."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    attributes = body.attributes or {}

    def change(index: OpenIndex) -> None:
        index.indexer.change(file_id, lambda found: patched_document(found, patch_of(found.facts, attributes)))

    await collection.write(change)
    return await read_file(backend, collection, file_id)


@router.delete(f"{PATH}/{{file_id}}", response_model=DeletedOut, responses=WRITING)
async def detach_file(request: Request, vector_store_id: VectorStoreId, file_id: FileId) -> dict[str, Any]:
    """Remove a document from a collection, or the file that would become one; the uploaded file stays."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    await collection.write(lambda index: detach(index, file_id))
    return {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}


@router.get(f"{PATH}/{{file_id}}/content", response_model=FileContentOut)
async def read_attached_file(request: Request, vector_store_id: VectorStoreId, file_id: FileId) -> Response:
    """Return the text of a document, as it is quoted."""
    collection = await called(request, vector_store_id, Scope.READ)
    kept = await read_document(collection, file_id)
    if kept.text is None:
        return large_json(request.app.state.answers, _content, Pieces(collection, kept.value))
    return JSONResponse(_content(kept.text))


def _content(text: str) -> dict[str, Any]:
    data = [{"type": "text", "text": text}]
    return {"object": "vector_store.file_content.page", "data": data, "has_more": False, "next_page": None}
