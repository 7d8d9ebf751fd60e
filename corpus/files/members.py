"""Files inside files: how they become documents of their own, how deep, how many, and at what cost.

A file of a format that `holds_files` is an archive or a mail. Its reader unpacks it, in the process that reads files,
into a fresh folder; what lies there is read as any folder is, side files (`documents.toml`, `synonyms.txt`) included,
each file by the reader and the allowance of its own format. So an archive is indexed as the folder would be that it
was packed from, and a mail as its text and a folder of what hangs on it.

A member is named by the file that it is in: its source is `archive.zip/inner/path`, and its path in the store is that
of the archive with the same behind it, where no file is. What is true of such a path, only who has read the archive
can tell; see `corpus.files.folders.presence`. The folder is gone once the last document was taken.

What is said of an archive (its publisher, its day) holds for its members, but for its title. What hangs on a mail has
the mail's facts, and `attached_to`, the mail's source, unless it says otherwise itself.
"""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Self

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, Member
from corpus.files.folders.metadata import Metadata, filled
from corpus.files.formats import holds_files

DEEPEST = 3  # archives and mails inside each other
MOST_MEMBERS = 10_000  # of a file, in all that is in it
MOST_BYTES = 500_000_000  # that they unpack to together
# They may unpack to so many times the size of the file, if that is more than so many bytes.
RATIO, SMALL = 100, 10_000_000
MOST_WASTED = 20.0  # seconds for members that could not be read in the end
ATTACHED_TO = "attached_to"


class Unpacking:
    """What is unpacked of one file, and of the files in it. Use it as a context: then all of it is gone at the end."""

    def __init__(self, scratch: Path | None) -> None:
        """Start with nothing.

        Args:
            scratch: a folder for what is unpacked; the system's if none is given.
        """
        self._scratch = scratch
        self._folders = ExitStack()
        self._members = self._bytes = 0
        self._allowed = 0
        self._wasted = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._folders.close()

    def folder_for(self, path: Path, depth: int) -> Path | None:
        """Return a fresh folder for what is in a file; `None` for one that holds no others.

        Args:
            path: of the file.
            depth: in how many others it is itself.

        Raises:
            UnreadableFile: if it is too deep, or too much was spent on those before it.
        """
        if self._wasted > MOST_WASTED:
            raise UnreadableFile("too much was spent on files beside it that could not be read; unpack it yourself")
        if not holds_files(path):
            return None
        if depth >= DEEPEST:
            raise UnreadableFile(f"it is packed in more than {DEEPEST - 1} others; unpack it, and index what is in it")
        return Path(self._folders.enter_context(TemporaryDirectory(dir=self._scratch))).resolve()

    def add(self, holder: Path, members: Iterable[Member]) -> None:
        """Count what was unpacked of a file; the first one bounds what may be of all.

        Raises:
            UnreadableFile: if it is more than a file may hold.
        """
        self._allowed = self._allowed or min(MOST_BYTES, max(SMALL, RATIO * holder.stat().st_size))
        for each in members:
            self._members += 1
            self._bytes += 0 if each.problem else Path(each.path).stat().st_size
        if self._members > MOST_MEMBERS:
            raise UnreadableFile(f"there are more than {MOST_MEMBERS:,} files in it and those around it; split it")
        if self._bytes > self._allowed:
            told = f"{self._bytes:,} bytes, more than the {self._allowed:,} of a file of this size"
            raise UnreadableFile(f"it and those around it unpack to {told}; unpack it, and index what is in it")

    def waste(self, began: float) -> None:
        """Count the time since a moment as spent on nothing."""
        self._wasted += monotonic() - began


def handed_down(given: Metadata, member: Metadata) -> Metadata:
    """Return what is known of a member: what is said of it, else of the file that it is in, but for the title."""
    return replace(filled(member, given), title=member.title)


def facts_of_holder(source: str, inherited: Mapping[str, object], extract: Extract) -> Mapping[str, object]:
    """Return what a file hands down to those in it: a mail its facts, an archive what it was handed down itself."""
    return {**extract.metadata.other, ATTACHED_TO: source} if extract.text else inherited


def inherited_by(path: Path, facts: Mapping[str, object]) -> Mapping[str, object]:
    """Return what of that a member takes: a mail that hangs on a mail has facts of its own."""
    return {ATTACHED_TO: facts[ATTACHED_TO]} if facts and holds_files(path) else facts
