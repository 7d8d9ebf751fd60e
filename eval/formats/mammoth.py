"""Words of mammoth's tests: the DOCX that it reads, and the HTML that its tests expect of them."""

import ast
import re
from collections.abc import Iterator, Mapping
from html import unescape

from corpus.files.sandbox import Extractor
from eval.formats.measured import Finding, Measured
from eval.formats.reading import read
from eval.formats.suites import Suite
from eval.formats.words import Overlap, overlap, words_of

TESTS, FILES = "tests/mammoth_tests.py", "tests/test-data"
TAG = re.compile(r"<[^>]*>")


def measure(suite: Suite, extractor: Extractor) -> Iterator[Measured]:
    """Read the files, and yield how many of the words that are expected are there."""
    total, whole, refused, worst = Overlap(0, 0, 0), 0, 0, []
    expectations = expected_texts((suite.folder / TESTS).read_text("utf-8"))
    taken = {name: text for name, text in sorted(expectations.items()) if suite.takes(name)}
    for name, text in taken.items():
        extract = read(suite.folder / FILES / name, extractor)
        wanted = words_of(text)
        if isinstance(extract, str) and wanted:  # a file of pictures alone is rightly refused
            refused += 1
            worst.append(Finding(name, extract))
            continue
        there = words_of("" if isinstance(extract, str) else extract.text)
        share = overlap(wanted, there)
        total, whole = total + share, whole + (share.common == share.expected)
        if lost := wanted - there:
            worst.append(Finding(name, f"lost: {' '.join(list(lost.elements())[:12])}"))
    row = ("DOCX", len(taken), refused, total.expected, total.recall, total.precision, whole)
    columns = ("format", "files", "refused", "words", "recall", "precision", "all words")
    yield Measured(f"words of {suite.title}", columns, [row], worst)


def expected_texts(tests: str) -> Mapping[str, str]:
    """Return the longest text that tests expect of each DOCX that they name."""
    texts: dict[str, str] = {}
    for test in ast.parse(tests).body:
        if not isinstance(test, ast.FunctionDef):
            continue
        strings = [
            node.value for node in ast.walk(test) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        named = {str(each) for each in strings if str(each).endswith(".docx")}
        expected = max((_text(str(each)) for each in strings if str(each).startswith("<")), key=len, default="")
        if len(named) == 1 and expected:
            name = named.pop()
            texts[name] = max(texts.get(name, ""), expected, key=len)
    return texts


def _text(html: str) -> str:
    return unescape(TAG.sub(" ", html))
