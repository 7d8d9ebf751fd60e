"""OpenAI's files: uploaded by themselves, listed, read again and removed."""

from contextlib import suppress
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from corpus.errors import InvalidInput, NotFound
from corpus.files.formats import format_of
from corpus.files.upload import source_of
from corpus.store.collections import DEFAULT, SHOWN
from corpus.store.uploads import Upload
from service.http.access import Scope, asker_of
from service.http.routes import BackendOf, is_utf8
from service.http.rules import takes_documents
from service.http.uploads import MULTIPART, download, form_of
from service.platforms.openai.attached import detach
from service.platforms.openai.errors import CROWDED, ERRORS, SENT, WRITING
from service.platforms.openai.finding import find_file, new_upload, value_of
from service.platforms.openai.models import DeletedOut, FileId, FileOut, FilesOut
from service.platforms.openai.paging import PageOfFiles, page_view
from service.platforms.openai.unattached import EXPIRES_SECONDS, PREFIX, attachments, check_room

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
FORM = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "The file, with its name."},
        "purpose": {
            "type": "string",
            "enum": [*PURPOSES],
            "description": f"One of: {', '.join(PURPOSES)}. All are kept alike.",
        },
    },
    "required": ["file", "purpose"],
}
router = APIRouter(prefix="/v1", tags=["platforms"], dependencies=[Depends(is_utf8)], responses=ERRORS)


@router.post(
    "/files",
    response_model=FileOut,
    dependencies=[MULTIPART],
    responses={**SENT, **CROWDED},
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
@takes_documents
async def create_file(request: Request, backend: BackendOf) -> dict[str, Any]:
    """Keep a file, to be attached to vector stores; without that it is removed after a week."""
    default = await backend.collections.get(DEFAULT)
    form = await form_of(request)
    try:
        upload, content = await _upload_of(form)
    finally:
        await form.close()
    await check_room(backend, upload.bytes)
    await default.note(lambda writer: writer.uploads.add(upload, content))
    return _view(upload, attached=False)


@router.get("/files", response_model=FilesOut)
async def list_files(
    request: Request, paging: PageOfFiles, backend: BackendOf, purpose: str | None = None
) -> dict[str, Any]:
    """List uploaded files: those that are attached to what the key reads, and all others if it writes in `default`."""
    asker = asker_of(request)
    default = await backend.collections.get(DEFAULT)
    uploads = await default.read(lambda reader: reader.uploads.all())
    held = await attachments(backend)
    attached = set[str]().union(*held.values())
    read = (ids for name, ids in held.items() if asker.opens(Scope.READ, name))
    seen = set[str]().union(*read)
    if asker.opens(Scope.WRITE, DEFAULT):
        seen |= {each.upload_id for each in uploads} - attached
    shown = {each.upload_id: each for each in uploads if each.upload_id in seen and purpose in (None, each.purpose)}
    ids, more = paging.cut(shown)
    return page_view([_view(shown[each], attached=each in attached) for each in ids], more)


@router.get("/files/{file_id}", response_model=FileOut)
async def retrieve_file(request: Request, file_id: FileId) -> dict[str, Any]:
    """Return what is known of a file, or of the original of a document by the document's id."""
    file = await find_file(request, file_id)
    return _view(file.facts, attached=bool(file.holders))


@router.get("/files/{file_id}/content", response_class=Response)
async def retrieve_file_content(request: Request, file_id: FileId, backend: BackendOf) -> Response:
    """Return a file as it was uploaded."""
    file = await find_file(request, file_id)
    known = format_of(PurePath(file.facts.source))
    media_type = known.media_type if known else "application/octet-stream"
    collection = await backend.collections.get(file.store)
    return download(request, file.facts.source, media_type, collection, value_of(file))


@router.delete("/files/{file_id}", response_model=DeletedOut, responses=WRITING)
async def delete_file(request: Request, file_id: FileId, backend: BackendOf) -> dict[str, Any]:
    """Remove an uploaded file, and its documents from all vector stores that the key writes."""
    asker = asker_of(request)
    file = await find_file(request, file_id)
    if not file_id.startswith(PREFIX):
        raise NotFound(f"{file_id[:SHOWN]} is a document that was not uploaded as a file; remove it from its store")
    written = [name for name in file.holders if asker.opens(Scope.WRITE, name)]
    if file.holders and not written:
        asker.check(Scope.WRITE, file.holders[0])
    for name in written:
        with suppress(NotFound):  # others were faster
            collection = await backend.collections.get(name)
            await collection.write(lambda index: detach(index, file_id))
    default = await backend.collections.get(DEFAULT)
    await default.note(lambda writer: writer.uploads.remove([file_id]))
    return {"id": file_id, "object": "file", "deleted": True}


async def _upload_of(form: FormData) -> tuple[Upload, bytes]:
    file, purpose = form.get("file"), form.get("purpose")
    if not isinstance(file, UploadFile):
        raise InvalidInput("file is missing; send one in a field of that name")
    if purpose not in PURPOSES:
        raise InvalidInput(f"purpose is {str(purpose)[:SHOWN]!r}; give one of {', '.join(PURPOSES)}")
    content = await file.read()
    return new_upload(source_of(file.filename or ""), purpose, len(content)), content


def _view(upload: Upload, *, attached: bool) -> dict[str, Any]:
    return {
        "id": upload.upload_id,
        "object": "file",
        "bytes": upload.bytes,
        "created_at": upload.created,
        "filename": upload.source,
        "purpose": upload.purpose,
        "status": "processed" if attached else "uploaded",
        "expires_at": None if attached else upload.created + EXPIRES_SECONDS,
    }
