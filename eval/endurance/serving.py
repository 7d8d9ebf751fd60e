"""A server of ours that is written to: started, killed, looked at from outside. Linux only, for it reads /proc."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import IO

from corpus.errors import WherefromError
from eval.endurance import processes
from eval.endurance.client import Client

WRITE_KEY = "a-key-of-a-measurement-that-may-write"
TELL = 4_000  # characters of what a server said last


class ServerFailed(WherefromError):
    """A server does not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        process: it.
        port: where it listens on loopback.
        said: what it says on standard error.
        ready: seconds from the start of the process to the first question that was answered.
        work: seconds of work that it took, in all its threads; unlike `ready`, it does not grow on a busy machine.
    """

    process: "subprocess.Popen[str]"
    port: int
    said: IO[str]
    ready: float
    work: float

    def client(self, collection: str | None = None, timeout: float = 60.0) -> Client:
        """Return a client that may write; one for each thread."""
        return Client(self.port, WRITE_KEY, collection, timeout)

    def kill(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        self.process.kill()
        self.process.wait()

    def resident(self) -> dict[str, float]:
        """Return the megabytes it holds `now`, and those it held at its `peak`."""
        return processes.resident(self.process.pid)

    def forget_peak(self) -> None:
        """Make `peak` count from now."""
        processes.forget_peak(self.process.pid)

    def descriptors(self) -> int:
        """Return how many files and connections it has open."""
        return processes.descriptors(self.process.pid)

    def worked(self) -> float:
        """Return the seconds of work that it has done, in all its threads."""
        return processes.worked(self.process.pid)

    def told(self) -> str:
        """Return all that it has said on standard error."""
        size = os.fstat(self.said.fileno()).st_size
        return os.pread(self.said.fileno(), size, 0).decode(errors="replace")


@contextmanager
def serving(
    store: Path | str,
    model: str | None = "hash",
    variables: Mapping[str, str] | None = None,
    descriptors: int | None = None,
) -> Iterator[Server]:
    """Run a server until the block ends; it may be killed before.

    Args:
        store: a data folder, an empty one will do, or the address of a database.
        model: what embeds; none leaves it to the store.
        variables: of its environment, beside those of this process.
        descriptors: how many files and connections it may have open at most, if not as many as this process.

    Raises:
        ServerFailed: if it ends before it answers, with what it said.
    """
    arguments = [sys.executable, "-m", "service.cli.main", "serve", "--json", "--port", "0"]
    arguments += ["--store", str(store), *(["--model", model] if model else [])]
    if descriptors is not None:
        arguments = ["sh", "-c", f'ulimit -n {descriptors}; exec "$@"', "sh", *arguments]
    # One process, for it is looked at from outside.
    own = {**os.environ, "WHEREFROM_WORKERS": "1", "WHEREFROM_WRITE_KEYS": WRITE_KEY, **(variables or {})}
    started = perf_counter()
    with (
        TemporaryFile("w+") as said,
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=said, env=own, text=True) as process,
    ):
        try:
            yield _ready(process, said, started)
        except ServerFailed:
            process.kill()
            process.wait()
            said.seek(0)
            raise ServerFailed(f"the server does not start; it said: {said.read()[-TELL:].strip()}") from None
        finally:
            process.kill()


def _ready(process: "subprocess.Popen[str]", said: IO[str], started: float) -> Server:
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("{"):
        raise ServerFailed(line)
    port = int(json.loads(line)["url"].partition("#")[0].rstrip("/").rpartition(":")[2])
    client = Client(port, WRITE_KEY)
    try:
        if (answer := client.search("wherefrom")).status != 200:
            raise ServerFailed(answer.told)
    finally:
        client.close()
    return Server(process, port, said, perf_counter() - started, processes.worked(process.pid))
