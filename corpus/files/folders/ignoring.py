"""What a `.wherefromignore` leaves out of the folder it is in and of those below, in the syntax of gitignore.

Of several lines that match a file the last one holds, and those of the nearest folder before all others. What is in a
folder that is left out is left out, whatever other lines say of it.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from corpus.errors import UnreadableFile
from corpus.files.folders.side_file import read_side_file

IGNORE_FILE = ".wherefromignore"
FILE_LIMIT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Rules:
    """What the lines of an ignore file say, and the mistakes in them.

    What stands in a line with a mistake is not repeated: its number is enough to find it.
    """

    spec: GitIgnoreSpec
    mistakes: tuple[str, ...] = ()


class Ignoring:
    """What is left out of a folder; each ignore file is read once."""

    def __init__(self, root: Path) -> None:
        """Take the folder; absolute and without links."""
        self._root = root
        self._rules: dict[Path, Rules | None] = {}

    def has_none(self, folder: Path) -> None:
        """Note that a folder has no ignore file, so that it need not be looked for."""
        self._rules[folder] = None

    def rules(self, folder: Path) -> Rules | None:
        """Return what the ignore file of a folder says, `None` where there is none.

        Raises:
            UnreadableFile: if there is one that cannot be read, because what it leaves out must not be indexed.
        """
        if folder not in self._rules:
            text = read_side_file(folder / IGNORE_FILE, self._root, FILE_LIMIT)
            self._rules[folder] = None if text is None else parse_rules(text)
        return self._rules[folder]

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Return whether a file or folder is left out, given that the folders it is in are not.

        Raises:
            UnreadableFile: if that cannot be known.
        """
        for folder in path.parents:
            rules = self.rules(folder)
            if rules is not None:
                name = path.relative_to(folder).as_posix()
                said = rules.spec.check_file(f"{name}/" if is_folder else name).include
                if said is not None:
                    return said
            if folder == self._root:
                break
        return False

    def leaves_out(self, path: Path) -> bool:
        """Return whether a file is left out, by itself or with a folder that it is in; never if that is not known."""
        try:
            return any(self.ignores(each, is_folder=is_folder) for each, is_folder in self._way_to(path))
        except (UnreadableFile, OSError):
            return False

    def _way_to(self, path: Path) -> Iterator[tuple[Path, bool]]:
        """Yield what leads to a file, from the folder on: folders, and the first that is none."""
        place = self._root
        for part in path.relative_to(self._root).parts:
            place = place / part
            is_folder = place.is_dir() and not place.is_symlink()
            yield place, is_folder
            if not is_folder:  # a file, or one that holds the rest of the way
                return


def parse_rules(text: str) -> Rules:
    """Return what the lines of a text say; those that cannot be understood are passed over and told."""
    patterns: list[GitIgnoreSpecPattern] = []
    mistakes = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", FutureWarning)  # of a class of characters that would be another one
                patterns += GitIgnoreSpec.from_lines([line.removesuffix("\r")]).patterns
        except (ValueError, re.error, FutureWarning):
            mistakes.append(f"line {number} is no pattern of gitignore")
    return Rules(GitIgnoreSpec(patterns), tuple(mistakes))
