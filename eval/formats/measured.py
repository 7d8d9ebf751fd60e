"""What was measured on a suite: figures in a table, and the files that they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_table

Value = str | int | float

WIDTH = 150


@dataclass(frozen=True, slots=True)
class Finding:
    """A file of a suite and what is wrong with what was read in it, in a line."""

    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A table.

    Attributes:
        title: of which suite, and what of it.
        columns: names of the figures.
        rows: figures; the first of a row says what the others are of.
        worst: the files that are worst, the worst first.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    worst: Sequence[Finding] = ()

    def as_json(self) -> dict[str, object]:
        """Return it for programs: each row by the names of its columns."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "worst": [[each.file, each.what] for each in self.worst]}


def print_measured(found: Measured, worst: int) -> None:
    """Print a table, and so many of the files that are worst."""
    rows = [list(map(_cell, row)) for row in found.rows]
    print_table(found.title, plain_table(found.columns, rows), width=WIDTH)
    if listed := [(each.file, each.what) for each in found.worst[:worst]]:
        print_table("", plain_table(("file", "what"), listed, words=2), width=WIDTH)


def _cell(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else value
