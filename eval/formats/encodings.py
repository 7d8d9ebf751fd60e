"""Encodings of chardet's tests: texts that lie in folders named by what they are in, read right, refused or wrong."""

import codecs
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.files.sandbox import Extractor
from eval.formats.measured import Finding, Measured
from eval.formats.reading import read
from eval.formats.suites import Suite

# As browsers read what is declared as the one: with what vendors added to it.
SUPERSETS = {
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "tis-620": "cp874",
    "macroman": "mac_roman",
    "maccyrillic": "mac_cyrillic",
}
SAME = 0.98  # of the characters past ASCII; the tables of vendors differ in some dashes
OUTCOMES = ("right", "refused", "wrong")


def measure(suite: Suite, extractor: Extractor) -> Iterator[Measured]:
    """Read the files, and yield by encoding how many are read right, refused and read wrong."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    findings = []
    with TemporaryDirectory() as scratch:
        for path in sorted((suite.folder / "tests").glob("*/*")):
            if not path.is_file() or not suite.takes(path.name):
                continue
            folder = path.parent.name
            outcome, why = judge(path, folder, extractor, Path(scratch))
            counts[folder][outcome] += 1
            if outcome != "right":
                badness = OUTCOMES.index(outcome) if outcome in OUTCOMES else 0
                findings.append((badness, suite.called(path), outcome, why))
    rows = [_row(name, each) for name, each in sorted(counts.items(), key=lambda item: item[0].casefold())]
    rows.append(_row("all", sum(counts.values(), Counter[str]())))
    findings.sort(reverse=True)
    worst = [Finding(file, f"{outcome}: {why}" if why else outcome) for _, file, outcome, why in findings]
    yield Measured(f"encodings of {suite.title}", ("encoding", "files", *OUTCOMES, "itself damaged"), rows, worst)


def judge(path: Path, encoding: str, extractor: Extractor, scratch: Path) -> tuple[str, str]:
    """Return whether a file is read `right`, `refused`, `wrong`, or is no text of its encoding, and why it is refused.

    What is right is what is read in the same text saved as UTF-8 with its mark.
    """
    name = "a.html" if path.suffix == ".html" else "a.txt"
    data, found = path.read_bytes(), read(path, extractor, name)
    codec = codec_of(encoding)
    try:
        text = None if codec is None else data.decode(codec)
    except UnicodeError:
        return "itself damaged", ""
    if isinstance(found, str):
        return "refused", found
    if text is None:
        return "wrong", "read, though Python knows no such encoding"
    copy = scratch / name
    copy.write_bytes(codecs.BOM_UTF8 + text.removeprefix("\ufeff").encode("utf-8", "replace"))
    expected = read(copy, extractor)
    if isinstance(expected, str):
        return "wrong", f"read, though it is refused as UTF-8: {expected}"
    return ("right", "") if is_same(expected.text, found.text) else ("wrong", _difference(expected.text, found.text))


def codec_of(folder: str) -> str | None:
    """Return the codec of a folder's texts, `None` if there is none; a folder may name the language, too."""
    parts = folder.lower().split("-")
    for length in range(len(parts), 0, -1):
        name = "-".join(parts[:length])
        try:
            return codecs.lookup(SUPERSETS.get(name, name)).name
        except LookupError:
            continue
    return None


def is_same(expected: str, found: str) -> bool:
    """Return whether two texts hold the same, but for a few characters past ASCII."""
    wanted, there = _counted(expected), _counted(found)
    common = (wanted & there).total()
    return common >= SAME * max(wanted.total(), there.total())


def _counted(text: str) -> Counter[str]:
    return Counter(character for character in text if character > "\x7f" and not character.isspace())


def _difference(expected: str, found: str) -> str:
    lost, new = _counted(expected) - _counted(found), _counted(found) - _counted(expected)
    return f"{''.join(list(lost)[:8])} became {''.join(list(new)[:8])}"


def _row(name: str, counts: Counter[str]) -> tuple[str | int, ...]:
    return (name, counts.total(), *(counts[each] for each in OUTCOMES), counts["itself damaged"])
