"""Servers in processes of their own: started, asked, and looked at from outside. Linux only, for it reads /proc."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

from corpus.errors import WherefromError
from eval.bench.make import TEXTS, VECTORS, plain_folder
from eval.bench.runner import OURS, TUTORIAL, Bench
from eval.peers import driver
from eval.peers.environment import STACKS
from eval.peers.process import QUIET, write_task
from index.models.making.embedded import unpack_embedded_model
from index.models.registry import default_cache_dir

HOST = "127.0.0.1"
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
        variables: of its environment, beside those of this process.
    """

    name: str
    arguments: tuple[str, ...]
    path: str
    variables: dict[str, str] = field(default_factory=dict)


class Server:
    """A server that answers questions over one connection."""

    def __init__(self, command: Command, pid: int, port: int) -> None:
        self.command, self.port, self._proc = command, port, Path("/proc", str(pid))
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self.close = self._connection.close
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
        if response.status != http.client.OK:
            raise ServerFailed(f"{self.command.name} answers {response.status} to {question!r}: {body[:200]!r}")
        return self._used - started

    def cpu(self) -> float:
        """Return the seconds of work that the server has done, in all threads that it and its processes have."""
        tasks = (task for process in _family(self._proc) for task in (process / "task").iterdir())
        return sum(map(_worked, tasks)) / 1e9

    def memory(self) -> dict[str, float]:
        """Return the megabytes that the server holds: `in all`, `of its own`, and `of files` that lend them.

        What several of its processes share counts once.
        """
        shares: dict[str, int] = Counter()
        for process in _family(self._proc):
            lines = (line.split() for line in (process / "smaps_rollup").read_text().splitlines()[1:])
            shares.update({name: int(value) * 1024 for name, value, *_ in lines})
        resident, own = shares["Pss:"] / 1e6, shares["Pss_Anon:"] / 1e6
        return {"in all": resident, "of its own": own, "of files": resident - own}


def wherefrom(bench: Bench, count: int | None = None, **variables: str) -> Command:
    """Return how our service of a data folder is started, with some more variables."""
    serve = (sys.executable, "-m", "service.cli.main", "serve", "--port", "{port}", "--data-dir")
    cache = {} if bench.cache_dir is None else {"WHEREFROM_CACHE_DIR": str(bench.cache_dir.resolve())}
    command = (*serve, str(bench.data_dir(count).resolve()))
    return Command(OURS, command, "/v1/search?k=5&q={question}", cache | variables)


def tutorial(bench: Bench) -> Command:
    """Return how the tutorial stack over the passages of a data folder is served."""
    script, task = str(STACKS / "tutorial.py"), str(peer_task(bench))
    return Command(
        TUTORIAL, (sys.executable, "-I", driver.__file__, script, task, "{port}"), "/search?k=5&q={question}", QUIET
    )


def peer_task(bench: Bench) -> Path:
    """Return a file with the task of searching the passages of a data folder, each whole, by their known vectors."""
    folder = plain_folder(bench.data_dir().resolve())
    model = unpack_embedded_model((bench.cache_dir or default_cache_dir()).resolve())
    texts = json.loads((folder / TEXTS).read_text("utf-8"))
    documents = {str(place): text for place, text in enumerate(texts)}
    return write_task(folder / "task.json", documents, model, vectors=folder / VECTORS)


def _family(process: Path) -> Iterator[Path]:
    """Yield a process and those that it has started, as /proc lists them."""
    yield process
    for children in process.glob("task/*/children"):
        for pid in children.read_text().split():
            yield from _family(process.parent / pid)


def _worked(task: Path) -> int:
    """Return for how many nanoseconds a thread has worked, none if it has just ended."""
    with suppress(OSError):
        return int((task / "schedstat").read_text().split()[0])
    return 0


@contextmanager
def running(command: Command) -> Iterator[Server]:
    """Run a server that answers questions from here on.

    Raises:
        ServerFailed: if it ends or does not answer, with what it said.
    """
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port = int(listener.getsockname()[1])
    arguments = [part.replace("{port}", str(port)) for part in command.arguments]
    variables = {**os.environ, **command.variables}
    with (
        TemporaryFile() as said,
        subprocess.Popen(arguments, stdout=said, stderr=subprocess.STDOUT, env=variables) as process,
    ):
        server = Server(command, process.pid, port)
        try:
            _wait(server, process)
            yield server
        except ServerFailed as error:
            said.seek(0)
            raise ServerFailed(f"{error}; it said: {said.read()[-TELL:].decode(errors='replace')}") from None
        finally:
            server.close()
            process.kill()


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.perf_counter() + FIRST_ANSWER_S
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise ServerFailed(f"{server.command.name} ended with {process.returncode} before it answered")
        try:
            server.ask("wherefrom")
            return
        except (OSError, http.client.HTTPException, ServerFailed):
            time.sleep(POLL_S)  # it does not listen yet, or loads
    raise ServerFailed(f"{server.command.name} has not answered within {FIRST_ANSWER_S} s")
