"""Which files are surely gone: of those in archives, only whoever has read the archive can tell."""

import os
from collections.abc import Iterable
from pathlib import Path

from corpus.files.folders.folder import Skipped, SourceFile
from corpus.files.formats import holds_files


class Presence:
    """What a run found in the files that hold others.

    A member is gone if the file that it was in was read in this run and it was not in it; never where that could not
    be read, nor where the member itself could not be, which then keeps its version in the index.
    """

    def __init__(self) -> None:
        self._read = set[Path]()
        self._there = set[Path]()
        self._unread = set[Path]()

    def note(self, file: SourceFile, found: Iterable[SourceFile | Skipped]) -> None:
        """Take down what was found in a file once it was read to its end, itself included."""
        if not holds_files(file.path):
            return
        self._read.add(file.path)
        for each in found:
            if isinstance(each, SourceFile):
                self._there.add(each.path)
            elif each.failed:
                self._unread.add(_path_of(each.source, file))

    @property
    def holders(self) -> list[Path]:
        """The files that were looked into."""
        return sorted(self._read)

    def is_gone(self, path: str) -> bool:
        """Return whether a file is surely not there; one that cannot be looked for may be."""
        try:
            os.lstat(path)
        except FileNotFoundError:
            return True
        except NotADirectoryError:
            return self._is_gone_within(Path(path))
        except OSError:
            return False
        return False

    def _is_gone_within(self, path: Path) -> bool:
        holder = outermost(path)
        if holder == path:
            return True
        if holder not in self._read or path in self._there:
            return False
        return self._unread.isdisjoint((path, *path.parents))


def outermost(path: Path) -> Path:
    """Return the file of the system that something is in, which is itself unless that holds files."""
    return next((each for each in path.parents if holds_files(each) and each.is_file()), path)


def _path_of(source: str, file: SourceFile) -> Path:
    """Return where something in a file is said to be, of which only the source is known."""
    return file.path / source.removeprefix(file.source).removeprefix("/")
