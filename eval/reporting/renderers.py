"""A report as Markdown, for a terminal, a repository or a message, and as a page of HTML that needs nothing else."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from corpus.errors import InvalidInput, WherefromError
from eval.reporting.report import Report, Section
from eval.reporting.tables import Table

Renderer = Callable[[Report], str]

# What Markdown, or HTML within it, would take for its own.
SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$#!])")


class LibraryMissing(WherefromError):
    """What was asked for needs a library that is not installed."""


def renderer_for(path: Path) -> Renderer:
    """Return what writes a report in the format that the suffix of `path` names.

    Raises:
        InvalidInput: if no format has that suffix.
        LibraryMissing: if the format needs a library that is not installed.
    """
    match path.suffix.lower():
        case ".md":
            return markdown
        case ".html":
            try:
                import jinja2  # noqa: F401
                import matplotlib  # noqa: F401
            except ModuleNotFoundError as error:
                install = "pip install 'wherefrom[report]', or write a .md"
                raise LibraryMissing(f"an HTML report needs {error.name}, which is not installed; {install}") from None
            return html
    raise InvalidInput(f"{path}: a report is written as .html or .md; name the file so")


def markdown(report: Report) -> str:
    """Return a report as GitHub's Markdown; plots are left out, their numbers stand in the tables."""
    blocks = [f"# {escaped(report.title)}", *(block for section in report.sections for block in _blocks(section))]
    return "\n\n".join(blocks) + "\n"


def html(report: Report) -> str:
    """Return a report as HTML: plots within, no script, no address of anything outside. Whatever comes in is escaped.

    Its libraries come with the extra `report`.
    """
    from jinja2 import Environment, StrictUndefined

    from eval.reporting.plots import draw

    drawn = [
        [(draw(plot, f"f{number}-{place}"), plot.caption) for place, plot in enumerate(section.plots)]
        for number, section in enumerate(report.sections)
    ]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("eval.reporting").joinpath("page.html.jinja").read_text("utf-8"))
    return template.render(report=report, drawn=drawn)


def escaped(text: str) -> str:
    """Return text so that Markdown shows it as it is, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def markdown_table(table: Table, shown: Callable[[str], str] = escaped) -> str:
    """Return a table as Markdown, its cells as `shown` writes them, without a line break at the end."""
    aligned = ["---" if number < table.words else "---:" for number in range(len(table.columns))]
    lines = [table.columns, aligned, *([shown(cell) for cell in row.cells] for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _blocks(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.heading)}"
    if section.note:
        yield escaped(section.note)
    yield from (markdown_table(table) for table in section.tables if table.rows)
