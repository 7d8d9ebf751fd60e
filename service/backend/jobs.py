"""What becomes of uploaded files while nobody waits: one after another they are read, cut, embedded and stored.

A job is a row of its collection's store, with its file, from before it is acknowledged. So whatever ends the process,
the next one goes on with it; a job that was stored and not yet told so is stored again, which changes nothing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from threading import Event
from time import monotonic
from typing import Any
from uuid import uuid4

from corpus.errors import AlreadyExists, NotFound, StoreUnavailable, WherefromError
from corpus.files.sandbox import Extractor
from corpus.files.upload import read_upload
from corpus.store.job import Job, JobState
from corpus.store.stored import moment
from corpus.store.truth import Reader, Writer
from index.cutting import Entry
from index.opening import OpenIndex
from service.backend.collection import Collection
from service.backend.collections import Collections
from service.backend.processes import Place, scratch_in
from service.backend.threads import Threads
from service.errors import INTERNAL, Cancelled, Overloaded, public_message
from service.settings import Settings

logger = logging.getLogger(__name__)

MOST_OPEN = 1_000  # jobs of a collection that have not ended; each holds its file
TOLD_SECONDS = 0.25  # between two notes of how far a job is; each is a write that waits for the disk
AGAIN_SECONDS = 2.0  # after which a job is tried again that a full or failing disk stopped


class JobRunner:
    """Does the jobs of all collections in the order in which they were accepted."""

    def __init__(self, collections: Collections, settings: Settings) -> None:
        self._collections = collections
        self._settings = settings
        self._threads = Threads("job", 1, 0, yielding=True)
        self._place = Place(settings.data_dir)
        self._waiting = deque[tuple[str, str]]()
        self._wake = asyncio.Event()
        self._running: Work | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many jobs of all collections wait, and how many are done now, by that state."""
        running = int(self._running is not None)
        return {"queued": len(self._waiting) - running, "running": running}

    async def start(self) -> None:
        """Take up what a process before this one left, unless another one is at work here, and go on from there."""
        if self._place.take():
            async for collection in self._collections.some(await self._collections.with_jobs()):
                jobs = await collection.read(lambda reader: reader.jobs.open())
                self._waiting.extend((collection.name, job.job_id) for job in jobs)
                with suppress(StoreUnavailable):  # until its disk has room, they are told as they were
                    await collection.note(_queued_again)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End between two steps of a job; the next process goes on with it."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._threads.close()
        self._place.leave()

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
        self._waiting.extend((collection.name, job.job_id) for job, content in files if content is not None)
        self._wake.set()
        return [job for job, _ in files]

    async def cancel(self, collection: Collection, job_id: str) -> Job:
        """End a job, and return it.

        Raises:
            NotFound: if there is none of that id.
            AlreadyExists: if it has ended.
        """
        job = await collection.note(lambda writer: _cancelled(writer, job_id))
        if self._running is not None and self._running.job_id == job_id:
            self._running.stop()
        return job

    async def _run(self) -> None:
        while True:
            while not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            name, job_id = self._waiting[0]
            try:
                collection = await self._collections.get(name)
                await self._do(collection, job_id)
            except NotFound:  # the collection was deleted, and its jobs with it
                pass
            except Cancelled:  # with its collection, unless that is still there
                continue
            except StoreUnavailable as error:
                logger.warning("job %s waits for the store: %s", job_id, error)
                await asyncio.sleep(AGAIN_SECONDS)
                # Those of other collections go before, and those of this one stay in their order.
                self._waiting = deque(sorted(self._waiting, key=lambda each: each[0] == name))
                continue
            except WherefromError as error:
                logger.warning("job %s is left: %s", job_id, error)
            except Exception:  # of a library; the next job may have better luck
                logger.exception("job %s is left", job_id)
            self._waiting.popleft()

    async def _do(self, collection: Collection, job_id: str) -> None:
        work = self._running = Work(job_id, self._settings)
        try:
            await collection.write(work.do, self._threads, work.stop)
        except asyncio.CancelledError:
            work.stop()
            raise
        finally:
            self._running = None


class Work:
    """One job while it is done, in a thread."""

    def __init__(self, job_id: str, settings: Settings) -> None:
        self.job_id = job_id
        self._stopped = Event()
        self._extractor = Extractor()
        self._data_dir = settings.data_dir
        self._keep = settings.keep_originals
        self._told = 0.0

    def stop(self) -> None:
        """End soon, from whichever thread: between two steps, or while the file is read."""
        self._stopped.set()
        self._extractor.interrupt()

    def do(self, index: OpenIndex) -> None:
        """Read, embed and store the file, and note at each step how far it is.

        Raises:
            StoreUnavailable: if the store cannot be read or written; the job is to be tried again.
            Cancelled: if the work was stopped; the job may have ended, or be done another time.
        """
        with index.truth.reading() as reader:
            job, content = reader.jobs.get(self.job_id), reader.jobs.content(self.job_id)
        if job.state.ended or content is None:
            return
        try:
            self._note(index, JobState.READING)
            self._go_on()
            with self._extractor as extractor:
                scratch = scratch_in(self._data_dir)
                document, original = read_upload(job.source, content, job.facts, extractor, scratch)
            self._note(index, JobState.EMBEDDING, pages=original.pages, document_id=document.document_id)
            entry = Entry(document, original=original if self._keep else None)
            indexed = index.indexer.put(entry, self._wanted, lambda done, total: self._tell(index, done, total))
            self._note(index, JobState.DONE, passages=indexed.passages, total=indexed.passages, facts={})
        except (Cancelled, StoreUnavailable):
            raise
        except OSError as error:
            raise StoreUnavailable(f"{self._data_dir}: {error.strerror}; make room, or let this user write") from None
        except WherefromError as error:
            self._go_on()
            self._note(index, JobState.FAILED, reason=public_message(error, self.job_id))
        except Exception:
            logger.exception("job %s failed", self.job_id)
            self._note(index, JobState.FAILED, reason=INTERNAL)

    def _wanted(self, reader: Reader) -> None:
        """Refuse the write of a job that was cancelled."""
        if reader.jobs.get(self.job_id).state.ended:
            raise Cancelled("the job was cancelled")

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Cancelled("the work was stopped")

    def _tell(self, index: OpenIndex, done: int, total: int) -> None:
        """Note how far the embedding is, not too often, and end the work if somebody wants it ended."""
        self._go_on()
        if monotonic() - self._told >= TOLD_SECONDS:
            self._told = monotonic()
            self._note(index, JobState.EMBEDDING, passages=done, total=total)

    def _note(self, index: OpenIndex, state: JobState, **news: object) -> None:
        with index.truth.writing() as writer:
            self._wanted(writer)
            job = writer.jobs.get(self.job_id)
            writer.jobs.update(replace(job, state=state, changed=moment(), **news))  # type: ignore[arg-type]


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
