"""What tests share that look at a program as a person does: at a terminal of some width, or at pipes."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from tests.conftest import ROOT

WHEREFROM = (sys.executable, "-m", "service.cli.main")
PATIENCE_SECONDS = 60


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a command of ours, without what would tell it of a terminal other than its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    return kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | variables


class Terminal:
    """A program in a terminal: what it has shown, and what is typed."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process, self._master = process, master
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, pattern: str) -> None:
        """Read until something is shown that a pattern matches."""
        until = monotonic() + PATIENCE_SECONDS
        while not re.search(pattern, self.shown):
            assert self._read(until), f"{pattern!r} was never shown, but {self.shown!r}"

    def ended(self) -> int:
        """Read until the program ends, and return its exit code."""
        until = monotonic() + PATIENCE_SECONDS
        while self._read(until):
            pass
        return self.process.wait(max(until - monotonic(), 1))

    def _read(self, until: float) -> bool:
        if not select.select([self._master], [], [], max(until - monotonic(), 0))[0]:
            return False
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # how Linux tells that the other side is closed
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


@contextmanager
def terminal(
    command: Sequence[object], variables: Mapping[str, str], columns: int = 80, cwd: Path | None = None
) -> Iterator[Terminal]:
    """A block with a command in a terminal of its own, which is its controlling one; killed at the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=cwd,
        env=environment(**variables),
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
