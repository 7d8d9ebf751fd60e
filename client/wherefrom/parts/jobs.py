"""Handing over files, and waiting for what becomes of them."""

from asyncio import sleep as later
from asyncio import to_thread
from collections.abc import Iterable
from time import sleep
from typing import Unpack

from wherefrom.calls.jobs import (
    File,
    FileFacts,
    cancel_call,
    collection_of,
    id_of,
    job_call,
    jobs_call,
    pauses,
    settled,
    upload_calls,
)
from wherefrom.parts.sending import AsyncSender, Sender
from wherefrom.responses import Job


class Jobs(Sender):
    """What hands files to a service."""

    def upload(
        self,
        *files: File,
        wait: bool = False,
        check: bool = True,
        timeout: float | None = None,
        collection: str | None = None,
        **facts: Unpack[FileFacts],
    ) -> list[Job]:
        """Hand over files, and return their jobs in the order of the files.

        A file that the service refuses at once is a job that has `failed`, and the others go on. Many files are sent in
        several requests; where one of these fails, those before it have been taken.

        Args:
            files: paths, or names and bytes. The name makes the id, so that the same name again is a new version.
            wait: until all are documents, or are not to be.
            check: with `wait`, whether to raise if one fails.
            timeout: seconds to wait for all; `None` for as long as it takes.
            collection: that the documents are to stand in.
            facts: of the document, with one file: `document_id`, `title`, `publisher`, `published`, `url`, `author`
                and `language`.

        Raises:
            InvalidInput: if a file is not there.
            JobFailed: if one fails, with `wait` and `check`.
            JobUnfinished: if `timeout` is over.
        """
        answers = [self._send(call, collection) for call in upload_calls(files, facts)]
        jobs = [job for answer in answers for job in answer.jobs]
        return self._wait(jobs, timeout, check) if wait else jobs

    def jobs(self, *, limit: int | None = None, state: str | None = None, collection: str | None = None) -> list[Job]:
        """Return the newest jobs, the last one first."""
        return self._send(jobs_call(limit, state), collection).jobs

    def job(self, job_id: str, *, collection: str | None = None) -> Job:
        """Return a job as it is now."""
        return self._send(job_call(job_id), collection)

    def wait(self, job: Job | str, *, timeout: float | None = None, check: bool = True) -> Job:
        """Wait until a job has ended, and return it; `job` may be its id.

        Args:
            job: the job; if its id, of the client's collection.
            timeout: seconds to wait; `None` for as long as it takes.
            check: whether to raise if it fails.

        Raises:
            JobFailed: if the job fails or is cancelled, with its reason, unless `check` is false.
            JobUnfinished: if `timeout` is over.
        """
        (ended,) = self._wait([job if isinstance(job, Job) else self.job(job)], timeout, check)
        return ended

    def cancel(self, job: Job | str) -> Job:
        """End a job, of which no document comes then; one that has ended stays as it is (409)."""
        return self._send(cancel_call(id_of(job)), collection_of(job))

    def _wait(self, jobs: Iterable[Job], timeout: float | None, check: bool) -> list[Job]:
        left = pauses(timeout)
        seen = []
        for job in jobs:
            now = job if job.ended else self.job(job.id, collection=job.collection)
            while not now.ended and (pause := next(left, None)) is not None:
                sleep(pause)
                now = self.job(job.id, collection=job.collection)
            seen.append(now)
        return settled(seen, timeout, check)


class AsyncJobs(AsyncSender):
    """The same with an event loop."""

    async def upload(
        self,
        *files: File,
        wait: bool = False,
        check: bool = True,
        timeout: float | None = None,
        collection: str | None = None,
        **facts: Unpack[FileFacts],
    ) -> list[Job]:
        """Hand over files, and return their jobs in the order of the files."""
        calls = upload_calls(files, facts)
        jobs: list[Job] = []
        while (call := await to_thread(next, calls, None)) is not None:  # it reads the files
            jobs += (await self._send(call, collection)).jobs
        return await self._wait(jobs, timeout, check) if wait else jobs

    async def jobs(
        self, *, limit: int | None = None, state: str | None = None, collection: str | None = None
    ) -> list[Job]:
        """Return the newest jobs, the last one first."""
        return (await self._send(jobs_call(limit, state), collection)).jobs

    async def job(self, job_id: str, *, collection: str | None = None) -> Job:
        """Return a job as it is now."""
        return await self._send(job_call(job_id), collection)

    async def wait(self, job: Job | str, *, timeout: float | None = None, check: bool = True) -> Job:
        """Wait until a job has ended, and return it; `job` may be its id."""
        (ended,) = await self._wait([job if isinstance(job, Job) else await self.job(job)], timeout, check)
        return ended

    async def cancel(self, job: Job | str) -> Job:
        """End a job, of which no document comes then; one that has ended stays as it is (409)."""
        return await self._send(cancel_call(id_of(job)), collection_of(job))

    async def _wait(self, jobs: Iterable[Job], timeout: float | None, check: bool) -> list[Job]:
        left = pauses(timeout)
        seen = []
        for job in jobs:
            now = job if job.ended else await self.job(job.id, collection=job.collection)
            while not now.ended and (pause := next(left, None)) is not None:
                await later(pause)
                now = await self.job(job.id, collection=job.collection)
            seen.append(now)
        return settled(seen, timeout, check)
