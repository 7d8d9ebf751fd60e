"""Files as they are sent: each becomes a job, which is durable when the request is answered."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from corpus.document import document_id_of
from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.folders.metadata import DECODED, FIELDS, decoding_said
from corpus.files.page_picture import NARROWEST, WIDEST, WIDTH
from corpus.files.text.decoding import DecodingErrors, codec_of
from corpus.files.upload import check_upload, source_of
from corpus.passage import Span
from corpus.store.job import Job
from service.backend.collection import Collection
from service.backend.jobs import failed_job, new_job
from service.http.access import Scope
from service.http.answers import LargeAnswer
from service.http.bounds import COLLECTION, between
from service.http.documents import WRITING_ERRORS, DocumentId, takes
from service.http.opened import CollectionName, ReadCollection, opened
from service.http.routes import IN_COLLECTION, BackendOf, RequestId, is_utf8
from service.http.rules import takes_documents
from service.http.written import JobsOut
from service.reading import Pieces, Value, read_original
from service.views import job_view
from service.writing import chosen_id

MOST_FILES = 100  # of one request
FIELD_BYTES = 65_536
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_FILES,
            "items": {"type": "string", "format": "binary"},
            "description": "One file or several.",
        },
        "collection": {"type": "string", **COLLECTION, "description": "Name of the collection."},
        "document_id": {"type": "string", "description": "Id of the document, for one file; else of its name."},
        "encoding": {
            "type": "string",
            "description": "What one file is in if it is a text without a byte order mark and no UTF-8.",
        },
        "errors": {
            "type": "string",
            "enum": list(DecodingErrors),
            "description": "Whether a text with bytes that are not of its encoding is refused, or they pass as U+FFFD.",
        },
        **{name: {"type": "string", "description": f"The document's {name}, for one file."} for name in FIELDS},
    },
    "required": ["file"],
    "additionalProperties": False,
}
OF_ONE_FILE = ("document_id", *DECODED, *FIELDS)
MULTIPART = takes("multipart/form-data")
uploads = APIRouter(prefix="/v1", dependencies=[Depends(is_utf8)], responses={**IN_COLLECTION, **WRITING_ERRORS})


@uploads.post(
    "/documents",
    status_code=202,
    response_model=JobsOut,
    tags=["writing"],
    dependencies=[MULTIPART],
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
@takes_documents
async def upload(
    request: Request, backend: BackendOf, request_id: RequestId, collection: CollectionName = None
) -> JSONResponse:
    """Accept files of any kind that is read; each is a job, which goes on whatever happens to the service."""
    form = await form_of(request)
    try:
        where = await opened(request, Scope.WRITE, _text(form, "collection"))
        files = [each for name in ("file", "files") for each in form.getlist(name) if isinstance(each, UploadFile)]
        jobs = [_job_of(file, await file.read(), facts) for file, facts in _with_facts(form, files)]
    finally:
        await form.close()
    accepted = await backend.jobs.accept(where, jobs)
    views = [job_view(job, where.name) for job in accepted]
    return JSONResponse({"jobs": views, "request_id": request_id}, 202)


@uploads.get("/documents/{document_id}/original", response_class=Response, tags=["documents"])
async def original(request: Request, document_id: DocumentId, collection: ReadCollection) -> Response:
    """Return the file that a document was read from, as it was uploaded."""
    document, found, value = await read_original(collection, document_id)
    return download(request, document.source, found.media_type, collection, value)


@uploads.get(
    "/documents/{document_id}/pages/{number}",
    responses={
        200: {"description": "The page.", "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
    },
    response_class=Response,
    tags=["documents"],
)
async def page(
    document_id: DocumentId,
    number: Annotated[
        int, Path(json_schema_extra={"minimum": 1}, description="Number of the page, from 1.", examples=[1])
    ],
    collection: ReadCollection,
    backend: BackendOf,
    start: Annotated[int | None, Query(ge=0, description="Where the quote begins in the document's text.")] = None,
    end: Annotated[int | None, Query(ge=0, description="Where it ends.")] = None,
    width: Annotated[
        int,
        Query(
            json_schema_extra=between(NARROWEST, WIDEST),
            description=f"Of the picture in pixels, {NARROWEST} to {WIDEST}.",
        ),
    ] = WIDTH,
) -> Response:
    """Return a picture of a page of the PDF that a document was read from, with what of a quote stands on it marked."""
    quote = None if start is None or end is None else Span(start, end)
    picture = await backend.drawing.page(collection, document_id, number, quote, width)
    return Response(picture.png, media_type="image/png", headers={"X-Marked": str(picture.marked).lower()})


def download(request: Request, source: str, media_type: str, collection: Collection, value: Value) -> Response:
    """Return a file as it is saved by a browser, and not shown or run."""
    headers = {
        "Content-Disposition": _attachment(source),
        "Content-Length": str(value.place.size),
        # It is somebody's file, and not to be run here.
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    }
    return LargeAnswer(request.app.state.answers, Pieces(collection, value), media_type, headers)


async def form_of(request: Request) -> FormData:
    """Return the form that a request sends, with its files; it is to be closed.

    Raises:
        InvalidInput: if it is none, or has too many parts.
    """
    try:
        return await request.form(max_files=MOST_FILES, max_fields=MOST_FILES, max_part_size=FIELD_BYTES)
    except HTTPException as error:  # what the parser of forms gives up on
        raise InvalidInput(f"the form cannot be read: {error.detail}; send it as browsers do") from None


def _with_facts(form: FormData, files: list[UploadFile]) -> list[tuple[UploadFile, Mapping[str, str]]]:
    """Return each file with what the form says of its document."""
    if not files:
        raise InvalidInput("file is missing; send one file or several in fields of that name")
    facts = {name: text for name in OF_ONE_FILE if (text := _text(form, name))}
    unknown = set(form) - {"file", "files", "collection", *OF_ONE_FILE}
    if unknown:
        raise InvalidInput(f"{min(unknown)[:80]} is not known here; /docs lists the fields")
    if facts and len(files) > 1:
        raise InvalidInput(f"{min(facts)} is given with {len(files)} files; send each of them by itself")
    if "document_id" in facts:
        chosen_id(facts["document_id"])
    if "encoding" in facts:
        codec_of(facts["encoding"])  # which tells the value
    decoding_said(facts)
    return [(file, facts) for file in files]


def _job_of(file: UploadFile, content: bytes, facts: Mapping[str, str]) -> tuple[Job, bytes | None]:
    """Return the job of a file, and the file unless it is refused at once."""
    source = source_of(file.filename or "")
    job = new_job(source, facts.get("document_id") or document_id_of(source), facts)
    try:
        check_upload(job.source, content)
    except UnreadableFile as error:
        return failed_job(job, str(error)), None
    return job, content


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    if len(set(form.getlist(name))) > 1:
        raise InvalidInput(f"{name} is given several times; give it once")
    if isinstance(value, UploadFile):
        raise InvalidInput(f"{name} is a file; send it as text")
    return value or None


def _attachment(source: str) -> str:
    """Return the header by which a browser saves a file under its name (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(PurePosixPath(source).name, safe='')}"
