"""Suites of a file or two of our own, in the form of those that are measured."""

import json
from pathlib import Path

from eval.attacks.hostile_archives import docx


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def paragraphs(*texts: str) -> bytes:
    """Return a DOCX."""
    return docx("".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts))


def write_pandoc(folder: Path) -> Path:
    """Write a suite of three files: one read whole, one of which a word is lost, and one refused."""
    write(folder / "pandoc.cabal", "name: pandoc")
    tests = folder / "test"
    write(tests / "docx/whole.docx", paragraphs("Two cranes", "stand here"))
    write(tests / "docx/whole.native", '[Para [Str "Two",Space,Str "cranes"],Para [Str "stand",Space,Str "here"]]')
    write(tests / "docx/part.docx", paragraphs("Two cranes"))
    write(tests / "docx/part.native", '[Para [Str "Two",SoftBreak,Str "tall",Space,Emph [Str "cranes"],Str "."]]')
    write(tests / "docx/no.docx", "A line that is no DOCX.")
    write(tests / "docx/no.native", '[Para [Str "none"]]')
    write(tests / "docx/alone.docx", paragraphs("No tree beside it."))
    return folder


def write_mammoth(folder: Path) -> Path:
    """Write a suite of two files, of one of which a word is expected that is not in it."""
    tests = (
        "def test_one():\n    with open(generate_test_path('one.docx')) as file:\n"
        "        assert_equal('<p>Two &amp; three</p>', convert(file))\n"
        "def test_two():\n    with open(generate_test_path('two.docx')) as file:\n"
        "        assert_equal('<p>Hidden crane</p>', convert(file))\n"
        "def test_of_none():\n    assert_equal('<p>x</p>', convert(None))\n"
    )
    write(folder / "tests/mammoth_tests.py", tests)
    write(folder / "tests/test-data/one.docx", paragraphs("Two &amp; three"))
    write(folder / "tests/test-data/two.docx", paragraphs("crane"))
    return folder


CHINESE = "港口在2023年建成，去年又扩建了码头。这是一个大港，有两台起重机。"


def write_chardet(folder: Path) -> Path:
    """Write a suite of texts: two right, one that is refused, one damaged, one in what no codec reads."""
    write(folder / "chardet/__init__.py", "")
    write(folder / "tests/utf-8/a.txt", CHINESE)
    write(folder / "tests/GB2312/a.xml", f"<a>{CHINESE}</a>".encode("gb2312"))
    write(folder / "tests/ascii/a.txt", b"\0\1\2 no text")
    write(folder / "tests/Big5/a.txt", b"\x81")
    write(folder / "tests/EUC-TW/a.txt", "A line in Latin letters.")
    write(folder / "tests/README.txt", "In no folder of an encoding.")
    return folder


SPEC = """---
title: A specification
---

# Blocks

Blocks come first, and the next part tells of code.

## Fenced *code*

```
# no heading
```

What follows a block is prose again.

# Lines

Lines come last.
"""


def write_commonmark(folder: Path) -> Path:
    """Write a specification of two parts."""
    write(folder / "tools/make_spec.lua", "")
    write(folder / "spec.txt", SPEC)
    return folder


PAGE = """<!doctype html><html><head><title>Two cranes</title><meta name="author" content="Ann Lee and Bo Berg">
<meta property="article:published_time" content="2026-04-16T10:00:00Z"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Two cranes</h1><p>The harbour has two cranes, and a third is to be built there in the next year.</p>
<p>Each of them lifts forty tons, which is more than any other crane at this coast can lift today.</p></article>
</body></html>"""


def write_readability(folder: Path) -> Path:
    """Write a suite of a page of which all is found, and a page with a word that is in no page."""
    write(folder / "Readability.js", "")
    text = "The harbour has two cranes, and a third is to be built there in the next year."
    more = "Each of them lifts forty tons, which is more than any other crane at this coast can lift today."
    for name, last in (("whole", more), ("part", more + " Unheard.")):
        place = folder / "test" / "test-pages" / name
        write(place / "source.html", PAGE)
        write(place / "expected.html", f"<div><h1><b>T</b>wo cranes</h1><p>{text}</p><p>{last}</p></div>")
        write(place / "expected-metadata.json", json.dumps({"title": "Two cranes" if name == "whole" else "Three"}))
    return folder


def write_trafilatura(folder: Path) -> Path:
    """Write a suite of three marked pages, one of which is not there."""
    write(folder / "tests/cache/a.html", PAGE)
    write(folder / "tests/eval/b.html", PAGE)
    marked = {
        "https://example.org/a": {
            "file": "a.html",
            "with": ["The harbour has two cranes", "Each of  them lifts forty tons"],
            "without": ["Home"],
            "title": "Two cranes",
            "date": "2026-04-16",
            "author": "Ann Lee; Bo Berg",
        },
        "https://example.org/b": {
            "file": "b.html",
            "with": ["No such words"],
            "without": ["a third is to be built"],
            "author": "Somebody Else",
        },
        "https://example.org/c": {"file": "c.html", "with": ["x"], "without": ["y"]},
    }
    write(folder / "tests/evaldata.json", json.dumps(marked))
    return folder
