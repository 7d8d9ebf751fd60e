"""Which files there are below a folder, and what keeps any of them from being read."""

import os
from collections.abc import Iterator
from errno import ELOOP, ENOENT
from pathlib import Path


def walk(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files below a folder in the order of their names, each with what is wrong with it, "" if nothing is.

    A folder that cannot be looked into is yielded in place of its files. Hidden files and folders, links out of the
    folder and what is no regular file are passed over.

    Args:
        root: absolute and without links.
    """
    problems: dict[Path, str] = {}
    found: list[Path] = []
    folders = [root]
    while folders:  # a list, for folders may be nested deeper than functions may call each other
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in filter(_is_shown, entries):
                    (folders if _is_folder(entry) else found).append(folder / entry.name)
        except OSError as error:
            problems[folder] = reason_of(error)
    for path in sorted([*found, *problems]):
        try:
            if path in problems or _is_file_within(path, root):
                yield path, problems.get(path, "")
        except OSError as error:
            yield path, reason_of(error)


def _is_file_within(path: Path, root: Path) -> bool:
    real = Path(os.path.realpath(path, strict=True))
    return real.is_file() and real.is_relative_to(root)


def _is_shown(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder and no link to one; where that cannot be told, it is looked at as a file."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def reason_of(error: OSError) -> str:
    """Return why the system cannot look at something that is there, and what can be done."""
    if error.errno in (ENOENT, ELOOP):
        return "the link leads nowhere; mend or remove it"
    return f"{error.strerror}; check it and its permissions"
