"""What workers have the first of them do, through a pipe that outlives each of them.

Jobs are done one after another in the order in which they were accepted, whichever worker accepted them: who sends a
file twice wants the second of them to stay.
"""

import asyncio
import json
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

RECORD = 512  # bytes: so many are written to a pipe wholly or not at all on every system (POSIX, PIPE_BUF)
AGAIN_SECONDS = 0.2  # after which is tried again what the pipe did not take: the first may just be started again


class Errand(NamedTuple):
    """What is to be done of a job.

    Attributes:
        collection: that it is in.
        job_id: its own.
        cancelled: whether it has been ended, and not accepted.
    """

    collection: str
    job_id: str
    cancelled: bool = False


class Errands:
    """A pipe with errands in it, in their order. All of it belongs to the event loop of a process."""

    def __init__(self) -> None:
        """Make the pipe; processes that are forked off share it."""
        self._out, self._in = os.pipe()
        os.set_blocking(self._out, False)
        os.set_blocking(self._in, False)
        self._waiting = deque[bytes]()

    def hand(self, *errands: Errand) -> None:
        """Have the first worker do something; it may be gone, and then the next one does it."""
        sends = bool(self._waiting)
        self._waiting += (json.dumps(errand).encode().ljust(RECORD) for errand in errands)
        if not sends:
            self._send()

    def _send(self) -> None:
        while self._waiting:
            try:
                os.write(self._in, self._waiting[0])
            except BlockingIOError:
                asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._send)
                return
            self._waiting.popleft()

    def receive(self, do: Callable[[Errand], None]) -> None:
        """Have errands done as they come, from here on."""

        def read() -> None:
            with suppress(BlockingIOError):
                do(Errand(*json.loads(os.read(self._out, RECORD))))

        asyncio.get_running_loop().add_reader(self._out, read)

    def receive_no_more(self) -> None:
        """Leave to the next worker what comes."""
        asyncio.get_running_loop().remove_reader(self._out)

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._out)
        os.close(self._in)

    @classmethod
    @contextmanager
    def between_processes(cls) -> Iterator["Errands"]:
        """A block with a pipe for the processes that are forked off in it."""
        errands = cls()
        try:
            yield errands
        finally:
            errands.close()
