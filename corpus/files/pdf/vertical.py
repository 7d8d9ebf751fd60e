"""Vertical writing: lines that run down a page are read from right to left; PDFium has them from left to right."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.files.pdf.units import UNSPACED, Glyphs, Unit

MOSTLY = 0.5  # of the characters of a page are in lines that run down it, if it is written so
STEEP = 2.0  # times as far down as across, that the middles of the characters of such a line are apart

Line = list[int]  # which of the page's characters stand in it


def may_be_vertical(texts: Sequence[str]) -> bool:
    """Return whether the scripts of a page are such as are written downwards."""
    seen = [text for text in texts if not text.isspace()]
    return bool(seen) and sum(map(bool, map(UNSPACED.match, seen))) > MOSTLY * len(seen)


def vertical_units(glyphs: Glyphs) -> list[Unit] | None:
    """Return the characters of a page that is written downwards in the order in which they are read, or `None`."""
    lines = list(_lines(glyphs))
    down = [line for line in lines if _runs_down(line, glyphs)]
    if sum(map(len, down)) <= MOSTLY * sum(map(len, lines)):
        return None
    units: list[Unit] = []
    for runs_down, group in groupby(lines, lambda line: _runs_down(line, glyphs)):
        for line in _from_the_right(list(group), glyphs) if runs_down else group:
            units += [*((glyphs.texts[number], number) for number in line), ("\n", None)]
    return units


def _lines(glyphs: Glyphs) -> Iterator[Line]:
    numbers = range(len(glyphs.texts))
    for ends, line in groupby(numbers, lambda number: glyphs.texts[number] in "\r\n"):
        if not ends:
            yield list(line)


def _runs_down(line: Line, glyphs: Glyphs) -> bool:
    places = [glyphs.middles[number] for number in line if not glyphs.texts[number].isspace()]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return len(places) > 1 and ys[0] - ys[-1] > STEEP * (max(xs) - min(xs))


def _from_the_right(lines: Sequence[Line], glyphs: Glyphs) -> Iterator[Line]:
    """Yield lines from right to left, those of a row of columns before those of the row below it."""
    left = sorted(lines, key=lambda line: -glyphs.middles[line[0]][1])
    while left:
        foot = glyphs.middles[left[0][-1]][1]
        row = [line for line in left if glyphs.middles[line[0]][1] > foot]
        yield from sorted(row, key=lambda line: -glyphs.middles[line[0]][0])
        left = [line for line in left if line not in row]
