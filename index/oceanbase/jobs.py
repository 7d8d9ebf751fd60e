"""Jobs of a collection, each with its file until it has ended."""

from corpus.store.job import Job, JobState
from corpus.store.jobs import COLUMNS, ENDED_KEPT, OPEN, job_of, no_job, values_of
from corpus.store.stored import LAST_ID
from index.oceanbase.connecting import Connection, Row
from index.oceanbase.pieces import Kind, Pieces
from index.oceanbase.rows import marks

NAMES = COLUMNS.split(", ")
ID, DOCUMENT = NAMES.index("job_id"), NAMES.index("document_id")


class OceanBaseJobs:
    """The jobs of a collection, inside a transaction; see `corpus.store.jobs.Jobs`."""

    def __init__(self, connection: Connection, collection: int) -> None:
        self._connection = connection
        self._collection = collection
        self._pieces = Pieces(connection, collection)

    def get(self, job_id: str) -> Job:
        """Return a job."""
        found = self._where("job_id = %s", job_id)
        if not found:
            raise no_job(job_id)
        return found[0]

    def last(self, limit: int, state: JobState | None = None) -> list[Job]:
        """Return at most `limit` jobs, the newest first."""
        if state is None:
            return self._where("number > 0 ORDER BY number DESC LIMIT %s", limit)
        return self._where("state = %s ORDER BY number DESC LIMIT %s", state, limit)

    def open(self) -> list[Job]:
        """Return the jobs that have not ended, the oldest first."""
        return self._where(f"state IN ({OPEN}) ORDER BY number")

    def count_open(self) -> int:
        """Return how many have not ended."""
        query = f"SELECT count(*) FROM jobs WHERE collection = %s AND state IN ({OPEN})"
        ((count,),) = self._connection.rows(query, self._collection)
        return int(count)

    def beginning(self, prefix: str) -> list[Job]:
        """Return the jobs whose ids begin so, in the order of their ids."""
        return self._where("job_id >= %s AND job_id < %s ORDER BY job_id", prefix, f"{prefix}{LAST_ID}")

    def unstored(self, document_id: str | None = None) -> list[Job]:
        """Return of each document, or of one, the last job if it goes on, or has ended and there is no document."""
        one = "" if document_id is None else " AND document_id = %s"
        last = (
            f"SELECT max(number) FROM jobs WHERE collection = %s AND document_id IS NOT NULL{one} GROUP BY document_id"
        )
        stored = (
            "SELECT 1 FROM documents WHERE documents.collection = jobs.collection"
            " AND documents.document_id = jobs.document_id"
        )
        return self._where(
            f"number IN ({last}) AND (state IN ({OPEN}) OR state != 'done' AND NOT EXISTS ({stored})) ORDER BY number",
            *(self._collection, *([] if document_id is None else [document_id])),
        )

    def content(self, job_id: str) -> bytes | None:
        """Return the file of a job."""
        return self._pieces.read(Kind.JOB, job_id)

    def add(self, job: Job, content: bytes | None = None) -> None:
        """Keep a new job and its file."""
        self._connection.run("UPDATE collections SET next_job = next_job + 1 WHERE collection = %s", self._collection)
        number = "SELECT next_job - 1 FROM collections WHERE collection = %s"
        self._connection.run(
            f"INSERT INTO jobs (collection, {COLUMNS}, number) VALUES (%s, {marks(NAMES)}, ({number}))",
            *(self._collection, *values_of(job), self._collection),
        )
        if content is not None:
            self._pieces.add(Kind.JOB, job.job_id, content)
        self._forget_old()

    def update(self, job: Job) -> None:
        """Keep what has become of a job."""
        assignments = ", ".join(f"{name} = %s" for name in NAMES)
        query = f"UPDATE jobs SET {assignments} WHERE collection = %s AND job_id = %s"
        self._connection.run(query, *values_of(job), self._collection, job.job_id)
        if job.state.ended:
            self._pieces.remove(Kind.JOB, [job.job_id])

    def forget(self, document_id: str) -> None:
        """Remove the jobs of a document with their files."""
        own = self._collection, document_id
        rows = self._connection.rows("SELECT job_id FROM jobs WHERE collection = %s AND document_id = %s", *own)
        self._connection.run("DELETE FROM jobs WHERE collection = %s AND document_id = %s", *own)
        self._pieces.remove(Kind.JOB, [job_id.decode() for (job_id,) in rows])

    def _forget_old(self) -> None:
        ended = f"FROM jobs WHERE collection = %s AND state NOT IN ({OPEN})"
        query = f"SELECT number {ended} ORDER BY number DESC LIMIT %s, 1"
        row = self._connection.one(query, self._collection, ENDED_KEPT)
        if row is not None:
            self._connection.run(f"DELETE {ended} AND number <= %s", self._collection, row[0])

    def _where(self, condition: str, *values: object) -> list[Job]:
        query = f"SELECT {COLUMNS} FROM jobs WHERE collection = %s AND {condition}"
        return [_job_in(row) for row in self._connection.rows(query, self._collection, *values)]


def _job_in(row: Row) -> Job:
    values = list(row)
    values[ID] = values[ID].decode()
    values[DOCUMENT] = None if values[DOCUMENT] is None else values[DOCUMENT].decode()
    return job_of(values)
