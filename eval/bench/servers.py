"""Servers in processes of their own: started, asked, and looked at from outside. Linux only, for it reads /proc."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

from corpus.errors import WherefromError

HOST = "127.0.0.1"
PROC = Path("/proc")
FIRST_ANSWER_S = 300  # a stack that embeds or reads a hundred thousand passages takes its time
POLL_S = 0.05  # a server that loads and answers that it does loses time by being asked oftener
IDLE_S = 2.0  # after which a connection is made anew, before servers close it on their side
TELL = 2_000  # characters of what a server said last


class ServerFailed(WherefromError):
    """A server that is measured ended, or does not answer."""


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started.

    Attributes:
        name: what reports call it.
        arguments: the command, with `{port}` where the port belongs.
        path: of a question, with `{question}` where it belongs.
        environment: variables beside those of this process.
    """

    name: str
    arguments: tuple[str, ...]
    path: str
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes a process holds in memory: all of them, those of its own, and those that files lend it."""

    resident: int
    anonymous: int
    of_files: int


class Server:
    """A server that answers questions over one connection."""

    def __init__(self, command: Command, process: "subprocess.Popen[bytes]", port: int, first_answer: float) -> None:
        self.command = command
        self.port = port
        self.first_answer = first_answer
        self.pid = process.pid
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self._used = 0.0  # when it was last answered

    def path(self, question: str) -> str:
        """Return the path of a question."""
        return self.command.path.format(question=quote(question, safe=""))

    def ask(self, question: str) -> float:
        """Return how many seconds a question takes, from the first byte out to the last one in.

        Raises:
            ServerFailed: if it is not answered with 200.
        """
        path = self.path(question)
        if time.perf_counter() - self._used > IDLE_S:
            self._connection.close()
            self._connection.connect()
        started = time.perf_counter()
        self._connection.request("GET", path)
        with self._connection.getresponse() as response:
            body = response.read()
        self._used = time.perf_counter()
        seconds = self._used - started
        if response.status != http.client.OK:
            raise ServerFailed(f"{self.command.name} answers {response.status} to {question!r}: {body[:200]!r}")
        return seconds

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def cpu_seconds(self) -> float:
        """Return the seconds of work that the server has done."""
        return cpu_seconds(self.pid)

    def memory(self) -> Memory:
        """Return what memory the server holds."""
        return memory_of(self.pid)


def wherefrom(data_dir: Path, cache_dir: Path | None, k: int = 5) -> Command:
    """Return how our service of a data folder is started."""
    cache = () if cache_dir is None else (("WHEREFROM_CACHE_DIR", str(cache_dir.resolve())),)
    serve = (
        sys.executable,
        "-m",
        "service.cli.main",
        "serve",
        "--port",
        "{port}",
        "--data-dir",
        str(data_dir.resolve()),
    )
    return Command("wherefrom", serve, f"/v1/search?k={k}&q={{question}}", cache)


@contextmanager
def running(command: Command, question: str = "wherefrom") -> Iterator[Server]:
    """Run a server; its `first_answer` says how many seconds passed from its start to its first answer.

    Raises:
        ServerFailed: if it ends or does not answer.
    """
    port = _free_port()
    arguments = [part.replace("{port}", str(port)) for part in command.arguments]
    with TemporaryFile() as said:
        started = time.perf_counter()
        environment = {**os.environ, **dict(command.environment)}
        process = subprocess.Popen(arguments, stdout=said, stderr=subprocess.STDOUT, env=environment)
        try:
            _wait(command, process, port, question)
            with closing(Server(command, process, port, time.perf_counter() - started)) as server:
                yield server
        except ServerFailed as error:
            said.seek(0)
            told = said.read()[-TELL:].decode(errors="replace")
            raise ServerFailed(f"{error}; it said: {told}") from None
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(command: Command, process: "subprocess.Popen[bytes]", port: int, question: str) -> None:
    deadline = time.perf_counter() + FIRST_ANSWER_S
    path = command.path.format(question=quote(question, safe=""))
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise ServerFailed(f"{command.name} ended with {process.returncode} before it answered")
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            pass  # it does not listen yet
        finally:
            connection.close()
        time.sleep(POLL_S)
    raise ServerFailed(f"{command.name} has not answered within {FIRST_ANSWER_S} s")


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """Keep one core busy with a process that does nothing but count."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """Return the seconds of work that a process with all its threads has done."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> Memory:
    """Return what memory a process holds."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(value.split()[0]) * 1024 for name, value in (line.split(":") for line in lines)}
    return Memory(sizes["Rss"], sizes["Anonymous"], sizes["Rss"] - sizes["Anonymous"])


def script(name: str) -> str:
    """Return the path of a script that knows nothing of ours."""
    return str(Path(__file__).with_name("standalone") / f"{name}.py")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def there_and_back(names: Sequence[str], rounds: int) -> Iterator[tuple[int, str]]:
    """Yield a round and a name in turns, A B B A A B…, so that whatever else the machine does falls on all alike."""
    for turn in range(rounds):
        for name in names[:: -1 if turn % 2 else 1]:
            yield turn, name
