"""Looking at folders again: which of their files are new or changed since the last look, and which are gone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.files.folders.folder import Ignored, Skipped, SourceFile, find_files
from corpus.files.text.decoding import STRICT, Decoding


@dataclass(frozen=True, slots=True)
class Standing:
    """A file as it stands: what tells, without reading it, that it is not the one that was read."""

    file: SourceFile  # with what its folder says of it
    moment: int  # of the last change, nanoseconds
    size: int
    inode: int


@dataclass(frozen=True, slots=True)
class Look:
    """What was in folders when they were looked at."""

    files: Mapping[Path, Standing] = field(default_factory=dict)
    skipped: frozenset[Skipped] = frozenset()

    def since(self, before: "Look", touched: Collection[Path]) -> list[SourceFile | Skipped]:
        """Return the files that are new or changed since another look, and what is passed over since.

        Args:
            before: the other look.
            touched: files that are known to have changed, for one may be written twice in a moment of its disk's clock.
        """
        changed = [now.file for path, now in self.files.items() if path in touched or before.files.get(path) != now]
        return [*changed, *sorted(self.skipped - before.skipped, key=lambda each: each.source)]

    def with_files(self, before: "Look", paths: Collection[Path]) -> "Look":
        """Return this look with some files as they were at another."""
        return Look({**{path: before.files[path] for path in paths}, **self.files}, self.skipped)

    def gone_since(self, before: "Look") -> frozenset[Path]:
        """Return the files that are not there any more."""
        return frozenset(before.files) - frozenset(self.files)


def look(folders: Sequence[Path], decoding: Decoding = STRICT) -> Look:
    """Return what is in folders now; nothing for one that is not there."""
    files: dict[Path, Standing] = {}
    skipped = set()
    for found in find_files([folder for folder in folders if folder.is_dir()], decoding):
        if isinstance(found, SourceFile):
            try:
                stat = found.path.stat()
            except OSError:  # it went meanwhile
                continue
            files[found.path] = Standing(found, stat.st_mtime_ns, stat.st_size, stat.st_ino)
        elif not isinstance(found, Ignored):
            skipped.add(found)
    return Look(files, frozenset(skipped))
