"""OpenAI's batches of files: jobs of a vector store whose ids begin with the batch's."""

import re
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from corpus.errors import AlreadyExists, InvalidInput, NotFound
from corpus.store.collections import SHOWN
from corpus.store.job import Job
from corpus.store.truth import Reader
from service.http.access import Scope
from service.http.documents import JSON
from service.http.opened import called
from service.http.routes import BackendOf, is_utf8
from service.platforms.openai.attached import (
    CANCELLED,
    COMPLETED,
    FAILED,
    POLLED,
    PROGRESS,
    STATUSES,
    files_of_jobs,
    seconds_of,
    views,
)
from service.platforms.openai.errors import ERRORS, SENT, WRITING
from service.platforms.openai.finding import attach, find_file
from service.platforms.openai.models import (
    BatchId,
    FileBatchIn,
    FileBatchOut,
    VectorStoreFilesOut,
    VectorStoreId,
)
from service.platforms.openai.paging import Page, page_view
from service.platforms.openai.store_files import Status

PATH = "/vector_stores/{vector_store_id}/file_batches"
BATCH = re.compile(r"vsfb_[0-9a-f]{16}")

router = APIRouter(prefix="/v1", tags=["platforms"], dependencies=[Depends(is_utf8)], responses=ERRORS)


@router.post(PATH, response_model=FileBatchOut, dependencies=[JSON], responses=SENT)
async def create_file_batch(request: Request, vector_store_id: VectorStoreId, body: FileBatchIn) -> dict[str, Any]:
    """Let a collection read several uploaded files, one after another."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    wanted = body.wanted()
    if not wanted:
        raise InvalidInput("give file_ids or files, one of them, with one file at least")
    files = [(await find_file(request, file_id), attributes) for file_id, attributes in wanted]
    batch_id = f"vsfb_{token_hex(8)}"
    jobs = [
        await attach(request, collection, file, attributes, f"{batch_id}_{number:04}")
        for number, (file, attributes) in enumerate(files)
    ]
    return _view(batch_id, collection.name, jobs)


@router.get(f"{PATH}/{{batch_id}}", response_model=FileBatchOut)
async def retrieve_file_batch(request: Request, vector_store_id: VectorStoreId, batch_id: BatchId) -> JSONResponse:
    """Return how far the files of a batch are."""
    collection = await called(request, vector_store_id, Scope.READ)
    shown = _view(batch_id, collection.name, await collection.read(lambda reader: _jobs(reader, batch_id)))
    return JSONResponse(shown, headers=POLLED if shown["status"] == PROGRESS else None)


@router.post(f"{PATH}/{{batch_id}}/cancel", response_model=FileBatchOut, responses=WRITING)
async def cancel_file_batch(
    request: Request, vector_store_id: VectorStoreId, batch_id: BatchId, backend: BackendOf
) -> dict[str, Any]:
    """End the jobs of a batch that have not ended; what is stored stays."""
    collection = await called(request, vector_store_id, Scope.WRITE)
    for job in await collection.read(lambda reader: _jobs(reader, batch_id)):
        with suppress(AlreadyExists, NotFound):
            await backend.jobs.cancel(collection, job.job_id)
    return _view(batch_id, collection.name, await collection.read(lambda reader: _jobs(reader, batch_id)))


@router.get(f"{PATH}/{{batch_id}}/files", response_model=VectorStoreFilesOut)
async def list_files_of_batch(
    request: Request,
    vector_store_id: VectorStoreId,
    batch_id: BatchId,
    paging: Page,
    backend: BackendOf,
    filter: Status = None,  # noqa: A002 # as OpenAI calls it
) -> dict[str, Any]:
    """List the files of a batch."""
    collection = await called(request, vector_store_id, Scope.READ)

    def read(reader: Reader) -> tuple[Sequence[Any], bool]:
        jobs = [job for job in _jobs(reader, batch_id) if filter in (None, STATUSES[job.state])]
        return files_of_jobs(reader, jobs, paging)

    files, more = await collection.read(read)
    return page_view(await views(backend, collection, files), more)


def _jobs(reader: Reader, batch_id: str) -> Sequence[Job]:
    jobs = reader.jobs.beginning(f"{batch_id}_") if BATCH.fullmatch(batch_id) else []
    if not jobs:
        raise NotFound(f"there is no batch {batch_id[:SHOWN]}; those that ended long ago are forgotten")
    return jobs


def _view(batch_id: str, store: str, jobs: Sequence[Job]) -> dict[str, Any]:
    statuses = [STATUSES[job.state] for job in jobs]
    how_many = {status: statuses.count(status) for status in (PROGRESS, COMPLETED, FAILED, CANCELLED)}
    if how_many[PROGRESS]:
        status = PROGRESS
    elif how_many[CANCELLED]:
        status = CANCELLED
    else:
        status = COMPLETED if how_many[COMPLETED] else FAILED
    return {
        "id": batch_id,
        "object": "vector_store.files_batch",
        "created_at": seconds_of(jobs[0].created),
        "vector_store_id": store,
        "status": status,
        "file_counts": {**how_many, "total": len(jobs)},
    }
