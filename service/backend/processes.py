"""Which processes serve a data folder: the first of them takes up what was left there, and makes it clean."""

import shutil
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

SCRATCH = ".reading"  # below the data folder: files while they are read
LOCK = ".serving"


def scratch_in(data_dir: Path) -> Path:
    """Return the folder, made if need be, where files lie while they are read."""
    scratch = data_dir / SCRATCH
    scratch.mkdir(exist_ok=True)
    return scratch


class Place:
    """A process's place among those that serve a data folder. Where there are no such locks, every one is the first."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._file: BufferedWriter | None = None

    def take(self) -> bool:
        """Take a place until `leave` or the end of the process, and return whether no other process has one."""
        first = True
        with suppress(ImportError, OSError):  # Windows; a folder that cannot be written, where there is nothing to do
            import fcntl

            self._file = (self._data_dir / LOCK).open("wb")
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                first = False
            if first:
                shutil.rmtree(self._data_dir / SCRATCH, ignore_errors=True)
            fcntl.flock(self._file, fcntl.LOCK_SH)
        return first

    def leave(self) -> None:
        """Give the place up."""
        if self._file is not None:
            self._file.close()
            self._file = None
