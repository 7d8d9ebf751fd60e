"""The straight lines that are drawn on a page of a PDF: rules, and the edges of boxes and of shaded fields."""

from collections.abc import Iterable, Iterator
from ctypes import c_float, c_int, c_uint
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

MOST_PATHS = 10_000  # of a page; a sheet of sixty rows with a box around each cell has 3,000, maps have more
MOST_SEGMENTS = 500  # of a path; a table that is drawn at once has some hundred, curves and maps have more
CORNERS = 6  # segments of a box at most: the sides, the place where it begins, and perhaps that place again
DEEPEST = 4  # drawings inside drawings
SHORTEST = 5.0  # points of a line; dashes and dots are shorter
STRAIGHT = 0.5  # points by which the ends of a level line may differ
WHITE = 250  # of 255, from which on a shade is not seen

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
UNCHANGED: Matrix = (1, 0, 0, 1, 0, 0)


class Rule(NamedTuple):
    """A straight line in the page's own units: how high or how far right it is, and from where to where it goes."""

    at: float
    start: float
    end: float


class Rules(NamedTuple):
    """The lines of a page that go across it, and those that go down it."""

    level: list[Rule]
    upright: list[Rule]


def drawn_rules(page: pdfium.PdfPage) -> Rules:
    """Return the straight lines of a page; none where so much is drawn that it is a map."""
    rules = Rules([], [])
    objects = (raw.FPDFPage_GetObject(page, number) for number in range(raw.FPDFPage_CountObjects(page)))
    for number, (path, matrix) in enumerate(_paths(objects)):
        if number == MOST_PATHS:
            return Rules([], [])
        for (x, y), (to_x, to_y) in _lines(path, matrix):
            wide, high = abs(to_x - x), abs(to_y - y)
            if high <= STRAIGHT and wide >= SHORTEST:
                rules.level.append(Rule((y + to_y) / 2, min(x, to_x), max(x, to_x)))
            elif wide <= STRAIGHT and high >= SHORTEST:
                rules.upright.append(Rule((x + to_x) / 2, min(y, to_y), max(y, to_y)))
    return rules


def _paths(
    objects: Iterable[raw.FPDF_PAGEOBJECT], matrix: Matrix = UNCHANGED, depth: int = 0
) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, Matrix]]:
    """Yield the paths among objects with the matrix of the drawing in which they stand."""
    for each in objects:
        kind = raw.FPDFPageObj_GetType(each)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield each, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = (raw.FPDFFormObj_GetObject(each, number) for number in range(raw.FPDFFormObj_CountObjects(each)))
            yield from _paths(inner, _product(_matrix(each), matrix), depth + 1)


def _lines(path: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
    """Yield the straight lines of a path from end to end, if they are seen and not those of a letter or a map."""
    segments = raw.FPDFPath_CountSegments(path)
    if segments > MOST_SEGMENTS or not _is_seen(path, segments):
        return
    placed = _product(_matrix(path), matrix)
    for (start, _), (end, drawn) in pairwise(_points(path, segments)):
        if drawn:
            yield _moved(start, placed), _moved(end, placed)


def _is_seen(path: raw.FPDF_PAGEOBJECT, segments: int) -> bool:
    """Return whether a path is stroked, or is a box that is filled with a shade other than white."""
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if stroke.value or not fill.value or segments > CORNERS:
        return bool(stroke.value)
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    return alpha.value > 0 and min(red.value, green.value, blue.value) < WHITE


def _points(path: raw.FPDF_PAGEOBJECT, segments: int) -> Iterator[tuple[Point, bool]]:
    """Yield the points of a path, each with whether a straight line leads to it; a closed part ends where it began."""
    x, y = c_float(), c_float()
    begin = (0.0, 0.0)
    for number in range(segments):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begin = (x.value, y.value)
        yield (x.value, y.value), kind == raw.FPDF_SEGMENT_LINETO
        if raw.FPDFPathSegment_GetClose(segment):
            yield begin, True


def _matrix(each: raw.FPDF_PAGEOBJECT) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(each, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _moved(point: Point, matrix: Matrix) -> Point:
    (x, y), (a, b, c, d, e, f) = point, matrix
    return a * x + c * y + e, b * x + d * y + f


def _product(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that moves a point by the first and then by the other."""
    e, f = _moved(first[4:], then)
    a, b = _moved(first[:2], (*then[:4], 0, 0))
    c, d = _moved(first[2:4], (*then[:4], 0, 0))
    return a, b, c, d, e, f
