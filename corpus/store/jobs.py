"""Jobs as rows of a store, each with its file until it has ended, so that a kill loses none."""

import json
import sqlite3
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Protocol

from corpus.errors import NotFound
from corpus.store.job import ENDED, Job, JobState
from corpus.store.stored import LAST_ID

COLUMNS = "job_id, state, source, created, changed, document_id, facts, pages, passages, total, reason"
ENDED_KEPT = 1000  # jobs that have ended are told of until so many others have
MARKS = ", ".join("?" * len(COLUMNS.split(", ")))
OPEN = ", ".join(f"'{state}'" for state in JobState if state not in ENDED)


class Jobs(Protocol):
    """The jobs that a state of a store holds."""

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFound: if there is none of that id.
        """
        ...

    def last(self, limit: int, state: JobState | None = None) -> list[Job]:
        """Return at most `limit` jobs, those of a state if one is given, the newest first."""
        ...

    def open(self) -> Sequence[Job]:
        """Return the jobs that have not ended, the oldest first."""
        ...

    def count_open(self) -> int:
        """Return how many have not ended."""
        ...

    def beginning(self, prefix: str) -> Sequence[Job]:
        """Return the jobs whose ids begin so, in the order of their ids."""
        ...

    def unstored(self, document_id: str | None = None) -> Sequence[Job]:
        """Return of each document, or of one, the last job if it goes on, or has ended and there is no document."""
        ...

    def content(self, job_id: str) -> bytes | None:
        """Return the file of a job; `None` once the job has ended."""
        ...

    def add(self, job: Job, content: bytes | None = None) -> None:
        """Keep a new job and its file. Of those that have ended long ago, the oldest are forgotten."""
        ...

    def update(self, job: Job) -> None:
        """Keep what has become of a job; with its end, its file goes."""
        ...

    def forget(self, document_id: str) -> None:
        """Remove the jobs of a document with their files; one that runs then stores nothing."""
        ...


class SqliteJobs:
    """The jobs in the tables of a connection, inside a transaction; see `Jobs`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, job_id: str) -> Job:
        """Return a job."""
        row = self._connection.execute(f"SELECT {COLUMNS} FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
        if row is None:
            raise no_job(job_id)
        return job_of(row)

    def last(self, limit: int, state: JobState | None = None) -> list[Job]:
        """Return at most `limit` jobs, the newest first."""
        of_state = "" if state is None else " WHERE state = ?"
        values = (limit,) if state is None else (state, limit)
        query = f"SELECT {COLUMNS} FROM jobs{of_state} ORDER BY number DESC LIMIT ?"
        return [job_of(row) for row in self._connection.execute(query, values)]

    def open(self) -> list[Job]:
        """Return the jobs that have not ended, the oldest first."""
        query = f"SELECT {COLUMNS} FROM jobs WHERE state IN ({OPEN}) ORDER BY number"
        return [job_of(row) for row in self._connection.execute(query)]

    def count_open(self) -> int:
        """Return how many have not ended."""
        return int(self._connection.execute(f"SELECT count(*) FROM jobs WHERE state IN ({OPEN})").fetchone()[0])

    def beginning(self, prefix: str) -> list[Job]:
        """Return the jobs whose ids begin so, in the order of their ids."""
        query = f"SELECT {COLUMNS} FROM jobs WHERE job_id >= ? AND job_id < ? ORDER BY job_id"
        return [job_of(row) for row in self._connection.execute(query, (prefix, f"{prefix}{LAST_ID}"))]

    def unstored(self, document_id: str | None = None) -> list[Job]:
        """Return of each document, or of one, the last job if it goes on, or has ended and there is no document."""
        query = (
            f"SELECT {COLUMNS} FROM jobs WHERE number IN (SELECT max(number) FROM jobs WHERE document_id IS NOT NULL"
            f" AND (?1 IS NULL OR document_id = ?1) GROUP BY document_id) AND (state IN ({OPEN}) OR state != 'done'"
            " AND document_id NOT IN (SELECT document_id FROM documents)) ORDER BY number"
        )
        return [job_of(row) for row in self._connection.execute(query, (document_id,))]

    def content(self, job_id: str) -> bytes | None:
        """Return the file of a job."""
        query = "SELECT content FROM job_files JOIN jobs USING (number) WHERE job_id = ?"
        row = self._connection.execute(query, (job_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def add(self, job: Job, content: bytes | None = None) -> None:
        """Keep a new job and its file."""
        number = self._connection.execute(f"INSERT INTO jobs ({COLUMNS}) VALUES ({MARKS})", values_of(job)).lastrowid
        if content is not None:
            self._connection.execute("INSERT INTO job_files VALUES (?, ?)", (number, content))
        self._connection.execute(
            f"DELETE FROM jobs WHERE state NOT IN ({OPEN}) AND number <= (SELECT number FROM jobs"
            f" WHERE state NOT IN ({OPEN}) ORDER BY number DESC LIMIT 1 OFFSET ?)",
            (ENDED_KEPT,),
        )

    def update(self, job: Job) -> None:
        """Keep what has become of a job."""
        assignments = ", ".join(f"{name} = ?" for name in COLUMNS.split(", "))
        self._connection.execute(f"UPDATE jobs SET {assignments} WHERE job_id = ?", (*values_of(job), job.job_id))
        if job.state.ended:
            query = "DELETE FROM job_files WHERE number = (SELECT number FROM jobs WHERE job_id = ?)"
            self._connection.execute(query, (job.job_id,))

    def forget(self, document_id: str) -> None:
        """Remove the jobs of a document with their files."""
        self._connection.execute("DELETE FROM jobs WHERE document_id = ?", (document_id,))


def values_of(job: Job) -> tuple[object, ...]:
    """Return what COLUMNS hold of a job; its documents, if they are several, stand beside the facts in their column."""
    said = [dict(job.facts), job.documents] if job.documents else dict(job.facts)
    facts = json.dumps(said, ensure_ascii=False, sort_keys=True)
    known = (job.job_id, job.state, job.source, job.created, job.changed, job.document_id, facts)
    return (*known, job.pages, job.passages, job.total, job.reason)


def job_of(row: Sequence[Any]) -> Job:
    """Return the job in a row of COLUMNS."""
    job_id, state, source, created, changed, document_id, kept, *rest = row
    said = json.loads(kept)
    facts, documents = said if isinstance(said, list) else (said, ())
    known = (job_id, JobState(state), source, created, changed, document_id, MappingProxyType(dict(facts)))
    pages, passages, total, reason = rest
    return Job(*known, pages, passages, total, reason, tuple(documents))


def no_job(job_id: str) -> NotFound:
    """Return the error of an id that no job has."""
    return NotFound(f"no job {job_id}; those that ended are told of until {ENDED_KEPT:,} others have")
