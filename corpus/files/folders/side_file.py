"""Files that say something of the files beside them: read within the folder that is indexed only, and never quoted."""

import os
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.folders.system import reason_of
from corpus.files.text.decoding import decode


def read_side_file(path: Path, root: Path, limit: int) -> str | None:
    """Return the text of a file, or `None` where there is none of that name.

    Args:
        path: of the file.
        root: the folder that it must be in, links followed; absolute and without links itself.
        limit: bytes that are read at most.

    Raises:
        UnreadableFile: if it is no regular file in that folder, too large or no text. A link that leads nowhere is
            no missing file: what it said held for the documents that are indexed.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, reason_of(error)) from None
    try:
        real = Path(os.path.realpath(path, strict=True))
        if not real.is_relative_to(root):
            raise _unreadable(path, "the link leads out of the folder; put the file itself there")
        if not real.is_file():
            raise _unreadable(path, "it is no regular file; remove or rename it")
        with real.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise _unreadable(path, reason_of(error)) from None
    if len(data) > limit:
        raise _unreadable(path, f"its bytes are more than {limit:,}; shorten it")
    return decode(data, path.name)


def _unreadable(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(f"{path.name}: {reason}")
