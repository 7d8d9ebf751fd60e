"""What is done for a job: its file is read, cut, embedded and stored."""

import logging
from dataclasses import replace
from threading import Event
from time import monotonic

from corpus.errors import StoreUnavailable, WherefromError
from corpus.files.sandbox import Extractor
from corpus.files.upload import read_upload
from corpus.store.job import JobState
from corpus.store.stored import moment
from corpus.store.truth import Reader
from index.cutting import Entry
from index.home import Home
from index.opening import OpenIndex
from service.errors import INTERNAL, Cancelled, public_message

logger = logging.getLogger(__name__)

TOLD_SECONDS = 0.25  # between two notes of how far a job is; each is a write that waits for the disk


class Work:
    """One job while it is done, in a thread."""

    def __init__(self, job_id: str, home: Home, *, keep_originals: bool) -> None:
        self.job_id = job_id
        self._stopped = Event()
        self._extractor = Extractor()
        self._home = home
        self._keep = keep_originals
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
            self._note(index, JobState.READING, passages=0, total=None)  # a server may have left it half done
            self._go_on()
            with self._extractor as extractor:
                document, original = read_upload(job.source, content, job.facts, extractor, self._home.scratch())
            self._note(index, JobState.EMBEDDING, pages=original.pages, document_id=document.document_id)
            entry = Entry(document, original=original if self._keep else None)
            indexed = index.indexer.put(entry, self._wanted, lambda done, total: self._tell(index, done, total))
            self._note(index, JobState.DONE, passages=indexed.passages, total=indexed.passages, facts={})
        except (Cancelled, StoreUnavailable):
            raise
        except OSError as error:
            raise StoreUnavailable(f"{self._home}: {error.strerror}; make room, or let this user write") from None
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
