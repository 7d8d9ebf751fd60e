"""Writing documents one at a time and many at a time, while the caller waits; files are in `uploads`."""

import json
from codecs import BOM_UTF8
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import ValidationError

from corpus.errors import InvalidInput, WherefromError
from index.cutting import Entry, Indexed, Outcome
from index.opening import OpenIndex
from index.writer import Guard, unguarded
from service.backend.collection import Collection
from service.errors import UnsupportedMedia, invalid, public_message, request_id_of, status_of
from service.http import bounds
from service.http.access import Scope
from service.http.examples import DOCUMENT_ID
from service.http.opened import CollectionName, WriteCollection, opened
from service.http.routes import IN_COLLECTION, RequestId, is_utf8
from service.http.rules import takes_documents
from service.http.schemas import ErrorOut, errors_in
from service.http.written import DocumentIn, LineIn, PatchIn, WrittenOut
from service.writing import checked_id, etag_of, only_if, patched_document, written_document

MOST_LINES = 10_000  # of a batch
WRITING_ERRORS = errors_in(
    ErrorOut,
    {
        413: "The body is too large.",
        415: "The body is of another media type.",
        507: "The disk of the service is full; nothing was written.",
    },
)
CHANGED = errors_in(ErrorOut, {412: "The document is not as `If-Match` or `If-None-Match` has it."})
IfMatch = Annotated[str | None, Header(description="ETag that the document must have, or `*`: it must be there.")]
IfNoneMatch = Annotated[str | None, Header(description="`*`: the document must not be there.")]
DocumentId = Annotated[
    str, Path(json_schema_extra=bounds.DOCUMENT_ID, description="1 to 200 characters, no `/`.", examples=[DOCUMENT_ID])
]


# Lines are no one value of JSON, so their forms are told in words.
LINES = {"type": "string", "format": "binary", "description": "A JSON object a line: `LineIn`, or `LineOut`."}


def takes(*media_types: str) -> Any:
    """Return what refuses a request whose body is of another media type, before anything is made of it."""

    async def check(request: Request) -> None:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given not in media_types:
            raise UnsupportedMedia(f"Content-Type is {given[:80]!r}; send {' or '.join(media_types)}")

    return Depends(check)


JSON = takes("application/json", "application/merge-patch+json")
NDJSON = takes("application/x-ndjson", "application/jsonl", "application/ndjson")
writing = APIRouter(
    prefix="/v1", tags=["writing"], dependencies=[Depends(is_utf8)], responses={**IN_COLLECTION, **WRITING_ERRORS}
)


@writing.put(
    "/documents/{document_id}",
    response_model=WrittenOut,
    dependencies=[JSON],
    responses={201: {"model": WrittenOut, "description": "The document is new."}, **CHANGED},
)
@takes_documents
async def put_document(
    request: Request,
    document_id: DocumentId,
    body: DocumentIn,
    request_id: RequestId,
    collection: CollectionName = None,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> JSONResponse:
    """Write a document, new or in place of the one of its id; it is durable and found when this is answered."""
    where = await opened(request, Scope.WRITE, body.collection)
    checked_id(document_id)
    guard = only_if(document_id, if_match, if_none_match)
    return _written(await _put(where, document_id, body, guard), request_id)


@writing.patch("/documents/{document_id}", response_model=WrittenOut, dependencies=[JSON], responses=CHANGED)
@takes_documents
async def patch_document(
    request: Request,
    document_id: DocumentId,
    body: PatchIn,
    request_id: RequestId,
    collection: CollectionName = None,
    if_match: IfMatch = None,
) -> JSONResponse:
    """Change what is known of a document; its text stays, and so do the passages that are found as before."""
    where = await opened(request, Scope.WRITE, body.collection)
    patch, guard = body.patch(), only_if(document_id, if_match, None)
    indexed = await where.write(
        lambda index: index.indexer.change(document_id, lambda found: patched_document(found, patch), guard)
    )
    return _written(indexed, request_id)


@writing.delete("/documents/{document_id}", status_code=204, responses=CHANGED)
async def delete_document(document_id: DocumentId, collection: WriteCollection, if_match: IfMatch = None) -> Response:
    """Remove a document with its passages and its original; no question finds it when this is answered."""
    guard = only_if(document_id, if_match, None) if if_match is not None else unguarded
    await collection.write(lambda index: index.indexer.delete(document_id, guard))
    return Response(status_code=HTTPStatus.NO_CONTENT)


@writing.post(
    "/documents:batch",
    dependencies=[NDJSON],
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {"schema": LINES}}}},
    openapi_extra={"requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": LINES}}}},
)
@takes_documents
async def write_batch(request: Request, collection: WriteCollection) -> StreamingResponse:
    """Write or delete a document a line, in order; each line is answered by a line once it is durable."""
    lines = [line for line in (await request.body()).removeprefix(BOM_UTF8).splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise InvalidInput(f"the batch has {len(lines):,} lines, more than {MOST_LINES:,}; send several")
    return StreamingResponse(_lines(request, collection, lines), media_type="application/x-ndjson")


async def _lines(request: Request, collection: Collection, lines: list[bytes]) -> AsyncIterator[bytes]:
    for number, line in enumerate(lines, start=1):
        known: dict[str, Any] = {"line": number}
        try:
            body = _line_of(line, collection.name)
            known["document_id"] = body.document_id
            told = await _do_line(collection, body)
        except WherefromError as error:
            message = public_message(error, request_id_of(request))
            told = {"status": int(status_of(error)), "error": message, "error_type": type(error).__name__}
        yield json.dumps({**known, **told}, ensure_ascii=False).encode() + b"\n"


def _line_of(line: bytes, collection: str) -> LineIn:
    try:
        body = LineIn.model_validate_json(line)
    except ValidationError as error:
        raise invalid(error, "the line") from None
    if body.collection not in (None, collection):
        raise InvalidInput(f"collection is {body.collection!r}, but the batch is for {collection!r}; name one")
    checked_id(body.document_id)
    return body


async def _do_line(collection: Collection, body: LineIn) -> dict[str, Any]:
    if body.delete:
        await collection.write(lambda index: index.indexer.delete(body.document_id))
        return {"status": int(HTTPStatus.NO_CONTENT)}
    indexed = await _put(collection, body.document_id, body, unguarded)
    return {"status": int(_status(indexed)), **_view(indexed)}


async def _put(collection: Collection, document_id: str, body: DocumentIn, guard: Guard) -> Indexed:
    def put(index: OpenIndex) -> Indexed:
        document = written_document(document_id, body.text, body.source, body.facts())
        return index.indexer.put(Entry(document), guard)

    return await collection.write(put)


def _written(indexed: Indexed, request_id: str) -> JSONResponse:
    headers = {"ETag": etag_of(indexed.sequence)}
    return JSONResponse({**_view(indexed), "request_id": request_id}, _status(indexed), headers)


def _status(indexed: Indexed) -> HTTPStatus:
    return HTTPStatus.CREATED if indexed.outcome is Outcome.ADDED else HTTPStatus.OK


def _view(indexed: Indexed) -> dict[str, Any]:
    return {
        "document_id": indexed.document.document_id,
        "passages": indexed.passages,
        "sequence": indexed.sequence,
        "outcome": str(indexed.outcome),
    }
