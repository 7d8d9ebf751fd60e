"""Copying what a collection holds beside its documents: uploaded files, and the jobs that have not ended."""

from collections.abc import Iterator
from dataclasses import replace

from corpus.errors import NotFound, StoreDamaged
from corpus.store.job import Job, JobState
from corpus.store.stored import moment
from corpus.store.truth import Reader, Truth


def other_files(reader: Reader, there: Reader) -> Iterator[str]:
    """Yield what a target holds of these that its source does not."""
    mine = {each.upload_id for each in reader.uploads.all()}
    yield from (f"uploaded file {each.upload_id}" for each in there.uploads.all() if each.upload_id not in mine)
    yield from (f"job {each.job_id}" for each in there.jobs.open() if _find(reader, each.job_id) is None)


def copy_uploads(reader: Reader, target: Truth) -> int:
    """Make a target hold the uploaded files of a state and no others, and return how many were copied.

    Raises:
        StoreDamaged: if one is not whole.
    """
    with target.reading() as there:
        known = {each.upload_id: each for each in there.uploads.all()}
    wanted = {each.upload_id: each for each in reader.uploads.all()}
    missing = [each for each in wanted.values() if known.get(each.upload_id) != each]
    with target.writing() as writer:
        writer.uploads.remove([each for each in known if known[each] != wanted.get(each)])
    for upload in missing:
        content = reader.uploads.content(upload.upload_id)
        if content is None or len(content) != upload.bytes:
            raise StoreDamaged(f"the uploaded file {upload.upload_id} is not whole; remove it, and send it again")
        with target.writing() as writer:
            writer.uploads.add(upload, content)
    return len(missing)


def copy_jobs(reader: Reader, target: Truth) -> int:
    """Make a target hold the jobs of a state that have not ended, to be begun anew, and return how many were copied.

    Those that are open in the target only have ended in the source meanwhile, and what they stored is copied.
    """
    wanted = [each.job_id for each in reader.jobs.open()]
    with target.reading() as there:
        missing = [each for each in wanted if _find(there, each) is None]
        ended = [each for each in there.jobs.open() if each.job_id not in wanted]
    for job_id in missing:
        job = replace(reader.jobs.get(job_id), state=JobState.QUEUED, passages=0, total=None)
        with target.writing() as writer:
            writer.jobs.add(job, reader.jobs.content(job_id))
    for job in ended:
        with target.writing() as writer:
            cancelled = replace(job, state=JobState.CANCELLED, changed=moment())
            writer.jobs.update(_find(reader, job.job_id) or cancelled)
    return len(missing)


def _find(reader: Reader, job_id: str) -> Job | None:
    try:
        return reader.jobs.get(job_id)
    except NotFound:
        return None
