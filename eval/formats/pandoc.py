"""Words of pandoc's tests: each file that is read and has what pandoc reads in it beside it, as `native`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from corpus.files.formats import format_of
from corpus.files.sandbox import Extractor
from eval.formats.measured import Finding, Measured
from eval.formats.reading import read
from eval.formats.suites import Suite
from eval.formats.words import Overlap, overlap, words_of

OTHERS = ("text", "source code")  # what pandoc reads as something else, so that its marks are no words there
STRING = r'"((?:[^"\\]|\\.)*)"'
# What of a native tree is text, what is space in it, and, to be passed over, all other strings.
TOKEN = re.compile(
    rf"\b(?:Str|Math\s+\w+)\s+{STRING}"
    rf"|\b(Code|CodeBlock)\s*\(\s*{STRING}\s*,\s*\[[^\]]*\]\s*,\s*\[[^\]]*\]\s*\)\s*{STRING}"
    rf"|{STRING}|(\b[A-Z]\w*|\(\s*\[)",
    re.DOTALL,
)
# Inline parts of a tree that do not end a word: all others do, and a term does that is defined.
WITHIN = frozenset(
    "Cite DoubleQuote Emph Link Quoted SingleQuote SmallCaps Span Strikeout Strong Subscript Superscript "
    "Underline".split()
)
BRACE = re.compile(rf"{STRING}|[{{}}]", re.DOTALL)
ESCAPE = re.compile(r"\\(?:(\d+)|(.))", re.DOTALL)
NAMED = {"n": "\n", "t": "\t", "&": ""}


def measure(suite: Suite, extractor: Extractor) -> Iterator[Measured]:
    """Read the files, and yield by format how many of the words that pandoc reads are there."""
    found: dict[str, list[Overlap]] = defaultdict(list)
    refused: dict[str, int] = defaultdict(int)
    worst: list[tuple[float, Finding]] = []
    for path, expected in _pairs(suite):
        extract, kind = read(path, extractor), format_of(path)
        name = kind.name if kind else ""
        wanted = words_of(native_text(expected.read_text("utf-8")))
        if isinstance(extract, str) and wanted:  # a file of pictures alone is rightly refused
            refused[name] += 1
            worst.append((0.0, Finding(suite.called(path), extract)))
            continue
        there = words_of("" if isinstance(extract, str) else extract.text)
        share = overlap(wanted, there)
        found[name].append(share)
        if lost := wanted - there:
            what = f"recall {share.recall:.3f}, lost: {' '.join(list(lost.elements())[:12])}"
            worst.append((share.recall, Finding(suite.called(path), what)))
    rows = [_row(name, found[name], refused[name]) for name in sorted({*found, *refused})]
    worst.sort(key=lambda each: (each[0], each[1].file))
    columns = ("format", "files", "refused", "words", "recall", "precision", "all words")
    yield Measured(f"words of {suite.title}", columns, rows, [each for _, each in worst])


def native_text(native: str) -> str:
    """Return the text of a tree in pandoc's native form, its blocks and spaces apart, without what is said about it."""
    pieces = []
    for match in TOKEN.finditer(native, _end_of_metadata(native)):
        text, kind, _, code, _, word = match.groups()
        between = kind == "CodeBlock" or (word is not None and word not in WITHIN)
        pieces.append(" " * between + _unescaped(code or text or "") + " " * between)
    return "".join(pieces)


def _end_of_metadata(native: str) -> int:
    """Return where the text of a tree begins: after the braces that may come first."""
    depth = 0
    if native.lstrip().startswith("Pandoc"):
        for match in BRACE.finditer(native):
            depth += {"{": 1, "}": -1}.get(match[0], 0)
            if match[0] == "}" and not depth:
                return match.end()
    return 0


def _pairs(suite: Suite) -> Iterator[tuple[Path, Path]]:
    for path in sorted((suite.folder / "test").rglob("*")):
        # Those of ODT lie in a folder of their own.
        beside = [path.with_suffix(".native"), path.parent.with_name("native") / f"{path.stem}.native"]
        expected = next(filter(Path.is_file, beside), None)
        kind = format_of(path)
        if expected and path.is_file() and kind and kind.name not in OTHERS and suite.takes(path.name):
            yield path, expected


def _row(name: str, found: list[Overlap], refused: int) -> tuple[str | int | float, ...]:
    total = sum(found, Overlap(0, 0, 0))
    whole = sum(each.common == each.expected for each in found)
    return (name, len(found) + refused, refused, total.expected, total.recall, total.precision, whole)


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1])) if found[1] else NAMED.get(found[2], found[2]), text)
