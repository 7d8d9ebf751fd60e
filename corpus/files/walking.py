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

    def note(error: OSError) -> None:
        problems[Path(error.filename)] = reason_of(error)

    found: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=note):
        folders[:] = filter(_is_shown, folders)
        found += [Path(folder, name) for name in filter(_is_shown, names)]
    for path in sorted([*found, *problems]):
        try:
            if path in problems or _is_file_within(path, root):
                yield path, problems.get(path, "")
        except OSError as error:
            yield path, reason_of(error)


def _is_file_within(path: Path, root: Path) -> bool:
    real = Path(os.path.realpath(path, strict=True))
    return real.is_file() and real.is_relative_to(root)


def _is_shown(name: str) -> bool:
    return not name.startswith(".")


def reason_of(error: OSError) -> str:
    """Return why the system cannot look at something that is there, and what can be done."""
    if error.errno in (ENOENT, ELOOP):
        return "the link leads nowhere; mend or remove it"
    return f"{error.strerror}; check it and its permissions"
