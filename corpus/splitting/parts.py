"""On which pages a passage stands, and in which rows of a sheet."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from corpus.document import Document
from corpus.parts import Part, PartKind
from corpus.passage import Page
from corpus.splitting.lines import Kind
from corpus.splitting.pages import page_at, page_starts
from corpus.splitting.units import Unit

LINE_START = re.compile(r"^", re.MULTILINE)
PLAIN = Part()


def edges_of(document: Document) -> list[int]:
    """Return where sheets, slides and chapters begin, in order: no passage reaches from one into another."""
    starts = page_starts(document.text)
    return [start for start, part in zip(starts, document.parts, strict=False) if part.kind is not PartKind.PAGE]


class PagesOf:
    """The pages of a document, and the sheets, slides and chapters that stand in the place of pages."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._parts = document.parts
        self._starts = page_starts(document.text)

    def __call__(self, units: Sequence[Unit]) -> Iterator[Page]:
        """Yield those on which the text of units stands; one with nothing but a header or footer is left out."""
        texts = [unit.span for unit in units if unit.kind is not Kind.RUNNING] or [unit.span for unit in units]
        numbers = {
            number
            for span in texts
            for number in range(page_at(self._starts, span.start) or 0, (page_at(self._starts, span.end - 1) or 0) + 1)
            if number
        }
        for number in sorted(numbers):
            part = self._parts[number - 1] if number <= len(self._parts) else PLAIN
            start = self._starts[number - 1]
            rows = self._rows(part, start, units[0].span.start, units[-1].span.end) if part.rows else ()
            yield Page(start, number, part.label, part.kind, part.ocr, rows)

    def _rows(self, part: Part, part_start: int, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return the rows of a sheet that a stretch begins with, and those in it where the count jumps."""
        top = bisect_right(self._lines, part_start) - 1
        first = bisect_right(self._lines, max(start, part_start)) - 1 - top
        last = bisect_left(self._lines, end) - 1 - top
        before = bisect_right(part.rows, first, key=lambda pair: pair[0]) - 1
        marks = [pair for pair in part.rows[before + 1 :] if pair[0] <= last]
        if before >= 0:
            line, row = part.rows[before]
            marks.insert(0, (first, row + first - line))
        return tuple((self._lines[top + line], row) for line, row in marks)

    @cached_property
    def _lines(self) -> list[int]:
        """Where the lines of the text begin."""
        return [found.start() for found in LINE_START.finditer(self._text)]
