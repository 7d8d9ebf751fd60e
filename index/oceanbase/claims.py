"""Which server does which job: a row is a server's for as long as it says so, by the clock of the database."""

import os
import socket
from secrets import token_hex

from corpus.store.jobs import OPEN
from index.oceanbase.connecting import Database

CLAIMED_SECONDS = 30  # after which the job of a server that is gone is anyone's
TRIED = 16  # jobs that a server tries to have before it looks again; others take them in the same order

NOW = "UNIX_TIMESTAMP()"
FREE = f"jobs.state IN ({OPEN}) AND (jobs.owner = %s OR jobs.kept_until IS NULL OR jobs.kept_until <= {NOW})"
OWN = f"state IN ({OPEN}) AND owner = %s"
THIS = "collection = (SELECT collection FROM collections WHERE name = %s) AND job_id = %s"


class OceanBaseClaims:
    """The jobs of all collections as servers share them; see `index.home.Claims`.

    A server does one job at a time: another one that is its own still is left over from an answer that was lost.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{token_hex(8)}"

    def claim(self) -> tuple[str, str] | None:
        """Return the collection and the id of the job that was accepted first of those that nobody does."""
        with self._database.reading() as connection:
            waiting = connection.rows(
                "SELECT collections.name, jobs.collection, jobs.number, jobs.job_id FROM collections"
                f" JOIN jobs ON jobs.collection = collections.collection WHERE {FREE}"
                f" ORDER BY jobs.created, jobs.collection, jobs.number LIMIT {TRIED}",
                self._owner,
            )
        for name, collection, number, job_id in waiting:
            with self._database.writing() as connection:
                claimed = connection.run(
                    f"UPDATE jobs SET owner = %s, kept_until = {NOW} + {CLAIMED_SECONDS}"
                    f" WHERE collection = %s AND number = %s AND {FREE}",
                    *(self._owner, collection, number, self._owner),
                )
            if claimed:
                return name.decode(), job_id.decode()
        return None

    def renew(self, name: str, job_id: str) -> bool:
        """Keep a job, unless it has ended, or is another server's by now."""
        with self._database.writing() as connection:
            query = f"UPDATE jobs SET kept_until = {NOW} + {CLAIMED_SECONDS} WHERE {THIS} AND {OWN}"
            return connection.run(query, name, job_id, self._owner) > 0

    def put_off(self, name: str, job_id: str, seconds: float) -> None:
        """Give a job back; nobody has it for some seconds."""
        with self._database.writing() as connection:
            query = f"UPDATE jobs SET owner = NULL, kept_until = {NOW} + %s WHERE {THIS} AND {OWN}"
            connection.run(query, round(seconds), name, job_id, self._owner)

    def counts(self) -> tuple[int, int]:
        """Return how many jobs wait, and how many are done, by whichever server."""
        done = f"jobs.owner IS NOT NULL AND jobs.kept_until > {NOW}"
        with self._database.reading() as connection:
            ((open_, running),) = connection.rows(
                f"SELECT count(*), coalesce(sum({done}), 0) FROM collections"
                f" JOIN jobs ON jobs.collection = collections.collection WHERE jobs.state IN ({OPEN})"
            )
        return int(open_) - int(running), int(running)

    def release(self) -> None:
        """Give all jobs back at once."""
        with self._database.writing() as connection:
            connection.run(f"UPDATE jobs SET owner = NULL, kept_until = NULL WHERE {OWN}", self._owner)
