"""Running peers apart from each other and from us: an environment each, one process each, no network but pip's."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, TemporaryFile

from corpus.errors import WherefromError
from eval.peers import driver
from eval.peers.catalogue import Peer
from eval.peers.task import PeerRun, Task, read_run

INSTALLED = "installed.json"  # in an environment that is complete: the Python it is of, and what was asked of pip
LAST_ERROR = re.compile(r"^(?:ERROR: |[\w.]*(?:Error|Exception|Exit|Interrupt)\b).*", re.MULTILINE)

# One thread as wherefrom has it, no hub, and nobody is told what is run.
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "OMP_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}


class PeerFailed(WherefromError):
    """A peer cannot be installed, or did not finish its task."""


def make_environment(peer: Peer, environments: Path, timeout_s: float) -> Path:
    """Return the Python of a peer's environment, which is made unless it is there with just these packages.

    Raises:
        PeerFailed: if its packages cannot be installed.
    """
    if not peer.dependencies:
        return Path(sys.executable)
    folder = environments.resolve() / peer.name
    python = folder / "bin" / "python"
    wanted = json.dumps([sys.version, *peer.dependencies])
    if python.exists() and _read(folder / INSTALLED) == wanted:
        return python
    rmtree(folder, ignore_errors=True)
    _finish([sys.executable, "-m", "venv", "--without-pip", str(folder)], timeout_s)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    _finish([*pip, "install", "--quiet", *peer.dependencies], timeout_s)
    (folder / INSTALLED).write_text(wanted)
    return python


def run_peer(peer: Peer, python: Path, task: Task, timeout_s: float) -> PeerRun:
    """Return what a peer finds, run in a folder of its own that is gone afterwards.

    Raises:
        PeerFailed: if it fails, takes too long or answers what cannot be understood.
    """
    with TemporaryDirectory(prefix="wherefrom-peer-") as name:
        given, found = Path(name, "task.json"), Path(name, "run.json")
        given.write_text(json.dumps(task.as_json(), ensure_ascii=False), "utf-8")
        # -I: neither this folder, with our module names, nor PYTHONPATH is looked into; -B: no bytecode beside scripts.
        files = (driver.__file__, peer.script.resolve(), given, found)
        _finish([str(python), "-IB", *map(str, files)], timeout_s, Path(name), {**os.environ, **QUIET})
        try:
            return read_run(found)
        except WherefromError as error:
            raise PeerFailed(str(error)) from None


def _finish(
    command: Sequence[str],
    timeout_s: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command to its end, and end whatever it leaves running."""
    nothing = subprocess.DEVNULL
    with TemporaryFile() as said:  # not a pipe, which anything left running would keep open
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=nothing, stdout=nothing, stderr=said, start_new_session=True
        )
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise PeerFailed(f"it took more than {timeout_s:g} seconds") from None
        finally:
            with suppress(ProcessLookupError):  # nothing was left
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        if process.returncode:
            raise PeerFailed(_last_error(said.read().decode(errors="replace")) or f"exit status {process.returncode}")


def _last_error(said: str) -> str:
    lines = LAST_ERROR.findall(said) or said.split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None
