"""Reading files whose formats others parse: in a process of its own, so that none of them can hang or fill this one.

A PDF of a few kilobytes can ask for gigabytes or for ever. The process has bounds on both, is started when the first
file needs it, serves one file after another, and is replaced when a file ends it. Libraries are loaded there only: it
is asked by the name of a function, which it imports.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Lock, Timer
from time import monotonic
from types import TracebackType
from typing import Any, Self

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, extract_of
from corpus.files.kind import Format
from corpus.files.pdf.recognition import READ_PAGES, recognised
from corpus.files.text.decoding import STRICT, Decoding

SECONDS = 120  # for one file; two thousand dense pages take half of it
MEMORY = 2_000_000_000  # bytes that the process may ask for, where the system can bound it
MOST_HELD = 100_000_000  # bytes that the process may keep for the next file; with all libraries it has some 80
WORKER = "corpus.files.sandbox_worker"
ENDING_SECONDS = 1.0  # that a process may take to end once it has closed its answers
OUT_OF_TIME = -getattr(signal, "SIGPROF", 0) or None  # how the process ends whose allowance is spent
READ = "corpus.files.extract:read_as"


class Extractor:
    """Reads files, one after another, from whichever thread. Use it as a context, or close it."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        """Start nothing yet.

        Args:
            seconds: how long a file may take.
            memory: how many bytes the process may ask for.
        """
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract(
        self, path: Path, kind: Format, source: str, folder: Path | None = None, decoding: Decoding = STRICT
    ) -> Extract:
        """Return what a file says.

        Args:
            path: the file.
            kind: what it is; a format with a reader.
            source: what errors call it.
            folder: where the files in it are unpacked, of a format that holds any.
            decoding: how its text is decoded, if it is of a kind whose reader does that.

        Raises:
            UnreadableFile: if it cannot be read within the bounds, with the reason and the way out.
        """
        into = None if folder is None else str(folder)
        how = asdict(decoding) if kind.decoded else None
        try:
            said = self.call(READ, kind.name, path=str(path), reader=kind.reader, folder=into, decoding=how)
            extract = extract_of(said)
            if not extract.pictures:
                return extract
            return recognised(extract, lambda pages: self.call(READ_PAGES, kind.name, path=str(path), pages=pages))
        except UnreadableFile as error:
            raise UnreadableFile(f"{source}: {str(error).removeprefix(f'{path.name}: ')}") from None

    def call(self, function: str, name: str, seconds: float | None = None, **arguments: object) -> dict[str, Any]:
        """Return what a function returns in the process.

        Args:
            function: its module, a colon and its name; it takes and returns what JSON can hold.
            name: what a person calls a file of the format that it reads.
            seconds: how long it may take; as long as a file may where none are given.
            arguments: what it is called with.

        Raises:
            UnreadableFile: if it fails or goes beyond its bounds, with the reason and the way out.
        """
        request = json.dumps({"function": function, "name": name, "arguments": arguments})
        with self._turn:
            answer = self._answer(request.encode() + b"\n", self._seconds if seconds is None else seconds)
        if "error" in answer:
            raise UnreadableFile(answer["error"])
        returned: dict[str, Any] = answer["returned"]
        return returned

    def interrupt(self) -> None:
        """Have what is read now fail at once; may be called from another thread."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process; what it was reading is not told any more."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _answer(self, request: bytes, seconds: float) -> dict[str, Any]:
        if self._process is not None and self._process.poll() is not None:
            self.close()  # something else ended it since the last file
        process = self._process = self._process or self._started()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 they are pipes
        timer = Timer(seconds, process.kill)
        began = monotonic()
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            if answer["held"] > MOST_HELD:
                self.close()
            return answer
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDING_SECONDS)
        self.close()
        if monotonic() - began >= seconds:
            return {"error": f"it took more than {seconds:g} seconds to read; split it or save it in another format"}
        if process.returncode == OUT_OF_TIME:
            return {"error": "it takes far longer to read than what is in it should; save it in a simpler form"}
        return {"error": "reading it ended its reader, so it is damaged or made to do so; open it and save it again"}

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER, str(self._memory)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},  # the very packages of this process
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries tell of a file is told in one line
        )
