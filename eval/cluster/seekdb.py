"""seekdb, OceanBase's build for one machine, started for tests and measurements. Needs the extra `test-cluster`.

It listens on all interfaces, and nothing tells it not to; so it is first told to refuse all other machines.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

from corpus.errors import NotFound, StoreUnavailable

LOOPBACK = "127.0.0.1"
STARTING_SECONDS = 90.0  # ten, the first time in a folder
ENDING_SECONDS = 30.0
# What is in the log of a transaction that was not committed stays after a crash as a transaction of nobody, which keeps
# its locks for ever. So nothing is logged before the commit, unless memory runs short.
LOGGED_AT_COMMIT = "ALTER SYSTEM SET _private_buffer_size = '0B'"
MEMORY = "6G"  # that it plans with; by itself it takes most of the machine for its own


@dataclass
class Seekdb:
    """A database of one machine in a folder.

    Attributes:
        folder: where it keeps everything.
        port: where it listens.
    """

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process, while there is one."""
        return self._process.pid if self._process else 0

    def address(self, database: str) -> str:
        """Return the address of a database in it."""
        return f"oceanbase://root@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            NotFound: if it is not installed.
            StoreUnavailable: if the port is taken, or it ends, or does not answer in time.
        """
        home = _installed()
        if _is_taken(self.port):  # by what would be taken for this one
            raise StoreUnavailable(f"port {self.port} is taken; name another")
        self.folder.mkdir(parents=True, exist_ok=True)
        libraries = os.pathsep.join(map(str, (home, home.with_name("pylibseekdb.libs"))))
        # What it says of itself is in its own log.
        self._process = subprocess.Popen(
            [
                *(str(home / "seekdb"), "--nodaemon", "--port", str(self.port), "--base-dir", str(self.folder)),
                *("--parameter", f"memory_budget={MEMORY}"),
            ],
            env=os.environ | {"LD_LIBRARY_PATH": libraries},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait()

    def wait(self) -> None:
        """Return when it ends."""
        if self._process is not None:
            self._process.wait()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def _wait(self) -> None:
        until = monotonic() + STARTING_SECONDS
        while monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise StoreUnavailable(f"seekdb ended at once; see {self.folder / 'log'}")
            if _answers_only_here(self.port):
                return
            sleep(0.1)
        self.kill()
        raise StoreUnavailable(f"seekdb does not answer after {STARTING_SECONDS:g} s; see {self.folder / 'log'}")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


@contextmanager
def seekdb(folder: Path, port: int = 0) -> Iterator[Seekdb]:
    """A block with a database in a folder, ended with it.

    Args:
        folder: where it keeps everything; some 200 MB when it is new.
        port: where it listens; a free one if 0.
    """
    database = Seekdb(folder, port or free_port())
    database.start()
    try:
        yield database
    finally:
        database.stop()


def _installed() -> Path:
    found = find_spec("pylibseekdb")
    if found is None or found.origin is None:
        raise NotFound("seekdb is not installed; run: pip install 'wherefrom[test-cluster]'")
    return Path(found.origin).parent


def _answers_only_here(port: int) -> bool:
    """Have the database refuse all other machines, and get over a crash; return whether it answers."""
    import pymysql

    try:
        with pymysql.connect(host=LOOPBACK, port=port, user="root", connect_timeout=5) as connection:
            with connection.cursor() as cursor:
                cursor.execute("SET GLOBAL ob_tcp_invited_nodes = %s", (LOOPBACK,))
                cursor.execute(LOGGED_AT_COMMIT)
                return True
    except pymysql.MySQLError:
        return False


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
