"""The files of a vector store: the documents of a collection, and the files that are on their way into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from corpus.document import DocumentFacts
from corpus.errors import NotFound
from corpus.files.formats import format_of
from corpus.store.collections import DEFAULT
from corpus.store.job import Job, JobState
from corpus.store.truth import Reader
from index.opening import CREATED, OpenIndex
from service.backend.backend import Backend
from service.backend.collection import Collection
from service.errors import INTERNAL
from service.platforms.openai.attributes import RESERVED, attributes_of
from service.platforms.openai.paging import Paging
from service.writing import UPLOADED

PROGRESS, COMPLETED, FAILED, CANCELLED = "in_progress", "completed", "failed", "cancelled"
STATUSES: Mapping[JobState, str] = {
    JobState.QUEUED: PROGRESS,
    JobState.READING: PROGRESS,
    JobState.EMBEDDING: PROGRESS,
    JobState.DONE: COMPLETED,
    JobState.FAILED: FAILED,
    JobState.CANCELLED: CANCELLED,
}
POLLED = {"openai-poll-after-ms": "250"}  # when OpenAI's clients look again after a file that is being read


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of a collection.

    Attributes:
        file_id: its id, which is its document's.
        job: the last that is or was to make a document of it, where there is no document yet or a new one is made.
        facts: what is known of its document, if it has one.
        bytes: how many it has, as a file or else as a text.
    """

    file_id: str
    job: Job | None
    facts: DocumentFacts | None
    bytes: int

    @property
    def status(self) -> str:
        """How far it is, in OpenAI's words."""
        return COMPLETED if self.job is None else STATUSES[self.job.state]


async def read_file(backend: Backend, collection: Collection, file_id: str) -> dict[str, Any]:
    """Return the JSON of a file of a collection.

    Raises:
        NotFound: if it has none of that id.
    """
    found = await collection.read(lambda reader: _files(reader, [file_id]))
    if not found:
        raise NotFound(f"there is no file {file_id} in {collection.name}; attach it, or list those there are")
    return (await views(backend, collection, found))[0]


async def read_page(
    backend: Backend, collection: Collection, paging: Paging, status: str | None
) -> tuple[list[dict[str, Any]], bool]:
    """Return the JSON of the files of a page, those of a status if one is given, and whether there are more."""
    files, more = await collection.read(lambda reader: _page(reader, paging, status))
    return await views(backend, collection, files), more


async def views(backend: Backend, collection: Collection, files: Sequence[AttachedFile]) -> list[dict[str, Any]]:
    """Return the JSON of files of a collection."""
    ids = [each.file_id for each in files]
    default = await backend.collections.get(DEFAULT)
    uploaded = await default.read(lambda reader: reader.uploads.created(ids))
    begun = seconds_of(await collection.read(lambda reader: reader.meta(CREATED)))
    return [_view(each, collection.name, uploaded.get(each.file_id), begun) for each in files]


def counts(reader: Reader) -> dict[str, int]:
    """Return how many files of a collection are how far."""
    jobs = reader.jobs.unstored()
    statuses = [STATUSES[job.state] for job in jobs]
    found = {status: statuses.count(status) for status in (PROGRESS, FAILED, CANCELLED)}
    renewed = reader.facts([job.document_id for job in jobs if job.document_id])
    completed = reader.state().documents - len(renewed)
    return {**found, COMPLETED: completed, "total": completed + sum(found.values())}


def files_of_jobs(reader: Reader, jobs: Sequence[Job], paging: Paging) -> tuple[list[AttachedFile], bool]:
    """Return the files of a page of those that jobs are about, each as far as its job, and whether there are more."""
    by_id = {job.document_id: job for job in jobs if job.document_id}
    ids, more = paging.cut(by_id)
    facts, sizes = reader.facts(ids), reader.originals.sizes(ids)
    return [AttachedFile(each, by_id[each], facts.get(each), sizes.get(each, 0)) for each in ids], more


def detach(index: OpenIndex, file_id: str) -> None:
    """Remove a file from a collection: its documents, and the jobs that would make it one.

    Raises:
        NotFound: if the collection has no such file.
    """
    with index.truth.writing() as writer:
        if not _files(writer, [file_id]):
            raise NotFound(f"there is no file {file_id} in this vector store; list those there are")
        writer.jobs.forget(file_id)
        for document_id in [file_id, *_others_in(writer, file_id)]:
            if writer.document_sequence(document_id) is not None:
                writer.delete(document_id)


def _others_in(reader: Reader, file_id: str) -> list[str]:
    """Return the other documents of an uploaded file that holds several; see `corpus.files.upload.member_id`."""
    return reader.document_ids(f"{file_id}-", f"{file_id}.") if UPLOADED.fullmatch(file_id) else []


def seconds_of(moment: str | None) -> int:
    """Return a time as OpenAI writes it, 0 where it is not known."""
    return 0 if moment is None else int(datetime.fromisoformat(moment).timestamp())


def _page(reader: Reader, paging: Paging, status: str | None) -> tuple[list[AttachedFile], bool]:
    unstored = {job.document_id or "": STATUSES[job.state] for job in reader.jobs.unstored()}
    ids = [each for each, how in unstored.items() if status in (None, how)]
    if status in (None, COMPLETED):
        most = paging.limit + 1 + len(unstored)
        stored = reader.document_ids(paging.above, paging.below, most, back=paging.falling)
        ids += [each for each in stored if each not in unstored]
    page, more = paging.cut(ids)
    return _files(reader, page), more


def _files(reader: Reader, ids: Sequence[str]) -> list[AttachedFile]:
    facts, sizes = reader.facts(ids), reader.originals.sizes(ids)
    wanted = ids[0] if len(ids) == 1 else None
    jobs = {job.document_id: job for job in reader.jobs.unstored(wanted)}
    there = [each for each in ids if each in facts or each in jobs]
    return [AttachedFile(each, jobs.get(each), facts.get(each), sizes.get(each, 0)) for each in there]


def _view(file: AttachedFile, store: str, uploaded: int | None, begun: int) -> dict[str, Any]:
    return {
        "id": file.file_id,
        "object": "vector_store.file",
        "created_at": uploaded or (seconds_of(file.job.created) if file.job else begun),
        "vector_store_id": store,
        "status": file.status,
        "last_error": _error(file.job) if file.job and file.status == FAILED else None,
        "usage_bytes": file.bytes,
        "attributes": attributes_of(file.facts) if file.facts else _said(file.job),
        "chunking_strategy": {"type": "other"},
    }


def _said(job: Job | None) -> dict[str, Any]:
    said = job.facts if job else {}
    return {name: value for name, value in said.items() if name != RESERVED and not isinstance(value, list)}


def _error(job: Job) -> dict[str, str]:
    reason = job.reason or INTERNAL
    known = "invalid_file" if format_of(PurePath(job.source)) else "unsupported_file"
    return {"code": "server_error" if reason == INTERNAL else known, "message": reason}
