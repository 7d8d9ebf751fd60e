"""Being woken when something in folders changes, as the system tells it; where it does not, now and then."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Self

from watchfiles import watch

QUIET_MS = 300  # without a change that end a burst of them
BURST_MS = 3_000  # that a burst is waited for at most
TICK_MS = 250  # between two looks whether the folders are those that are watched
UNTOLD_SECONDS = 5.0  # between two times that one is woken where the system tells nothing

Touched = frozenset[Path]


class Waker:
    """Tells when something below folders changes; in a block.

    A folder may go and come back, as a disk does that is away for a time; that wakes, too. A thread listens to the
    system, for what listens takes the signals of the thread it is in.
    """

    def __init__(self, folders: Sequence[Path], tell: Callable[[str], None]) -> None:
        """Take the folders.

        Args:
            folders: absolute.
            tell: is called, by another thread, with a line for the user where the system does not tell of changes.
        """
        self._folders, self._tell = folders, tell
        self._woken: Queue[Touched] = Queue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listening", daemon=True)

    def __enter__(self) -> Self:
        """Begin: what changes from now on wakes."""
        self._thread.start()
        self._woken.get()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def wait(self, seconds: float | None) -> Touched | None:
        """Wait until something changes, and return the files that are told to have changed; `None` after so long."""
        try:
            touched = set(self._woken.get(timeout=seconds))
            while not self._woken.empty():
                touched |= self._woken.get()
        except Empty:
            return None
        return frozenset(touched)

    def _listen(self) -> None:
        told = ""
        while not self._ended.is_set():
            try:
                self._listen_to(_identities(self._folders))
            except (OSError, RuntimeError) as error:  # too many folders for the system, say
                if str(error) != told:
                    told = str(error)
                    self._tell(f"the system tells of no changes: {told}; looking every {UNTOLD_SECONDS:g} s instead")
                self._woken.put(frozenset())
                self._ended.wait(UNTOLD_SECONDS)

    def _listen_to(self, there: dict[Path, tuple[int, int]]) -> None:
        """Wake when something in folders changes, until they are others; first of all when this begins."""
        began = False
        for changes in watch(
            *there,
            watch_filter=None,
            step=QUIET_MS,
            debounce=BURST_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            stop_event=self._ended,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            touched = frozenset(Path(path) for _, path in changes)
            if touched or not began:
                self._woken.put(touched)
                began = True
            # One that goes and comes at once may have its number, but its going is told.
            if touched & there.keys() or _identities(self._folders) != there:
                return


def _identities(folders: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Return what tells folders that are there from others of their names."""
    found = {}
    for folder in folders:
        try:
            stat = folder.stat()
        except OSError:
            continue
        found[folder] = (stat.st_dev, stat.st_ino)
    return found
