"""What people marked in trafilatura's pages: stretches to be kept and to be left out, titles, days and authors."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.files.folders.metadata import Metadata
from corpus.files.sandbox import Extractor
from eval.formats.measured import Finding, Measured
from eval.formats.reading import read
from eval.formats.suites import Suite

Figures = Counter[str]

# The folders of the pages: the older set, and the larger one that was added later.
FOLDERS = ("cache", "eval")
COLUMNS = (
    "set",
    "pages",
    "kept",
    "to keep",
    "left in",
    "to leave out",
    *(f"{name}{right}" for name in ("titles", "days", "authors") for right in (" right", "")),
)
NAMES = re.compile(r"[;,&]|\band\b|\bund\b")


def measure(suite: Suite, extractor: Extractor) -> Iterator[Measured]:
    """Read the pages, and yield by folder what of them is kept and left in, and what they are said to be."""
    figures = {folder: Figures() for folder in FOLDERS}
    worst: list[tuple[int, Finding]] = []
    for marked in _annotations(suite.folder):
        page = next(
            (path for folder in FOLDERS if (path := suite.folder / "tests" / folder / marked["file"]).is_file()), None
        )
        if page is None or not suite.takes(page.name):
            continue
        extract = read(page, extractor)
        text, metadata = ("", Metadata()) if isinstance(extract, str) else (extract.text, extract.metadata)
        lost, left = _judged(marked, text)
        figures[page.parent.name] += _counted(marked, metadata, len(lost), len(left))
        if lost or left:
            what = "; ".join(chain((f"lost: {each}" for each in lost), (f"left in: {each}" for each in left)))
            worst.append((-len(lost) * 10 - len(left), Finding(suite.called(page), what)))
    rows = [_row(name, each) for name, each in figures.items()]
    rows.append(_row("all", sum(figures.values(), Figures())))
    worst.sort(key=lambda each: (each[0], each[1].file))
    yield Measured(f"pages of {suite.title}", COLUMNS, rows, [each for _, each in worst])


def _annotations(folder: Path) -> list[dict[str, Any]]:
    said: Mapping[str, dict[str, Any]] = json.loads((folder / "tests" / "evaldata.json").read_text("utf-8"))
    return sorted(said.values(), key=lambda each: str(each["file"]))


def _judged(marked: Mapping[str, Any], text: str) -> tuple[list[str], list[str]]:
    """Return what is to be kept of a page and is not there, and what is to be left out and is."""
    there = _plain(text)
    lost = [each for each in marked["with"] if _plain(each) not in there]
    return lost, [each for each in marked["without"] if _plain(each) in there]


def _counted(marked: Mapping[str, Any], metadata: Metadata, lost: int, left: int) -> Figures:
    found = Figures({"pages": 1, "to keep": len(marked["with"]), "to leave out": len(marked["without"])})
    found += Figures({"kept": len(marked["with"]) - lost, "left in": left})
    if title := marked.get("title"):
        found += Figures({"titles": 1, "titles right": _plain(title) == _plain(metadata.title or "")})
    if day := marked.get("date"):
        found += Figures({"days": 1, "days right": day == metadata.published})
    if author := marked.get("author"):
        found += Figures({"authors": 1, "authors right": _names(author) == _names(metadata.author or "")})
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())


def _names(said: str | list[str]) -> frozenset[str]:
    """Return the names of authors, in whatever order and however parted."""
    names = NAMES.split("; ".join(said) if isinstance(said, list) else said)
    return frozenset(_plain(each).casefold() for each in names if each.strip())


def _row(name: str, figures: Figures) -> tuple[str | int, ...]:
    return (name, *(figures[column] for column in COLUMNS[1:]))
