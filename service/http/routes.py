"""The native HTTP interface, `/v1`, and the routes by which its health is watched."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from corpus.errors import InvalidInput
from index.answer import SearchResult
from service.backend.backend import Backend
from service.budget import within
from service.citations import Base, base_of
from service.http.access import Scope
from service.http.answers import Json, large_json, made_beside
from service.http.examples import DOCUMENT_ID, PASSAGE_ID
from service.http.opened import ReadCollection, opened
from service.http.requests import AnswerOptions, ListParameters, SearchParameters, SearchRequest, checked_limit
from service.http.rules import asks, open_to_all
from service.http.schemas import (
    BatchResponse,
    DocumentOut,
    DocumentsOut,
    ErrorOut,
    PassageOut,
    SearchResponse,
    StatusOut,
    errors_in,
)
from service.layout.blocks import blocks_view, blocks_within
from service.layout.layout import LONGEST, document_layout, passage_layout
from service.reading import Kept, Pieces, read_document, read_page, read_passage
from service.renderings import formatted
from service.views import part_view, passage_view, search_view, storage_view, summary_view
from service.writing import etag_of

ERRORS = errors_in(
    ErrorOut,
    {
        401: "A key is needed and was not given.",
        403: "The key does not open this.",
        422: "A value is missing, malformed or out of bounds.",
        503: "Not loaded yet, or overloaded; see Retry-After.",
    },
)
# What routes may answer that are about a collection or what is in one.
IN_COLLECTION = {**ERRORS, **errors_in(ErrorOut, {404: "There is none of that id, or no such collection."})}
TOO_LARGE = errors_in(ErrorOut, {413: "The body is too large."})


async def backend_of(request: Request) -> Backend:
    """Return the backend of the app a request came to."""
    backend: Backend = request.app.state.backend
    return backend


async def is_utf8(request: Request) -> None:
    """Refuse an address whose escapes are no UTF-8: read with marks in their place, it would ask something else."""
    try:
        unquote_to_bytes(request.scope.get("raw_path", b"") + request.scope["query_string"]).decode()
    except UnicodeDecodeError:
        raise InvalidInput("the address is not UTF-8; escape the bytes of UTF-8, as %E4%BA%91 for 云") from None


async def id_of(request: Request) -> str:
    """Return the id that the middleware gave a request."""
    return str(request.scope["request_id"])


BackendOf = Annotated[Backend, Depends(backend_of)]
RequestId = Annotated[str, Depends(id_of)]

health = APIRouter(tags=["health"])
v1 = APIRouter(prefix="/v1", dependencies=[Depends(is_utf8)], responses=IN_COLLECTION)


@health.get("/healthz", response_model=StatusOut)
@open_to_all
async def healthz() -> dict[str, str]:
    """Say that the process is alive."""
    return {"status": "ok"}


@health.get("/readyz", response_model=StatusOut, responses={503: ERRORS[503]})
@open_to_all
async def readyz(backend: BackendOf) -> dict[str, str]:
    """Say whether questions can be answered: 503 until model and index are warm, and while the store is away."""
    await backend.check()
    return {"status": "ready"}


# Answers are returned as they are sent: to read them into their models first takes FastAPI as long as all else of HTTP.
@v1.get("/search", response_model=SearchResponse, tags=["search"])
@asks
async def search_by_url(
    request: Request, parameters: Annotated[SearchParameters, Query()], request_id: RequestId
) -> JSONResponse:
    """Find the passages that answer a question."""
    collection = await opened(request, Scope.READ, parameters.collection)
    view = partial(_view, parameters, base_of(request, collection.name), request_id)
    (answer,) = await collection.search_each([parameters.to_query()], view)
    return Json(answer)


@v1.post("/search", response_model=SearchResponse | BatchResponse, responses=TOO_LARGE, tags=["search"])
@asks
async def search(request: Request, body: SearchRequest, request_id: RequestId) -> JSONResponse:
    """Find the passages that answer a question, or each of several."""
    collection = await opened(request, Scope.READ, body.collection)
    view = partial(_view, body, base_of(request, collection.name), request_id)
    answers = await collection.search_each(body.to_queries(), view)
    return Json({"responses": answers} if body.queries else answers[0])


def _view(options: AnswerOptions, base: Base, request_id: str, answer: SearchResult) -> dict[str, Any]:
    """Return an answer as it was asked for; layouts of fifty passages take 40 ms, so that this is for a thread."""
    if options.max_chars is not None:
        answer = within(answer, options.max_chars)
    view = search_view(answer)
    if options.layout:
        layouts = _layouts(answer)
        view["results"] = [{**shown, "layout": layout} for shown, layout in zip(view["results"], layouts, strict=True)]
    if options.format != "json":
        view["formatted"] = formatted(answer, options.format, base)
    return {**view, "request_id": request_id}


def _layouts(answer: SearchResult) -> list[list[dict[str, Any]]]:
    citations = [result.citation for result in answer.results]
    return [blocks_view(passage_layout(each.quote, each.source), each.start) for each in citations]


@v1.get("/passages/{passage_id}", response_model=PassageOut, tags=["documents"])
async def passage(
    passage_id: Annotated[str, Path(examples=[PASSAGE_ID])], collection: ReadCollection, request_id: RequestId
) -> dict[str, Any]:
    """Return a passage with its citation."""
    found, document = await read_passage(collection, passage_id)
    return {**passage_view(found, document), "request_id": request_id}


@v1.get("/documents", response_model=DocumentsOut, tags=["documents"])
async def documents(
    request: Request, parameters: Annotated[ListParameters, Query()], request_id: RequestId
) -> Response:
    """List documents in the order of their ids."""
    collection = await opened(request, Scope.READ, parameters.collection)
    limit = checked_limit(parameters.limit)
    page = await read_page(collection, limit, parameters.after, parameters.selection())
    documents = list(map(summary_view, page.documents))
    view = {"documents": documents, "next_after": page.next_after, "request_id": request_id}
    return await made_beside(request.app.state.answers, view)


@v1.get("/documents/{document_id}", response_model=DocumentOut, tags=["documents"])
async def document(
    request: Request,
    document_id: Annotated[str, Path(examples=[DOCUMENT_ID])],
    collection: ReadCollection,
    request_id: RequestId,
    start: Annotated[int, Query(ge=0, description="Where the part of the text begins that is returned.")] = 0,
    end: Annotated[int | None, Query(ge=0, description="Where it ends; unset, with the text.")] = None,
    layout: Annotated[
        bool, Query(description="Adds how the text is set: headings, lists, tables, by offsets.")
    ] = False,
) -> Response:
    """Return a document with the canonical text that all offsets count, or with a part of it."""
    if end is not None and start > end:
        raise InvalidInput(f"start is {start} and end {end}; a part of a text ends where it begins or after that")
    kept = await read_document(collection, document_id, start, end, whole_below=LONGEST if layout else 0)
    more = {**storage_view(kept.sequence, kept.original), **(await _set(kept) if layout else {})}

    def view(text: str) -> dict[str, Any]:
        return {**part_view(kept.facts, text, kept.span, kept.characters), **more, "request_id": request_id}

    headers = {"ETag": etag_of(kept.sequence)}
    if kept.text is None:
        return large_json(request.app.state.answers, view, Pieces(collection, kept.value), headers)
    return Json(view(kept.text), headers=headers)


async def _set(kept: Kept) -> dict[str, Any]:
    """Return how the part of a document's text is set that was asked for."""
    whole = kept.whole
    blocks = None if whole is None else await run_in_threadpool(document_layout, whole, kept.facts.source)
    return {"layout": None if blocks is None else blocks_view(blocks_within(blocks, kept.span))}
