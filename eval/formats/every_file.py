"""Every file of a format that is read, whatever it holds: read or refused and why, at what cost, and how it is cut."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import median

from corpus.document import Document
from corpus.files.documents import read_documents_of
from corpus.files.folders.folder import Skipped, SourceFile
from corpus.files.folders.metadata import Metadata
from corpus.files.formats import format_of
from corpus.files.sandbox import Extractor
from eval.attacks.reading_cost import Cost, Watch
from eval.attacks.targets import SPLIT, Broken, check_passages
from eval.formats.measured import Finding, Measured
from eval.formats.suites import Suite

SECONDS = 2.0  # of the processor, and megabytes, that a file may take
MEGABYTES = 300.0
# How it is told that a parser ended with an error of its own, or was ended: to be looked at, whatever the file.
FAILED = re.compile(r"is damaged or no .*\(\w+\)|ended its reader|takes? far longer|far more memory|it took more than")
NUMBER = re.compile(r"0x[0-9A-F]+|U\+[0-9A-F]+|\d[\d,.]*")
QUOTED = re.compile(r"(?<=in )\.\w+|'[^']*'|“[^”]*”")


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a file.

    Attributes:
        format: what it is by its name.
        file: its name, with that of the suite.
        reason: why it was refused; nothing if it was read.
        cost: what that took.
        broken: what of the passages it was cut into is not as promised.
    """

    format: str
    file: str
    reason: str
    cost: Cost
    broken: str = ""

    @property
    def faults(self) -> list[str]:
        """What is wrong, whatever the file is."""
        over = [f"{self.cost.seconds:.1f} s"] if self.cost.seconds > SECONDS else []
        over += [f"{self.cost.megabytes:.0f} MB"] if self.cost.megabytes > MEGABYTES else []
        return [*([self.reason] if FAILED.search(self.reason) else []), *([self.broken] if self.broken else []), *over]


def measure(suites: Sequence[Suite]) -> Iterator[Measured]:
    """Read every file of some suites, and yield what became of those of each format, and why some were refused."""
    with Extractor() as extractor:
        tried = [_try(suite, path, extractor) for suite in suites for path in _files(suite)]
    names = "; ".join(suite.title for suite in suites)
    tried.sort(key=attrgetter("format", "file"))
    rows = [_row(name, list(group)) for name, group in groupby(tried, key=attrgetter("format"))]
    judged, costs = ("parser failed", "not verified"), ("s, median", "s, worst", "MB, worst")
    columns = ("format", "files", "read", "refused", *judged, *costs)
    worst = [Finding(each.file, "; ".join(each.faults)) for each in tried if each.faults]
    yield Measured(f"every file of {names}", columns, rows, worst)
    refused = Counter((each.format, _kind(each.reason)) for each in tried if each.reason)
    listed = [Finding(each.file, each.reason) for each in tried if each.reason]
    reasons = sorted((name, reason, count) for (name, reason), count in refused.items())
    yield Measured("why files were refused", ("format", "reason", "files"), reasons, listed)


def _files(suite: Suite) -> Iterator[Path]:
    for path in sorted(suite.folder.rglob("*")):
        inside = path.relative_to(suite.folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if not hidden and format_of(path) and path.is_file() and suite.takes(inside.as_posix()):
            yield path


def _try(suite: Suite, path: Path, extractor: Extractor) -> Tried:
    named = format_of(path)
    name, source = named.name if named else "", f"{suite.name}/{suite.called(path)}"
    file = SourceFile(path, source, Metadata(), None)
    with Watch() as watch:
        found = list(read_documents_of(file, extractor))
    reason = "; ".join(each.reason for each in found if isinstance(each, Skipped) and each.failed)
    broken = (_broken(each[1]) for each in found if not isinstance(each, Skipped))
    return Tried(name, source, reason, watch.cost, "; ".join(filter(None, broken)))


def _broken(document: Document) -> str:
    try:
        check_passages(document, SPLIT(document))
    except Broken as error:
        return str(error)
    return ""


def _row(name: str, tried: Sequence[Tried]) -> tuple[str | int | float, ...]:
    refused = sum(bool(each.reason) for each in tried)
    failed, broken = sum(bool(FAILED.search(each.reason)) for each in tried), sum(bool(each.broken) for each in tried)
    seconds = [each.cost.seconds for each in tried]
    largest = max(each.cost.megabytes for each in tried)
    return (name, len(tried), len(tried) - refused, refused, failed, broken, median(seconds), max(seconds), largest)


def _kind(reason: str) -> str:
    """Return a reason without what is of one file only."""
    return NUMBER.sub("N", QUOTED.sub("…", reason))
