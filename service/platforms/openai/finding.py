"""Uploaded files and what takes their place: found by whoever may, and attached to vector stores."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_hex

from fastapi import Request

from corpus.errors import NotFound, UnreadableFile
from corpus.files.upload import check_upload
from corpus.store.collections import DEFAULT, SHOWN
from corpus.store.job import Job
from corpus.store.large import Large, Place
from corpus.store.truth import Reader
from corpus.store.uploads import Upload
from index.filters.names import Value
from index.opening import CREATED
from service.backend.backend import Backend
from service.backend.collection import Collection
from service.backend.jobs import failed_job, new_job
from service.http.access import Scope, asker_of
from service.platforms.openai.attached import seconds_of
from service.platforms.openai.attributes import RESERVED, facts_of
from service.platforms.openai.unattached import PREFIX, holders
from service.reading import Value as Stored

READ_BEFORE = "assistants"  # the purpose of a document that came as no uploaded file
RANDOM_BYTES = 10  # of an id, which nobody is to guess


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that a request may see.

    Attributes:
        facts: what is known of it; of a document that came another way, as if it had been uploaded.
        holders: the collections that it is attached to, whether or not the request may see them.
        store: the collection whose store has what it holds.
        uploaded: whether that is the file as it was uploaded, not the original of a document.
    """

    facts: Upload
    holders: list[str]
    store: str
    uploaded: bool


def new_upload(source: str, purpose: str, size: int) -> Upload:
    """Return what is known of a file that comes now; ids are in the order in which files came."""
    moment = time.time()
    return Upload(f"{PREFIX}{int(moment * 1000):012x}{token_hex(RANDOM_BYTES)}", source, purpose, size, int(moment))


async def find_file(request: Request, file_id: str) -> FoundFile:
    """Return a file: one that was uploaded, or the original of a document.

    A file is seen by whoever may read a collection that it is attached to. One that is attached to nothing is seen by
    whoever may write anywhere and knows its id.

    Raises:
        NotFound: if it may see no file of that id.
    """
    backend, asker = _backend(request), asker_of(request)
    default = await backend.collections.get(DEFAULT)
    upload = await default.read(lambda reader: reader.uploads.find(file_id))
    holding = await holders(backend, file_id)
    seen = [name for name in holding if asker.opens(Scope.READ, name)]
    if upload and (seen or (not holding and asker.opens(Scope.WRITE))):
        return FoundFile(upload, holding, DEFAULT, uploaded=True)
    for name, original in (await backend.collections.each(lambda reader: _original(reader, file_id), seen)).items():
        if original:
            return FoundFile(original, holding, name, uploaded=False)
    raise NotFound(f"there is no file {file_id[:SHOWN]}; upload it, or list those there are")


def value_of(file: FoundFile) -> Stored:
    """Return where is read what a file holds."""
    kind = Large.UPLOAD if file.uploaded else Large.ORIGINAL
    return Stored(kind, file.facts.upload_id, Place(0, file.facts.bytes))


async def content_of(request: Request, file: FoundFile) -> bytes:
    """Return all that a file holds.

    Raises:
        NotFound: if it was removed meanwhile.
    """

    def read(reader: Reader) -> bytes | None:
        if file.uploaded:
            return reader.uploads.content(file.facts.upload_id)
        original = reader.originals.find(file.facts.upload_id)
        return None if original is None else original.content

    content = await (await _backend(request).collections.get(file.store)).read(read)
    if content is None:
        raise NotFound(f"there is no file {file.facts.upload_id}; it was removed just now")
    return content


async def attach(
    request: Request,
    collection: Collection,
    file: FoundFile,
    attributes: Mapping[str, Value],
    job_id: str | None = None,
) -> Job:
    """Let a collection read a file, and return the job that does, or that has failed at once.

    Args:
        request: that wants it.
        collection: where to.
        file: which one.
        attributes: what is said of it.
        job_id: what the job is called, if that matters.
    """
    file_id, content = file.facts.upload_id, await content_of(request, file)
    job = new_job(file.facts.source, file_id, {RESERVED: file_id, **facts_of(attributes)})
    job = replace(job, job_id=job_id or job.job_id)
    jobs = _backend(request).jobs
    try:
        check_upload(job.source, content)
    except UnreadableFile as error:
        return (await jobs.accept(collection, [(failed_job(job, str(error)), None)]))[0]
    return (await jobs.accept(collection, [(job, content)]))[0]


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


def _original(reader: Reader, document_id: str) -> Upload | None:
    original, facts = reader.originals.facts(document_id), reader.facts([document_id])
    if original is None or not facts:
        return None
    source = facts[document_id].source
    return Upload(document_id, source, READ_BEFORE, original.bytes, seconds_of(reader.meta(CREATED)))
