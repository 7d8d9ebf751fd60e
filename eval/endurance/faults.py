"""A disk that fails when it is told to, for one server: a small library in C, loaded before libc. Linux only."""

import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path
from typing import NamedTuple

from corpus.errors import WherefromError
from eval.endurance.serving import Server, serving

SOURCE = Path(__file__).with_name("faults.c")
CONTROL = struct.Struct("5l104s")  # as `struct control` of the source
FOREVER = 1 << 40


class NoCompiler(WherefromError):
    """There is no C compiler, or it fails."""


class Told(NamedTuple):
    """How many calls there were, how many of them failed, and which failed last, as `call file`."""

    seen: int
    hits: int
    last: str


class Disk:
    """The disk of a server, told through a file that both have in memory."""

    def __init__(self, control: Path) -> None:
        control.write_bytes(bytes(CONTROL.size))
        with control.open("r+b") as file:
            self._shared = mmap(file.fileno(), CONTROL.size)
        self.tell()

    def tell(self, first: int = FOREVER, until: int = FOREVER, error: int = 0) -> None:
        """Count calls anew, and fail those from `first` on, counted from 1, up to but not including `until`."""
        self._shared[:] = CONTROL.pack(0, first, until, error, 0, b"")

    def told(self) -> Told:
        """Return what happened since."""
        seen, _, _, _, hits, last = CONTROL.unpack(self._shared[:])
        return Told(seen, hits, last.partition(b"\0")[0].decode(errors="replace"))


@contextmanager
def failing(folder: Path, data_dir: Path) -> Iterator[tuple[Server, Disk]]:
    """Run a server of a data folder whose disk can be told to fail; `folder` takes what that needs.

    Raises:
        NoCompiler: if the library cannot be built.
    """
    library, control = folder / "faults.so", folder / "control"
    _build(library)
    told = Disk(control)
    variables = {"LD_PRELOAD": str(library), "FAULTS_CONTROL": str(control), "FAULTS_FOLDER": str(data_dir)}
    with serving(data_dir, variables=variables) as server:
        yield server, told


def compiler() -> str | None:
    """Return the C compiler, if there is one."""
    return shutil.which("cc") or shutil.which("gcc")


def _build(library: Path) -> None:
    cc = compiler()
    if cc is None:
        raise NoCompiler("there is no C compiler here; install gcc")
    command = [cc, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoCompiler(f"{cc} does not build {SOURCE.name}: {done.stderr.strip()[-300:]}")
