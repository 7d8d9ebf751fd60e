"""Folders made once and trusted by their checksums: written aside, sealed, then put in place whole.

Unpacked models and graphs are kept so. Any number of processes may make the same folder at once: the first to finish
wins, and the others find its folder.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

from corpus.store.folders import sync, workshop

CHECKSUMS = "checksums.json"
ATTEMPTS = 10  # to put the folder in place while other processes do the same; the second has always sufficed


@contextmanager
def sealed(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write into, which becomes `folder` when the block ends, and nothing if it fails.

    Raises:
        OSError: if nothing can be written beside `folder`.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with workshop(folder.parent, folder.name) as made:
        finished = made / "finished"
        finished.mkdir()
        yield finished
        seal(finished)
        put_in_place(finished, folder)


def is_intact(folder: Path) -> bool:
    """Tell whether a folder holds every file it was sealed with, byte for byte."""
    try:
        return bool(json.loads((folder / CHECKSUMS).read_bytes()) == checksums(folder))
    except (OSError, ValueError):
        return False


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the list of checksums itself."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != CHECKSUMS
    }


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def seal(folder: Path) -> None:
    """Write down the checksums of a folder and wait until all of it is on the disk."""
    (folder / CHECKSUMS).write_text(json.dumps(checksums(folder), indent=2, sort_keys=True) + "\n")
    for path in (*folder.rglob("*"), folder):
        sync(path)


def put_in_place(finished: Path, folder: Path) -> None:
    """Rename a finished folder to its final name; what stands there is replaced unless it is intact."""
    for attempt in range(ATTEMPTS):
        try:
            finished.rename(folder)
        except OSError:
            if is_intact(folder):  # another process was faster
                return
            if attempt == ATTEMPTS - 1:
                raise
            if folder.exists():
                folder.rename(finished.with_name(f"damaged-{attempt}"))
        else:
            sync(folder.parent)
            return
