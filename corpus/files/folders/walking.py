"""Which files there are below a folder, which of them are ignored, and what keeps any of them from being read."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.folders.ignoring import IGNORE_FILE, Ignoring
from corpus.files.folders.system import reason_of
from corpus.files.names import is_hidden


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a folder that is not looked into.

    Attributes:
        path: absolute.
        problem: what is wrong with it, "" if nothing is.
        ignored: whether an ignore file leaves it out.
    """

    path: Path
    problem: str = ""
    ignored: bool = False


def walk(root: Path) -> Iterator[Found]:
    """Yield the files below a folder in the order of their names.

    A folder that cannot be looked into is yielded in place of its files, and so is one that is ignored. Of a folder
    whose ignore file cannot be read nothing else is yielded. Hidden files and folders, links out of the folder and what
    is no regular file are passed over.

    Args:
        root: absolute and without links.
    """
    ignoring = Ignoring(root)
    told: list[Found] = []
    paths: list[Path] = []
    folders = [root]
    while folders:  # a list, for folders may be nested deeper than functions may call each other
        folder = folders.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = {entry.name: entry for entry in scanned}
            if IGNORE_FILE not in entries:
                ignoring.has_none(folder)
            elif rules := ignoring.rules(folder):
                told += [Found(folder / IGNORE_FILE, each) for each in rules.mistakes]
            for entry in filter(_is_shown, entries.values()):
                path, is_folder = folder / entry.name, _is_folder(entry)
                if ignoring.ignores(path, is_folder=is_folder):
                    told.append(Found(path, ignored=True))
                else:
                    (folders if is_folder else paths).append(path)
        except UnreadableFile as error:
            reason = str(error).removeprefix(f"{IGNORE_FILE}: ")
            told.append(Found(folder / IGNORE_FILE, f"{reason}; until then nothing of its folder is read"))
        except OSError as error:
            told.append(Found(folder, reason_of(error)))
    found = [*told, *(each for path in paths if (each := _looked_at(path, root)))]
    yield from sorted(found, key=lambda each: each.path)


def _looked_at(path: Path, root: Path) -> Found | None:
    try:
        return Found(path) if _is_file_within(path, root) else None
    except OSError as error:
        return Found(path, reason_of(error))


def _is_file_within(path: Path, root: Path) -> bool:
    real = Path(os.path.realpath(path, strict=True))
    return real.is_file() and real.is_relative_to(root)


def _is_shown(entry: os.DirEntry[str]) -> bool:
    return not is_hidden(entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder and no link to one; where that cannot be told, it is looked at as a file."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
