"""Files of kinds that are not read: told by kind, for a folder may hold thousands of pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rich.console import Console
from rich.text import Text

from corpus.files.folders.folder import Skipped
from corpus.files.formats import what_is_read
from service.cli.terminal import counted, one_line
from service.cli.wrapping import print_lines

NAMES = 3  # files of a kind that are named
KINDS = 8  # that an error names


@dataclass(frozen=True, slots=True)
class UnknownKind:
    """Files of a kind that is not read.

    Attributes:
        ending: of their names, in lower case; "" where they have none.
        files: how many there are.
        names: the first few.
    """

    ending: str
    files: int
    names: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The first few names, and how many more there are."""
        more = self.files - len(self.names)
        return ", ".join(self.names) + (f" and {more:,} more" if more else "")


def unknown_kinds(skipped: Iterable[Skipped]) -> list[UnknownKind]:
    """Return the kinds that are not read of the files that were passed over, those of most files first."""
    by_ending: dict[str, list[str]] = {}
    for each in skipped:
        if each.unknown:
            by_ending.setdefault(PurePath(each.source).suffix.lower(), []).append(each.source)
    kinds = [UnknownKind(ending, len(names), tuple(names[:NAMES])) for ending, names in by_ending.items()]
    return sorted(kinds, key=lambda each: (-each.files, each.ending))


def print_unknown(console: Console, kinds: Sequence[UnknownKind]) -> None:
    """Print a line for each kind."""
    for each in kinds:
        what = each.ending or "a name without ending"
        print_lines(console, Text(f"skipped {one_line(each.listed)}: {one_line(what)} is not read", style="dim"))


def none_found(kinds: Sequence[UnknownKind]) -> str:
    """Return that no documents were found, which files there are instead, and what would be read."""
    reads = what_is_read()
    if not kinds:
        return f"no documents found; {reads}"
    told = "; ".join(f"{each.ending or 'without ending'}: {each.listed}" for each in kinds[:KINDS])
    rest = f"; and {counted(len(kinds) - KINDS, 'other kind')}" if len(kinds) > KINDS else ""
    files = counted(sum(each.files for each in kinds), "file")
    return f"no documents found, only {files} of kinds that are not read ({told}{rest}); {reads}"
