"""The parts of a document that form feeds divide: pages, sheets, slides, chapters; and what is told of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

PART_END = "\f"


class PartKind(StrEnum):
    """What a part is, for whoever reads a citation."""

    PAGE = auto()
    SHEET = auto()
    SLIDE = auto()
    PART = auto()  # a chapter, or what else a book is made of


@dataclass(frozen=True, slots=True)
class Part:
    """What of a document stands between two form feeds.

    Attributes:
        kind: what it is.
        label: what is printed on a page, the name of a sheet, the title of a slide or a chapter; where the file tells.
        ocr: how sure it is that its text, which was recognised in a picture, is right, from 0 to 1; else `None`.
        rows: of a sheet, pairs of a line of the part, from 0, and the row of the sheet, from 1, that stands there: of
            its first row and of each whose number is not that of the line before and one more.
    """

    kind: PartKind = PartKind.PAGE
    label: str | None = None
    ocr: float | None = None
    rows: tuple[tuple[int, int], ...] = ()


def part_of(kind: str, label: str | None, ocr: float | None, rows: Iterable[Sequence[int]]) -> Part:
    """Return a part of its fields as JSON has carried them."""
    return Part(PartKind(kind), label, ocr, pairs_of(rows))


def pairs_of(rows: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Return pairs of numbers as JSON has carried them."""
    return tuple((first, second) for first, second in rows)
