"""Words of readability's pages: what a page of a site is read as, and what its tests expect of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from bs4 import BeautifulSoup

from corpus.files.sandbox import Extractor
from eval.formats.measured import Finding, Measured
from eval.formats.reading import read
from eval.formats.suites import Suite
from eval.formats.words import Overlap, overlap, words_of

SHOWN = 12  # words that are lost, of a page
# Elements that do not end a word; all others do.
WITHIN = frozenset("a abbr b bdi bdo big cite code em font i mark q s samp small span strong sub sup tt u wbr".split())


def measure(suite: Suite, extractor: Extractor) -> Iterator[Measured]:
    """Read the pages, and yield how many of the expected words are there, and how many others."""
    shares: list[Overlap] = []
    titles = wanted = 0
    worst: list[tuple[float, Finding]] = []
    for folder in sorted((suite.folder / "test" / "test-pages").iterdir()):
        if not suite.takes(folder.name) or not (folder / "expected.html").is_file():
            continue
        extract = read(folder / "source.html", extractor)
        text, title = ("", None) if isinstance(extract, str) else (extract.text, extract.metadata.title)
        expected, found = words_of(_text(folder / "expected.html")), words_of(text)
        share = overlap(expected, found)
        shares.append(share)
        said = _title(folder)
        wanted += bool(said)
        titles += bool(said) and _same(said, title or "")
        lost = " ".join(list((expected - found).elements())[:SHOWN])
        what = f"recall {share.recall:.3f}, precision {share.precision:.3f}, lost: {lost}"
        worst.append((min(share.recall, share.precision), Finding(folder.name, what)))
    worst.sort(key=lambda each: (each[0], each[1].file))
    yield Measured(f"words of {suite.title}", COLUMNS, [_row(shares, titles, wanted)], [each for _, each in worst])


COLUMNS = ("format", "pages", "recall", "precision", "mean recall", "mean precision", "titles", "of")


def _row(shares: list[Overlap], titles: int, wanted: int) -> tuple[str | int | float, ...]:
    total = sum(shares, Overlap(0, 0, 0))
    means = [fmean(getattr(each, name) for each in shares) if shares else 1.0 for name in ("recall", "precision")]
    return ("HTML", len(shares), total.recall, total.precision, *means, titles, wanted)


def _text(page: Path) -> str:
    soup = BeautifulSoup(page.read_bytes(), "lxml")
    for each in soup.find_all(lambda element: element.name not in WITHIN):
        each.insert_before(" ")
        each.insert_after(" ")
    return soup.get_text()


def _title(folder: Path) -> str:
    return str(json.loads((folder / "expected-metadata.json").read_text("utf-8")).get("title") or "")


def _same(expected: str, found: str) -> bool:
    return " ".join(expected.casefold().split()) == " ".join(found.casefold().split())
