"""`wherefrom index --watch` as a process of its own, and what it tells."""

import json
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.server_fixtures import PATIENCE, WHEREFROM, environment


class Followed:
    """A process that follows a folder.

    Attributes:
        before: what it told until it followed.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.before = [self._next()]
        while self.before[-1]["event"] != "following":
            self.before.append(self._next())

    def told(self, event: str, **known: object) -> dict[str, Any]:
        """Wait until something is told, and return it; before it nothing else of that kind may be."""
        while (told := self._next())["event"] != event:
            assert told["event"] != "error", told
        assert known.items() <= told.items(), told
        return told

    def stop(self, number: int) -> tuple[int, dict[str, Any], str]:
        """Send a signal, and return the exit code, what was told last and what stands in standard error."""
        self._process.send_signal(number)
        out, err = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, json.loads(out.splitlines()[-1]), err.decode()

    def _next(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        assert select.select([self._process.stdout], [], [], PATIENCE)[0], "nothing more is told"
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def followed(folder: Path, data_dir: Path) -> Iterator[Followed]:
    """A block with a process that follows a folder already."""
    command = [*WHEREFROM, "index", "--watch", str(folder), "--data-dir", str(data_dir), "--model", "hash", "--json"]
    # Without a buffer, for `select` knows nothing of lines that were read ahead.
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        try:
            yield Followed(process)
        finally:
            process.kill()
