"""Watching jobs and ending them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse

from corpus.errors import NotFound, StoreAway
from corpus.store.job import Job, JobState
from service.backend.backend import Backend
from service.backend.collection import Collection
from service.errors import Overloaded
from service.http.access import Scope, asker_of
from service.http.bounds import between
from service.http.examples import JOB_ID
from service.http.opened import CollectionName, ReadCollection, opened
from service.http.requests import MAX_PAGE, checked_limit
from service.http.routes import IN_COLLECTION, BackendOf, RequestId, is_utf8
from service.http.schemas import ErrorOut, errors_in
from service.http.written import JobOut, JobsOut, OneJobOut, State
from service.views import job_view

LOOKED_SECONDS = 0.25  # between two looks at a job that is watched
SILENT_SECONDS = 15.0  # after which a line is sent that says nothing, so that nothing in between takes it for dead
MOST_WATCHERS = 64
ENDED = errors_in(ErrorOut, {409: "The job has ended already."})
JobId = Annotated[str, Path(examples=[JOB_ID])]
# An event as FastAPI tells those that it sends itself.
EVENT = {
    "type": "object",
    "properties": {
        "event": {"const": "job"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "data"],
}
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "An event `job` at each change, its data the job as JSON; the last one has ended.",
        "content": {"text/event-stream": {"itemSchema": EVENT}},
    }
}

jobs = APIRouter(prefix="/v1", tags=["jobs"], dependencies=[Depends(is_utf8)], responses=IN_COLLECTION)


@jobs.get("/jobs", response_model=JobsOut)
async def list_jobs(
    collection: ReadCollection,
    request_id: RequestId,
    limit: Annotated[
        int, Query(json_schema_extra=between(1, MAX_PAGE), description=f"How many at most, 1 to {MAX_PAGE}.")
    ] = 100,
    state: Annotated[State | None, Query(description="Only those that are so far.")] = None,
) -> dict[str, Any]:
    """List the jobs of a collection, the newest first."""
    most, wanted = checked_limit(limit), None if state is None else JobState(state)
    found = await collection.read(lambda reader: reader.jobs.last(most, wanted))
    return {"jobs": [job_view(job, collection.name) for job in found], "request_id": request_id}


@jobs.get("/jobs/{job_id}", response_model=OneJobOut)
async def get_job(
    request: Request, job_id: JobId, backend: BackendOf, request_id: RequestId, collection: CollectionName = None
) -> dict[str, Any]:
    """Return a job; without a collection it is looked for in all that the request may read."""
    where, job = await _found(request, backend, job_id, Scope.READ)
    return {**job_view(job, where.name), "request_id": request_id}


@jobs.delete("/jobs/{job_id}", response_model=OneJobOut, responses=ENDED)
async def cancel_job(
    request: Request, job_id: JobId, backend: BackendOf, request_id: RequestId, collection: CollectionName = None
) -> dict[str, Any]:
    """End a job; what it has not stored is not stored any more."""
    where, _ = await _found(request, backend, job_id, Scope.WRITE)
    job = await backend.jobs.cancel(where, job_id)
    return {**job_view(job, where.name), "request_id": request_id}


@jobs.get("/jobs/{job_id}/events", response_class=StreamingResponse, responses=EVENTS)
async def watch_job(
    request: Request, job_id: JobId, backend: BackendOf, collection: CollectionName = None
) -> StreamingResponse:
    """Tell each change of a job until it ends."""
    where, _ = await _found(request, backend, job_id, Scope.READ)
    watchers: set[object] = request.app.state.watchers
    if len(watchers) >= request.app.state.worker.share(MOST_WATCHERS):
        told = f"{MOST_WATCHERS} jobs are watched already; ask GET /v1/jobs/{job_id} now and then"
        raise Overloaded(told, reason="watchers")
    # A proxy would keep events to itself until there are many.
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_events(watchers, where, job_id), media_type="text/event-stream", headers=headers)


async def _events(watchers: set[object], collection: Collection, job_id: str) -> AsyncIterator[str]:
    watcher = object()
    watchers.add(watcher)
    told, silent = "", 0.0
    try:
        while True:
            try:
                job = await collection.read(lambda reader: reader.jobs.get(job_id))
            except (Overloaded, StoreAway):  # the next look will tell
                await asyncio.sleep(LOOKED_SECONDS)
                continue
            view = json.dumps(JobOut(**job_view(job, collection.name)).model_dump(), ensure_ascii=False)
            if view != told or silent >= SILENT_SECONDS:
                yield f"event: job\ndata: {view}\n\n" if view != told else ": still there\n\n"
                told, silent = view, 0.0
            if job.state.ended:
                return
            await asyncio.sleep(LOOKED_SECONDS)
            silent += LOOKED_SECONDS
    except NotFound:  # the collection was deleted meanwhile
        return
    finally:
        watchers.discard(watcher)


async def _found(request: Request, backend: Backend, job_id: str, scope: Scope) -> tuple[Collection, Job]:
    """Return a job and its collection: the one that is named, else any that the request may use so."""
    if request.query_params.get("collection"):
        where = await opened(request, scope)
        return where, await where.read(lambda reader: reader.jobs.get(job_id))
    asker = asker_of(request)
    missing = NotFound(f"no job {job_id}")
    there = backend.collections
    async for where in there.some(name for name in await there.names() if asker.opens(scope, name)):
        try:
            return where, await where.read(lambda reader: reader.jobs.get(job_id))
        except NotFound as error:
            missing = error
    raise missing
