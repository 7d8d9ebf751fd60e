"""What is done for a job: its file is read, and the documents in it are cut, embedded and stored, one by one."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import PurePath
from threading import Event
from time import monotonic

from corpus.document import Document
from corpus.errors import NotFound, StoreUnavailable, WherefromError
from corpus.files.folders.folder import Skipped
from corpus.files.formats import holds_files
from corpus.files.sandbox import Extractor
from corpus.files.upload import read_upload
from corpus.store.job import Job, JobState
from corpus.store.originals import Original
from corpus.store.stored import Selection, moment
from corpus.store.truth import Reader
from index.cutting import Entry
from index.home import Home
from index.opening import OpenIndex
from service.errors import INTERNAL, Cancelled, public_message

logger = logging.getLogger(__name__)

MOST_TOLD = 10  # files in a file that could not be read
MOST_STAYING = 1_000  # documents of an older file of the same name that are looked for
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
        self._stored: list[str] = []  # ids of documents
        self._passages = 0  # that they have

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
            with (
                self._extractor as extractor,
                closing(read_upload(job.source, content, job.facts, extractor, self._home.scratch())) as read,
            ):
                skipped = list(self._store(index, read))
            self._go_on()  # what is not read after a stop tells nothing of the file
            self._end(index, job, skipped)
        except Cancelled:
            self._tell_stored(index)
            raise
        except StoreUnavailable:
            raise
        except OSError as error:
            raise StoreUnavailable(f"{self._home}: {error.strerror}; make room, or let this user write") from None
        except WherefromError as error:
            self._go_on()
            self._note(index, JobState.FAILED, reason=public_message(error, self.job_id))
        except Exception:
            logger.exception("job %s failed", self.job_id)
            self._note(index, JobState.FAILED, reason=INTERNAL)

    def _store(self, index: OpenIndex, read: Iterable[tuple[Document, Original] | Skipped]) -> Iterator[Skipped]:
        """Embed and store the documents in a file as they are read, and yield what of it is not."""
        for each in read:
            self._go_on()
            if isinstance(each, Skipped):
                yield each
                continue
            document, original = each
            if self._stored:
                self._tell(index, 0, 0)
            else:
                self._note(index, JobState.EMBEDDING, pages=original.pages, document_id=document.document_id)
            entry = Entry(document, original=original if self._keep else None)
            indexed = index.indexer.put(entry, self._wanted, lambda done, total: self._tell(index, done, total))
            self._stored.append(document.document_id)
            self._passages += indexed.passages

    def _end(self, index: OpenIndex, job: Job, skipped: Sequence[Skipped]) -> None:
        """Note what has become of a job whose file was read to its end."""
        reason = _reason_of(job, [*skipped, *self._staying(index, job)])
        if not self._stored:
            self._note(index, JobState.FAILED, reason=reason)
            return
        passages = {"passages": self._passages, "total": self._passages}
        self._note(index, JobState.DONE, **passages, facts={}, reason=reason)

    def _staying(self, index: OpenIndex, job: Job) -> Iterator[Skipped]:
        """Yield what is told of documents of files of the same name that came before and held something else.

        They are not removed: by its name alone nobody can tell whether `files.zip` is a new version or another's.
        """
        if not self._documents_of(job):
            return
        inside = f"{job.source}/"
        with index.truth.reading() as reader:
            found = reader.summaries(MOST_STAYING, among=Selection(inside))
            ids = [each.facts.document_id for each in found if each.facts.source.startswith(inside)]
            staying = [each for each in ids if each not in self._stored and reader.document_path(each) is None]
        if staying:
            more = ", …" if len(staying) > MOST_TOLD else ""
            told = f"{len(staying):,} ({', '.join(staying[:MOST_TOLD])}{more}); delete them if they are to go"
            yield Skipped(job.source, f"documents of a file of this name that came before stay: {told}")

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
            passages = {"passages": self._passages + done, "total": self._passages + total}
            self._note(index, JobState.EMBEDDING, **passages)

    def _note(self, index: OpenIndex, state: JobState, **news: object) -> None:
        with index.truth.writing() as writer:
            self._wanted(writer)
            job = writer.jobs.get(self.job_id)
            known = {"state": state, "changed": moment(), "documents": self._documents_of(job)}
            writer.jobs.update(replace(job, **known, **news))  # type: ignore[arg-type]

    def _tell_stored(self, index: OpenIndex) -> None:
        """Note on a job that was cancelled which of its documents were stored before."""
        with index.truth.writing() as writer, suppress(NotFound):
            job = writer.jobs.get(self.job_id)
            if job.state.ended:
                writer.jobs.update(replace(job, documents=self._documents_of(job)))

    def _documents_of(self, job: Job) -> tuple[str, ...]:
        return tuple(self._stored) if holds_files(PurePath(job.source)) else ()


def _reason_of(job: Job, skipped: Sequence[Skipped]) -> str | None:
    """Return what of a file was not read, in one line; `None` if all of it was."""
    told = [f"{each.source.removeprefix(job.source)[1:]}: {each.reason}".removeprefix(": ") for each in skipped]
    more = [f"and {len(told) - MOST_TOLD:,} more"] if len(told) > MOST_TOLD else []
    return "; ".join(told[:MOST_TOLD] + more) or None
