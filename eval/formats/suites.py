"""The suites of test files that are known: how a checkout of each is recognised, and which module measures it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from corpus.errors import InvalidInput


class Half(StrEnum):
    """A half of the files of a suite: rules are made on one, and decided on by the other."""

    EVEN = "even"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Kind:
    """A suite with expectations.

    Attributes:
        module: whose `measure(suite, extractor)` yields what was measured; imported only where it is asked for.
        marks: files that a checkout of it has, and no other.
    """

    module: str
    marks: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "readability": Kind("eval.formats.readability", ("Readability.js", "test/test-pages")),
    "trafilatura": Kind("eval.formats.trafilatura", ("tests/evaldata.json",)),
    "pandoc": Kind("eval.formats.pandoc", ("pandoc.cabal", "test/docx")),
    "mammoth": Kind("eval.formats.mammoth", ("tests/mammoth_tests.py", "tests/test-data")),
    "chardet": Kind("eval.formats.encodings", ("chardet/__init__.py", "tests/Big5")),
    "commonmark": Kind("eval.formats.commonmark", ("spec.txt", "tools/make_spec.lua")),
}


@dataclass(frozen=True, slots=True)
class Suite:
    """A folder of test files.

    Attributes:
        name: of the suite where it is known, else of the folder.
        folder: where it lies.
        commit: which state of it this is, where that is known.
        half: which of its files are taken; all where it is `None`.
    """

    name: str
    folder: Path
    commit: str = ""
    half: Half | None = None

    def takes(self, name: str) -> bool:
        """Return whether a file of a name, or a test of one, is among those that are taken."""
        if self.half is None:
            return True
        return sha256(name.encode()).digest()[-1] % 2 == (self.half is Half.ODD)

    def called(self, path: Path) -> str:
        """Return what a file of it is called."""
        return path.relative_to(self.folder).as_posix()

    @property
    def title(self) -> str:
        """What tables call it."""
        parts = (self.name, self.commit and f"at {self.commit}", self.half and f"{self.half} half")
        return ", ".join(filter(None, parts))


def recognise(folder: Path, name: str | None, commits: Mapping[str, str], half: Half | None) -> Suite:
    """Return the suite that lies in a folder.

    Args:
        folder: where it lies.
        name: what it is, if that is said.
        commits: of the suites of which it is said.
        half: which of its files are taken.

    Raises:
        InvalidInput: if it is said to be a suite whose files are not there.
    """
    found = next((kind for kind, each in KINDS.items() if _is_there(folder, each)), None)
    if name is not None and name != found:
        if name not in KINDS:
            raise InvalidInput(f"--as {name}: no suite that is known; name one of {', '.join(KINDS)}")
        missing = next(mark for mark in KINDS[name].marks if not (folder / mark).exists())
        raise InvalidInput(f"{folder}: is no checkout of {name}, for it has no {missing}")
    called = found or folder.resolve().name
    return Suite(called, folder, commits.get(called) or _commit_of(folder), half)


def _is_there(folder: Path, kind: Kind) -> bool:
    return all((folder / mark).exists() for mark in kind.marks)


def _commit_of(folder: Path) -> str:
    """Return the commit that a folder's own repository is at, nothing where it tells none."""
    git = folder / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        return (git / head.removeprefix("ref: ")).read_text()[:12] if head.startswith("ref: ") else head[:12]
    except OSError:
        return ""
