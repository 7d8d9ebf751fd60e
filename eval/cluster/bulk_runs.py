"""One run of `wherefrom index` by workers, looked at from outside while some of them are lost. Linux only."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

from corpus.errors import StoreUnavailable, WherefromError
from corpus.store.sqlite import Store

OURS = (sys.executable, "-m", "service.cli.main", "index")
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Loss:
    """What is taken from a run: its name, from how many stored passages on, and how, told the process of the command.

    The last returns whether it was there.
    """

    name: str
    least: int
    lose: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to.

    Attributes:
        digest: of all documents with their files, and of all passages with their keys and features.
        passages: how many there are.
        seconds: from the start of the command to its end.
        rate: passages a second, from the first that was stored to the last; `None` where most came at once, as of one
            process, which stores hundreds together.
        lost: what was taken from it, and at how many passages.
    """

    digest: str
    passages: int
    seconds: float
    rate: float | None
    lost: Mapping[str, int]


def index(folder: Path, data_dir: Path, workers: str | None, losses: Sequence[Loss] = ()) -> Outcome:
    """Index a folder into a new data folder, and return what it came to.

    Args:
        folder: of files.
        data_dir: where to.
        workers: what `--workers` is told; `None` for one process.
        losses: what to take away, in this order.

    Raises:
        StoreUnavailable: if the command fails or does not end.
    """
    command = [*OURS, str(folder), "--data-dir", str(data_dir), "--json"]
    began, seen, lost = monotonic(), list[tuple[float, int]](), dict[str, int]()
    with subprocess.Popen(
        [*command, *(("--workers", workers) if workers else ())], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        for passages in _growth(process, data_dir):
            if not seen or passages > seen[-1][1]:
                seen.append((monotonic(), passages))
            for each in losses[len(lost) : len(lost) + 1]:  # one after the other
                if passages >= each.least and each.lose(process.pid):
                    lost[each.name] = passages
        told = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise StoreUnavailable(f"{' '.join(command)} ended with {process.returncode}")
    seconds = monotonic() - began
    passages = int(json.loads(told)["index"]["passages"])
    stored = [each for each in seen if each[1]]
    spread = len(stored) > 1 and stored[0][1] < passages / 2
    rate = (stored[-1][1] - stored[0][1]) / (stored[-1][0] - stored[0][0]) if spread else None
    return Outcome(digest_of(data_dir), passages, seconds, rate, lost)


def _growth(process: "subprocess.Popen[bytes]", data_dir: Path) -> Iterator[int]:
    """Yield how many passages are stored, again and again, until the command has ended."""
    until = monotonic() + PATIENCE_SECONDS
    while process.poll() is None:
        if monotonic() > until:
            process.kill()
            raise StoreUnavailable(f"indexing has not ended after {PATIENCE_SECONDS:g} s")
        with suppress(WherefromError), Store.open(data_dir) as store:  # there is none at first
            while process.poll() is None and monotonic() < until:
                with store.reading() as reader:
                    yield reader.state().passages
                sleep(POLL_SECONDS)
        sleep(POLL_SECONDS)


def digest_of(data_dir: Path) -> str:
    """Return the digest of all that an index is: documents and their files, passages, their keys and features."""
    digest = sha256()
    with Store.open(data_dir) as store, store.reading() as reader:
        for document_id in reader.document_ids():
            path = reader.document_path(document_id)
            digest.update(f"{document_id} {reader.document_checksum(document_id)} {path}\n".encode())
            for each in reader.passages_of(document_id):
                digest.update(f"{each.key} {each.checksum}\n".encode())
    return digest.hexdigest()


def processes_below(pid: int, name: bytes) -> list[int]:
    """Return the processes that a process started, and those that they did, whose command holds a name."""
    found = list[int]()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, _read(children).split()):
            found += [child] * (name in _read(Path(f"/proc/{child}/cmdline"))) + processes_below(child, name)
    return found


def kill_one(pids: Sequence[int]) -> bool:
    """End one of some processes at once, and return whether there was one."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
    return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended
        return b""
