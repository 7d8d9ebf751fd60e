"""Where a person types what the documentation says: a working copy as `make run` leaves it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.conftest import ROOT
from tests.server_fixtures import PATIENCE, environment
from tests.service_fixtures import READ_KEY, WRITE_KEY

LOCAL = "http://127.0.0.1:8000"
SERVES = re.compile(r"make run|wherefrom serve")
LINKED = ("Makefile", "pyproject.toml", "constraints.txt", "client", "corpus", "eval")
PROGRAMS = {"wherefrom": "-m service.cli.main", "python": ""}
# What each reader has of their own.
OWN = {
    r"\bKEY\b": READ_KEY,
    r"\bFOLDER\b": "notes",
    r"\bQUESTION\b": "How many new berths did the harbour get?",
    r"\b0\.0\.0\.0\b": "127.0.0.1",  # the tests listen on no other address
}
NOTE = "# The harbour\n\nIn 2024 the harbour got 36 new berths. They cost 14.24 million.\n"


def own(text: str, url: str, write_key: str = WRITE_KEY) -> str:
    """Return an example with the address and the keys that hold here."""
    for pattern, value in (OWN | {r"\bWRITE_KEY\b": write_key}).items():
        text = re.sub(pattern, value, text)
    return text.replace(LOCAL, url)


class WorkingCopy:
    """A terminal in a working copy; what is started in it ends with it."""

    def __init__(self, folder: Path, url: str, data_dir: Path, cache_dir: Path) -> None:
        """Take a folder to make, and the service that answers as long as none is started in it."""
        self._folder = folder
        self._url = url
        self._write_key = WRITE_KEY
        path = os.pathsep.join((str(folder / ".venv" / "bin"), os.environ["PATH"]))
        self._variables = environment(COLUMNS="80", PATH=path, WHEREFROM_CACHE_DIR=str(cache_dir))
        self._started: list[subprocess.Popen[str]] = []
        (folder / ".venv" / "bin").mkdir(parents=True)
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)
        for name, arguments in PROGRAMS.items():
            program = folder / ".venv" / "bin" / name
            program.write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n')
            program.chmod(0o755)
        (folder / ".venv" / ".installed").touch()
        shutil.copytree(data_dir, folder / "data")
        (folder / "notes").mkdir()
        (folder / "notes" / "harbour.md").write_text(NOTE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=PATIENCE)

    def type(self, code: str) -> str:
        """Do what is typed, and return what is printed; a service goes on beside what follows."""
        code = own(code, self._url, self._write_key)
        if SERVES.search(code):
            return self._start(code)
        done = subprocess.run(
            ["bash", "-c", code], cwd=self._folder, env=self._variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (code, done.stderr)
        return done.stdout + done.stderr

    def _start(self, code: str) -> str:
        process = subprocess.Popen(
            ["bash", "-c", code], cwd=self._folder, env=self._variables, stderr=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._started.append(process)
        assert process.stderr is not None
        told: list[str] = []
        while not (told and "#write=" in told[-1]):
            told.append(process.stderr.readline())
            assert told[-1], (code, told)
        self._url, self._write_key = re.findall(r"(http://[\d.:]+)/#write=(\S+)", told[-1])[0]
        return "".join(told)
