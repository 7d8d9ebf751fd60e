"""A report as Markdown with tables, for a terminal, a repository or a message."""

import re
from collections.abc import Iterator, Sequence

from eval.reporting.report import Part, Report
from eval.reporting.tables import Table

# What Markdown, or HTML within it, would take for its own.
SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$#!])")


def render(report: Report) -> str:
    """Return a report as GitHub's Markdown; figures are left out, their numbers stand in the tables."""
    blocks = [f"# {escaped(report.title)}", *(block for part in report.parts for block in _blocks(part))]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """Return text so that Markdown shows it as it is, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _blocks(part: Part) -> Iterator[str]:
    yield f"## {escaped(part.heading)}"
    if part.note:
        yield escaped(part.note)
    for table in part.tables:
        if table.rows:
            yield _table(table)


def _table(table: Table) -> str:
    aligned = ["---" if number < table.words else "---:" for number in range(len(table.columns))]
    lines = [_line(table.columns), f"|{'|'.join(aligned)}|"]
    return "\n".join([*lines, *(_line(row.cells) for row in table.rows)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"
