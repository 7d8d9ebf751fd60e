"""The native HTTP interface, `/v1`, and the routes by which its health is watched."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from corpus.errors import InvalidInput
from index.answer import SearchResult
from index.query import Query as IndexQuery
from service.backend.backend import Backend
from service.budget import within
from service.citations import base_of
from service.http.access import Scope
from service.http.address import check_utf8
from service.http.answers import Json, as_json, large_json, made_beside
from service.http.direct import Direct
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
    """Refuse an address that is not UTF-8."""
    check_utf8(request.scope)


async def id_of(request: Request) -> str:
    """Return the id that the middleware gave a request."""
    return str(request.scope["request_id"])


BackendOf = Annotated[Backend, Depends(backend_of)]
RequestId = Annotated[str, Depends(id_of)]

health = APIRouter(tags=["health"])
asking = APIRouter(prefix="/v1", tags=["search"], responses=IN_COLLECTION, route_class=Direct)
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


@asking.get("/search", response_model=SearchResponse)
@asks
async def search_by_url(request: Request, parameters: Annotated[SearchParameters, Query()]) -> Response:
    """Find the passages that answer a question."""
    (answer,) = await _found(request, parameters, parameters.collection, lambda: [parameters.to_query()])
    return Response(answer, media_type=Json.media_type)


@asking.post("/search", response_model=SearchResponse | BatchResponse, responses=TOO_LARGE)
@asks
async def search(request: Request, body: SearchRequest) -> Response:
    """Find the passages that answer a question, or each of several."""
    answers = await _found(request, body, body.collection, body.to_queries)
    content = b'{"responses":[%b]}' % b",".join(answers) if body.queries else answers[0]
    return Response(content, media_type=Json.media_type)


async def _found(
    request: Request, options: AnswerOptions, named: str | None, queries: Callable[[], Sequence[IndexQuery]]
) -> list[bytes]:
    """Return the answers to questions as JSON, all of which is made where they are answered, beside the event loop."""
    collection = await opened(request, Scope.READ, named)
    return await collection.search_each(queries(), partial(_json, request, collection.name, options))


def _json(request: Request, collection: str, options: AnswerOptions, answer: SearchResult) -> bytes:
    """Return an answer as it was asked for; layouts of fifty passages take 40 ms, so that this is for a thread."""
    if options.max_chars is not None:
        answer = within(answer, options.max_chars)
    view = search_view(answer)
    if options.layout:
        layouts = _layouts(answer)
        view["results"] = [{**shown, "layout": layout} for shown, layout in zip(view["results"], layouts, strict=True)]
    if options.format != "json":
        view["formatted"] = formatted(answer, options.format, base_of(request, collection))
    return as_json({**view, "request_id": request.scope["request_id"]})


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
