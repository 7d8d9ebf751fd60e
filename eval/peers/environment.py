"""Which stacks there are, and the environments they run in: one each, apart from the others and from us."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile
from typing import Any

from pydantic import BaseModel, ValidationError

from corpus.errors import InvalidInput, WherefromError
from eval.files import read_text

STACKS = Path(__file__).with_name("stacks")
PACKAGES = "stacks.toml"  # in a folder of stacks: what each needs
INSTALLED = "installed.json"  # in an environment that is complete: the Python it is of, and what was asked of pip


class PeerFailed(WherefromError):
    """A peer cannot be installed, or did not finish its task."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A stack that others build: the name of its file, the file, and the packages it needs, as pip takes them."""

    name: str
    script: Path
    packages: tuple[str, ...]


class _Packages(BaseModel):
    all: list[str] = []
    stacks: dict[str, list[str]]


def read_peers(folder: Path = STACKS, only: Sequence[str] = ()) -> list[Peer]:
    """Return the peers of a folder, in the order of their names, or the ones named in `only`.

    Raises:
        InvalidInput: if there is none, one of `only` is not there, or the folder does not say what one needs.
    """
    scripts = {path.stem: path for path in sorted(folder.glob("[!_]*.py"))}
    if not scripts:
        raise InvalidInput(f"{folder}: no stacks here; give a folder with a Python file for each")
    if unknown := set(only) - scripts.keys():
        raise InvalidInput(f"there is no peer {min(unknown)!r}; choose from {', '.join(scripts)}")
    try:
        packages = _Packages.model_validate(tomllib.loads(read_text(folder / PACKAGES)))
    except (tomllib.TOMLDecodeError, ValidationError):
        raise InvalidInput(
            f'{folder / PACKAGES}: write TOML with a line stack = ["package==1.0"] in [stacks]'
        ) from None
    if unnamed := scripts.keys() - packages.stacks.keys():
        raise InvalidInput(f"{folder / PACKAGES}: does not say what {min(unnamed)} needs; add a line to [stacks]")
    chosen = {name: path for name, path in scripts.items() if not only or name in only}
    return [Peer(name, path, (*packages.all, *packages.stacks[name])) for name, path in chosen.items()]


def make_environment(peer: Peer, environments: Path, timeout_s: float) -> Path:
    """Return the Python of a peer's environment, which is made unless it is there with just these packages.

    One that needs no packages runs in this interpreter.

    Raises:
        PeerFailed: if its packages cannot be installed.
    """
    if not peer.packages:
        return Path(sys.executable)
    folder = environments.resolve() / peer.name
    python, installed = folder / "bin" / "python", folder / INSTALLED
    wanted = json.dumps([sys.version, *peer.packages])
    if python.exists() and installed.exists() and installed.read_text() == wanted:
        return python
    rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], timeout_s)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", *peer.packages], timeout_s)
    installed.write_text(wanted)
    return python


def end_session(process: "subprocess.Popen[Any]") -> None:
    """End a process that leads a session, and whatever it has left running."""
    with suppress(ProcessLookupError):  # nothing was left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _run(command: Sequence[str], timeout_s: float) -> None:
    with TemporaryFile("w+", errors="replace") as said:  # not a pipe, which anything left running would keep open
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise PeerFailed(f"it took more than {timeout_s:g} seconds") from None
        finally:
            end_session(process)
        said.seek(0)
        errors = [line for line in said.read().split("\n") if line.startswith("ERROR: ")]
    if status:
        raise PeerFailed(errors[-1] if errors else f"exit status {status}")
