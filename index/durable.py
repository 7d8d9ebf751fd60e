"""Files that are derived from the store: written whole or not at all, and never trusted without their digest."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from corpus.store.folders import sync


class Aside:
    """A file that is written beside the place it is meant for, durable, and put there or removed at the end."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Write it."""
        self._path = path
        self.digest = sha256(data).hexdigest()
        handle, aside = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        self._aside = Path(aside)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            self.remove()
            raise

    def place(self) -> None:
        """Put it in its place by rename."""
        self._aside.replace(self._path)
        sync(self._path.parent)

    def remove(self) -> None:
        """Remove it, unless it is in its place."""
        self._aside.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> str:
    """Write a file aside, make it durable, put it in place by rename, and return its SHA-256."""
    aside = Aside(path, data)
    try:
        aside.place()
    finally:
        aside.remove()
    return aside.digest


def read_whole(path: Path, digest: str) -> bytes | None:
    """Return what a file holds, or `None` if it is not there or not the one whose SHA-256 is given."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if sha256(data).hexdigest() == digest else None
