"""The seam above the engine: where collections are kept under their names, and what is asked of that place itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from index.engine import Engine


class Claims(Protocol):
    """Which server does which job, where several share them; safe to use from several threads.

    A claim runs out unless it is renewed, so that the jobs of a server that is gone are anyone's again.
    """

    def claim(self) -> tuple[str, str] | None:
        """Return the name of a collection and the id of a job in it that this server now does, if any waits."""
        ...

    def renew(self, name: str, job_id: str) -> bool:
        """Keep a job that is being done, and return whether it is still this server's."""
        ...

    def put_off(self, name: str, job_id: str, seconds: float) -> None:
        """Give a job back; nobody has it for some seconds."""
        ...

    def counts(self) -> tuple[int, int]:
        """Return how many jobs wait, and how many are done, by whichever server."""
        ...


class Home(Protocol):
    """A data folder, or a database that several servers share. Its `str` is what messages call it."""

    @property
    def engine(self) -> Engine:
        """What opens the collections here."""
        ...

    @property
    def option(self) -> str:
        """How a command names it: `--data-dir FOLDER`, say."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written from here, because this user may not."""
        ...

    @property
    def claims(self) -> Claims | None:
        """How jobs are shared out; `None` where each process does those that it accepts itself."""
        ...

    def place(self, name: str) -> Path:
        """Return what the engine opens a collection by, whether it is there or not.

        Raises:
            InvalidInput: if no collection may be called that.
        """
        ...

    def names(self) -> list[str]:
        """Return the names of the collections that there are: `default` first, the others in order.

        Raises:
            StoreUnavailable: if they cannot be read.
        """
        ...

    def make(self, name: str, begin: Callable[[Path], None]) -> None:
        """Make a collection, wholly or not at all.

        Args:
            name: that none has.
            begin: makes what it holds, at a place of the engine.

        Raises:
            AlreadyExists: if others were faster.
            StoreUnavailable: if it cannot be kept.
        """
        ...

    def remove(self, name: str) -> None:
        """Remove a collection; it is gone at once and for good, even if the process is killed meanwhile."""
        ...

    def take(self) -> bool:
        """Begin to serve, until `close`, and return whether no other process does: what was left is then to be done."""
        ...

    def scratch(self) -> Path:
        """Return a folder, made if need be, where files lie while they are read."""
        ...

    def room(self) -> int | None:
        """Return how many bytes may still be written; `None` where this machine cannot tell."""
        ...

    def remarks(self) -> list[str]:
        """Return what its operator may not know and should, a line each."""
        ...

    def check(self) -> None:
        """See whether it can be reached.

        Raises:
            StoreUnavailable: if not.
        """
        ...

    def close(self) -> None:
        """Serve no more, and let go of what it holds."""
        ...
