"""Files that are derived from the store: written whole or not at all, and never trusted without their digest."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from corpus.store.folders import sync


def write_whole(path: Path, data: bytes) -> str:
    """Write a file aside, make it durable, put it in place by rename, and return its SHA-256."""
    handle, aside = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    sync(path.parent)
    return sha256(data).hexdigest()


def read_whole(path: Path, digest: str) -> bytes | None:
    """Return what a file holds, or `None` if it is not there or not the one whose SHA-256 is given."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if sha256(data).hexdigest() == digest else None
