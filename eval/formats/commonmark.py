"""Headings of CommonMark's specification, which is in Markdown and full of code that looks like Markdown."""

import re
from collections.abc import Iterable, Iterator

from corpus.document import make_document
from corpus.files.sandbox import Extractor
from corpus.passage import Passage
from eval.attacks.targets import SPLIT
from eval.formats.measured import Finding, Measured
from eval.formats.reading import read
from eval.formats.suites import Suite

Section = tuple[str, ...]

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
MARKS = re.compile(r"[*_`\\]")


def measure(suite: Suite, extractor: Extractor) -> Iterator[Measured]:
    """Cut the specification, and yield how many headings stand over passages, and how many passages under the right."""
    extract = read(suite.folder / "spec.txt", extractor, "spec.md")
    document = make_document("refused" if isinstance(extract, str) else extract.text, source="spec.md")
    sections, passages = list(headings(document.text)), SPLIT(document)
    wanted = {section for _, section in sections}
    found = {plain(each.section[: depth + 1]) for each in passages for depth in range(len(each.section))}
    wrong = [each for each in passages if plain(each.section) != section_at(sections, each)]
    worst = [Finding("spec.txt", f"not found: {' > '.join(each)}") for each in sorted(wanted - found)]
    worst += [Finding("spec.txt", f"in it, at {each.start}, but in none: {each.section[-1:]}") for each in wrong]
    columns = ("", "headings", "found", "no headings, taken for some", "passages", "in the wrong section")
    row = ("spec.txt", len(wanted), len(wanted & found), len(found - wanted), len(passages), len(wrong))
    yield Measured(f"headings of {suite.title}", columns, [row], worst)


def headings(text: str) -> Iterator[tuple[int, Section]]:
    """Yield where each heading with marks stands that is not in fenced code, and the section that begins there."""
    fence, start, above = "", 0, list[tuple[int, str]]()
    for line in text.splitlines(keepends=True):
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        elif match := HEADING.match(line):
            above = [each for each in above if each[0] < len(match[1])] + [(len(match[1]), match[2])]
            yield start, plain(title for _, title in above)
        start += len(line)


def section_at(sections: list[tuple[int, Section]], passage: Passage) -> Section:
    """Return the section in which a passage ends."""
    return next((section for start, section in reversed(sections) if start < passage.end), ())


def plain(section: Iterable[str]) -> Section:
    """Return headings without what marks their words."""
    return tuple(MARKS.sub("", heading).strip() for heading in section)
