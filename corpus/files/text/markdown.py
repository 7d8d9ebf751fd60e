"""The little Markdown that readers write: rows of tables, code between fences, figures above and below the line."""

import re
from collections.abc import Iterable

BACKTICKS = re.compile("`{3,}")
RAISED = {
    "sup": str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"),
    "sub": str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋"),
}
RAISABLE = re.compile(r"[\d+\-−]+", re.ASCII)


def one_line(text: str) -> str:
    """Return a text without line breaks and rows of space."""
    return " ".join(text.split())


def table_row(cells: Iterable[str]) -> str:
    """Return a row of a table by its cells, each of which is a line."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def table_rule(columns: int) -> str:
    """Return what stands below the names of so many columns."""
    return f"|{' --- |' * columns}"


def fenced(code: str, language: str = "") -> str:
    """Return code in a block that no run of backticks in it ends."""
    fence = "`" * max((len(run) + 1 for run in BACKTICKS.findall(code)), default=3)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"


def raised(text: str, where: str) -> str:
    """Return figures that stand above the line (`sup`) or below it (`sub`) as such: 10² is not 102; else the text."""
    return text.translate(RAISED[where]) if where and RAISABLE.fullmatch(text) else text
