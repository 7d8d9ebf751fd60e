"""Where results are written: checked before the first question is asked, so that no result is without a place."""

import os
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import InvalidInput


def destinations(sets: Sequence[Path], out: Path | None, suffix: str) -> list[Path | None]:
    """Return the file for the results of each question set; none where they are not to be kept.

    Args:
        sets: the question sets, by whose names the files in a folder are called.
        out: a file for the results of one set, or a folder that is there for those of several.
        suffix: of the files in a folder, e.g. `.json`.

    Raises:
        InvalidInput: if there is no such place, two results would share one, or a question set would be overwritten.
    """
    if out is None:
        return [None] * len(sets)
    if out.is_dir():
        places = [out / f"{path.resolve().stem}{suffix}" for path in sets]
    elif len(sets) == 1:
        places = [out]
    else:
        raise InvalidInput(f"there are {len(sets)} question sets, a file for each; {out} must be a folder, and is none")
    if len(set(places)) < len(places):
        raise InvalidInput("two question sets of one name would overwrite each other; run them apart")
    for place in places:
        check_place(place)
        if place.resolve() in {path.resolve() for path in sets}:
            raise InvalidInput(f"{place}: holds the questions themselves; write to another file")
    return [*places]


def check_place(path: Path) -> None:
    """Check that a file can be written, as far as can be told without writing it.

    Raises:
        InvalidInput: if its folder is missing, or it is a folder or protected.
    """
    if not path.parent.is_dir():
        raise InvalidInput(f"{path}: there is no folder {path.parent} to write to; make it first")
    if path.is_dir():
        raise InvalidInput(f"{path}: is a folder; name a file")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InvalidInput(f"{path}: must not be written; name another file")
