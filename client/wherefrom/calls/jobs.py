"""The requests that hand over files and follow what becomes of them."""

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from time import monotonic
from typing import TypedDict

from wherefrom.calls.call import Call, packed, segment
from wherefrom.errors import InvalidInput, JobFailed, JobUnfinished
from wherefrom.responses import Job, Jobs

UPLOAD_BYTES = 16_000_000  # of files in one request; the service reads 20,000,000 unless it is set otherwise
UPLOAD_FILES = 100  # in one request
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0  # between two looks at a job
GROWTH = 1.5  # of the pauses: a note is ready at once, a book takes minutes

File = str | PathLike[str] | tuple[str, bytes]


class FileFacts(TypedDict, total=False):
    """What may be said of a document that comes as a file; what the file says of itself holds otherwise."""

    document_id: str
    title: str
    publisher: str
    published: str
    url: str
    author: str
    language: str
    encoding: str  # of a text, where its bytes leave it open
    errors: str  # `replace` lets bytes of a text pass that are not of its encoding


def upload_calls(files: Sequence[File], facts: FileFacts) -> Iterator[Call[Jobs]]:
    """Yield the requests that hand over files, as many in each as the service takes; they are read as they are sent.

    Raises:
        InvalidInput: if a file is not there, or facts of one document are given with several files.
    """
    if facts and len(files) != 1:
        raise InvalidInput(f"{', '.join(facts)} with {len(files)} files; give facts with one file")
    for file in files:
        if not isinstance(file, tuple) and not Path(file).is_file():
            raise InvalidInput(f"{file}: there is no such file; give a file, or its name and its bytes")
    return _upload_calls(files, facts)


def jobs_call(limit: int | None, state: str | None) -> Call[Jobs]:
    """Return the request for the newest jobs."""
    given = {"limit": limit, "state": state}
    params = {name: value for name, value in given.items() if value is not None}
    return Call("GET", "/v1/jobs", Jobs.model_validate_json, params)


def job_call(job_id: str) -> Call[Job]:
    """Return the request for a job."""
    return Call("GET", f"/v1/jobs/{segment(job_id)}", Job.model_validate_json)


def cancel_call(job_id: str) -> Call[Job]:
    """Return the request that ends a job."""
    return Call("DELETE", f"/v1/jobs/{segment(job_id)}", Job.model_validate_json)


def id_of(job: Job | str) -> str:
    """Return the id of a job."""
    return job.id if isinstance(job, Job) else job


def collection_of(job: Job | str) -> str | None:
    """Return the collection of a job, `None` where only its id is known."""
    return job.collection if isinstance(job, Job) else None


def pauses(timeout: float | None) -> Iterator[float]:
    """Yield the seconds to wait before each further look at a job, until `timeout` is over."""
    end = None if timeout is None else monotonic() + timeout
    pause = FIRST_PAUSE_S
    while end is None or monotonic() < end:
        yield pause if end is None else min(pause, max(0.0, end - monotonic()))
        pause = min(pause * GROWTH, LONGEST_PAUSE_S)


def settled(jobs: Iterable[Job], timeout: float | None, check: bool) -> list[Job]:
    """Return jobs that were waited for.

    Raises:
        JobUnfinished: if some have not ended.
        JobFailed: if some have not become documents, and `check` asks for that.
    """
    seen = list(jobs)
    unfinished = [job for job in seen if not job.ended]
    if unfinished:
        raise JobUnfinished(unfinished, timeout or 0)
    failed = [job for job in seen if job.state != "done"]
    if failed and check:
        raise JobFailed(failed)
    return seen


def _upload_calls(files: Iterable[File], facts: FileFacts) -> Iterator[Call[Jobs]]:
    for group in packed(map(_read, files), lambda file: len(file[1]), UPLOAD_BYTES, UPLOAD_FILES):
        sent = {"files": [("file", file) for file in group], "data": facts}
        # Sent twice, a file is two jobs and one document.
        yield Call("POST", "/v1/documents", Jobs.model_validate_json, sent=sent)


def _read(file: File) -> tuple[str, bytes]:
    if isinstance(file, tuple):
        return file
    path = Path(file)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}; nothing of it was sent") from None
