"""What becomes of uploaded files while nobody waits: one after another they are read, cut, embedded and stored.

A job is a row of its collection's store, with its file, from before it is acknowledged. So whatever ends the process,
the next one goes on with it; a job that was stored and not yet told so is stored again, which changes nothing.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

from corpus.errors import AlreadyExists, NotFound, StoreUnavailable, WherefromError
from corpus.store.job import Job, JobState
from corpus.store.stored import moment
from corpus.store.truth import Writer
from index.home import Home
from service.backend.collection import Collection
from service.backend.collections import Collections
from service.backend.queue import OwnQueue, Queue, SharedQueue, Turn
from service.backend.threads import Threads
from service.backend.work import Work
from service.errors import Cancelled, Overloaded
from service.settings import Settings
from service.workers.errands import Errand
from service.workers.worker import ALONE, Worker

logger = logging.getLogger(__name__)

MOST_OPEN = 1_000  # jobs of a collection that have not ended; each holds its file
AGAIN_SECONDS = 2.0  # after which a job is tried again that a full or failing disk stopped


class JobRunner:
    """Does the jobs of all collections in the order in which they were accepted, or has the first worker do them."""

    def __init__(self, collections: Collections, home: Home, settings: Settings, worker: Worker = ALONE) -> None:
        self._collections = collections
        self._home = home
        self._settings = settings
        self._worker = worker
        self._threads = Threads("job", 1, 0, yielding=True)
        self._queue: Queue = OwnQueue() if home.claims is None else SharedQueue(home.claims)
        self._running: Work | None = None
        self._task: asyncio.Task[None] | None = None

    async def counts(self) -> dict[str, int]:
        """Return how many jobs of all collections wait, and how many are done now, by that state.

        Where there are several workers, the first one counts for all.
        """
        return await self._queue.counts() if self._worker.first else {"queued": 0, "running": 0}

    async def start(self) -> None:
        """Take up what a process before this one left, unless another one is at work here, and go on from there."""
        alone = self._home.take()
        if not self._worker.first:
            return
        if alone or self._worker.takes_up:
            async for collection in self._collections.some(await self._collections.with_jobs()):
                jobs = await collection.read(lambda reader: reader.jobs.open())
                self._queue.add(Turn(collection.name, job.job_id) for job in jobs)
                with suppress(StoreUnavailable):  # until its disk has room, they are told as they were
                    await collection.note(_queued_again)
        self._task = asyncio.create_task(self._run())
        if self._worker.errands is not None:
            self._worker.errands.receive(self._receive)

    async def stop(self) -> None:
        """End between two steps of a job; the next process goes on with it."""
        if self._worker.first and self._worker.errands is not None:
            self._worker.errands.receive_no_more()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._threads.close()

    async def accept(self, collection: Collection, files: list[tuple[Job, bytes | None]]) -> list[Job]:
        """Keep new jobs with their files, all of them or none, and do them when their turn comes.

        Args:
            collection: where to.
            files: each job, and its file unless it has failed already.

        Raises:
            Overloaded: if too many have not ended.
            StoreUnavailable: if they cannot be kept.
        """

        def add(writer: Writer) -> None:
            waiting = sum(content is not None for _, content in files)
            if writer.jobs.count_open() + waiting > MOST_OPEN:
                raise Overloaded(f"{MOST_OPEN:,} files wait to be read already; send this again later", reason="jobs")
            for job, content in files:
                writer.jobs.add(job, content)

        await collection.note(add)
        self._do_later(Errand(collection.name, job.job_id) for job, content in files if content is not None)
        return [job for job, _ in files]

    async def cancel(self, collection: Collection, job_id: str) -> Job:
        """End a job, and return it.

        Raises:
            NotFound: if there is none of that id.
            AlreadyExists: if it has ended.
        """
        job = await collection.note(lambda writer: _cancelled(writer, job_id))
        self._do_later([Errand(collection.name, job_id, cancelled=True)])
        return job

    def _do_later(self, errands: Iterable[Errand]) -> None:
        if self._worker.first or self._worker.errands is None:
            for errand in errands:
                self._receive(errand)
        else:
            self._worker.errands.hand(*errands)

    def _receive(self, errand: Errand) -> None:
        """Have a job wait for its turn, or end it if it is being done."""
        if not errand.cancelled:
            self._queue.add([Turn(errand.collection, errand.job_id)])
        elif self._running is not None and self._running.job_id == errand.job_id:
            self._running.stop()

    async def _run(self) -> None:
        while True:
            turn = await self._queue.next()
            try:
                await self._do(turn)
            except NotFound:  # the collection was deleted, and its jobs with it
                pass
            except Cancelled:  # with its collection, unless that is still there
                continue
            except StoreUnavailable as error:
                logger.warning("job %s waits for the store: %s", turn.job_id, error)
                await self._queue.put_off(turn, AGAIN_SECONDS)
                continue
            except WherefromError as error:
                logger.warning("job %s is left: %s", turn.job_id, error)
            except Exception:  # of a library; the next job may have better luck
                logger.exception("job %s is left", turn.job_id)
            await self._queue.leave(turn)

    async def _do(self, turn: Turn) -> None:
        collection = await self._collections.get(turn.collection)
        work = self._running = Work(turn.job_id, self._home, keep_originals=self._settings.keep_originals)
        try:
            async with self._queue.doing(turn, work.stop):
                await collection.write(work.do, self._threads, work.stop)
        except asyncio.CancelledError:
            work.stop()
            raise
        finally:
            self._running = None


def new_job(source: str, document_id: str | None, facts: Mapping[str, Any]) -> Job:
    """Return the job of a file that is accepted now."""
    created = moment()
    return Job(f"j_{uuid4().hex}", JobState.QUEUED, source, created, created, document_id, facts)


def failed_job(job: Job, reason: str) -> Job:
    """Return a job that comes to nothing."""
    return replace(job, state=JobState.FAILED, reason=reason)


def _queued_again(writer: Writer) -> None:
    """Tell of the jobs that a process left that they wait again."""
    for job in writer.jobs.open():
        writer.jobs.update(replace(job, state=JobState.QUEUED, passages=0, total=None, changed=moment()))


def _cancelled(writer: Writer, job_id: str) -> Job:
    job = writer.jobs.get(job_id)
    if job.state.ended:
        raise AlreadyExists(f"job {job_id} is {job.state} already; what it stored is deleted as a document")
    job = replace(job, state=JobState.CANCELLED, changed=moment())
    writer.jobs.update(job)
    return job
