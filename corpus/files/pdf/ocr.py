"""The words in pictures of a PDF's pages, by the models of rapidocr. Run in the process that reads files only."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from corpus.files.pdf.reader import open_pdf

RESOLUTION = 200 / 72  # pixels of a point; small print is read from there on
LONGEST_SIDE = 2_000  # pixels; the models are given no more
# Lines are looked for in a smaller picture, which takes half the time and memory and finds the same on ours.
SETTINGS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    "Rec.rec_batch_num": 2,
}
FEWEST = 3  # lines of a column of prose
LONG = 8  # times its height, that half of the lines of a column are wide; cells of tables are not
MOST_ACROSS = 0.2  # of all lines, that go over two columns: titles and the like


class Line(NamedTuple):
    """A line in a picture: its text, how sure that is, 0 to 1, and where it is in pixels from the top left corner."""

    text: str
    sure: float
    left: float
    top: float
    right: float
    bottom: float


def read_pages(path: str, pages: Sequence[int]) -> dict[str, object]:
    """Return the texts of pages, counted from 1, and how sure each is, 0 to 1."""
    with open_pdf(Path(path)) as document:
        read = []
        for number in pages:
            with closing(document[number - 1]) as page:
                lines = _lines(page)
            length = sum(len(line.text) for line in lines) or 1
            sure = sum(line.sure * len(line.text) for line in lines) / length
            read.append({"text": "\n".join(ordered(lines)), "sure": round(sure, 3)})
        return {"pages": read}


def _lines(page: Any) -> list[Line]:
    scale = min(RESOLUTION, LONGEST_SIDE / max(page.get_size()))
    with closing(page.render(scale=scale)) as bitmap:
        found = _models()(bitmap.to_numpy())
    if found.boxes is None:
        return []
    corners = [([float(x) for x, _ in box], [float(y) for _, y in box]) for box in found.boxes]
    return [
        Line(text, float(sure), min(xs), min(ys), max(xs), max(ys))
        for text, sure, (xs, ys) in zip(found.txts, found.scores, corners, strict=True)
    ]


@cache
def _models() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params=SETTINGS)


def ordered(lines: Sequence[Line]) -> list[str]:
    """Return lines in the order in which they are read: column after column, and what stands side by side as one."""
    edge = _edge(lines)
    if edge is None:
        return _rows(lines)
    across = sorted((line for line in lines if line.left < edge < line.right), key=lambda line: line.top)
    said: list[str] = []
    above = float("-inf")
    for title in [*across, None]:
        below = float("inf") if title is None else title.top
        band = [line for line in lines if line not in across and above <= line.top < below]
        for column in ([line for line in band if line.right <= edge], [line for line in band if line.left >= edge]):
            said += ordered(column)
        if title is not None:
            said.append(title.text)
            above = title.top
    return said


def _edge(lines: Sequence[Line]) -> float | None:
    """Return how far right the second of two columns of prose begins, if there are two."""
    for edge in sorted({line.left for line in lines}):
        left, right = [line for line in lines if line.right <= edge], [line for line in lines if line.left >= edge]
        across = len(lines) - len(left) - len(right)
        if across <= MOST_ACROSS * len(lines) and _is_prose(left) and _is_prose(right):
            return edge
    return None


def _is_prose(column: Sequence[Line]) -> bool:
    wide = [(line.right - line.left) / max(line.bottom - line.top, 1) for line in column]
    return len(column) >= FEWEST and median(wide) >= LONG


def _rows(lines: Iterable[Line]) -> list[str]:
    """Return lines from the top, those at one height as one."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        first = rows[-1][0] if rows else None
        if first is not None and (line.top + line.bottom) / 2 < (first.top + 3 * first.bottom) / 4:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [" ".join(line.text for line in sorted(row, key=lambda line: line.left)) for row in rows]
