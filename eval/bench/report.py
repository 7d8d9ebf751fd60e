"""`python -m eval bench-report`: the figures of all benchmarks as one page of Markdown with plots."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import NotFound
from eval.bench.figures import Results
from eval.bench.runner import RESULTS, FolderOption
from eval.files import parse_json, read_text, write_text
from eval.reporting.renderers import escaped, markdown_table
from eval.reporting.tables import plain_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = Path(__file__).with_name("page.md")
MARKS = [f"P{number}" for number in range(1, 13) if number != 9]
NARROW = 100  # times that the largest number is the smallest, up to which there is room for 2 and 5 beside 1 and 10

Lines = Mapping[str, Sequence[tuple[float, float]]]


def bench_report(
    out: Annotated[Path, typer.Argument(help="Write this Markdown; its plots go into a folder beside it.")],
    folder: FolderOption = Path(".bench"),
    results: Annotated[Path | None, typer.Option(help="Where the figures are.", exists=True)] = None,
) -> None:
    """Write the figures of all benchmarks that were run, held against the marks."""
    place = results or folder / RESULTS
    files = sorted(place.glob("*.json"))
    found = [parse_json(Results, read_text(file), str(file), "run its command again") for file in files]
    if not found:
        raise NotFound(f"{place}: no figures here; run a benchmark, e.g. bench-http, first")
    from eval.reporting.plots import drawn  # only now: it loads matplotlib

    images: list[str] = []
    (out.parent / out.stem).mkdir(exist_ok=True)
    for title in dict.fromkeys(title for each in found for title in each.series):
        lines = {name: line for each in found for name, line in each.series.get(title, {}).items()}
        over = next((each.over[title] for each in found if title in each.over), "passages")
        image = f"{out.stem}/{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}.svg"
        write_text(out.parent / image, drawn(partial(_paint, title=title, lines=lines, over=over)))
        images.append(f"![{title} over {over}]({image})\n")
    write_text(out, page(found, images))


def page(found: Sequence[Results], images: Sequence[str]) -> str:
    """Return the page of what was measured, with its images."""
    plots = f"## Growth, load and time\n\n{''.join(images)}\n" if images else ""
    figures = "\n".join(
        f"\n### {each.name}\n\n`{each.command}`\n\n{each.machine}; {each.date} UTC.\n\n{_figures_table(each)}"
        for each in found
    )
    return Template(PAGE.read_text("utf-8")).substitute(marks=marks_table(found), plots=plots, figures=figures)


def marks_table(found: Sequence[Results]) -> str:
    """Return the figures that are held against a mark, in the order of the marks, and which marks lack any."""
    held = [(figure, each.name) for each in found for figure in each.figures if figure.goal]
    held.sort(key=lambda pair: int(pair[0].mark.removeprefix("P")))
    rows = []
    for figure, name in held:
        mark, what, passages, value, interval, goal, reached = figure.cells()
        told = f"**{value}**" + (f" ({interval})" if interval else "")
        rows.append((mark, what, passages, goal, told, reached, f"`{name}`", figure.note))
    absent = [mark for mark in MARKS if mark not in {figure.mark for figure, _ in held}]
    told = f"\n\nNot measured here: {', '.join(absent)}." if absent else ""
    return _table(("", "what", "passages", "mark", "figure (95 %)", "reached", "command", ""), rows) + told


def _figures_table(results: Results) -> str:
    rows = ((*figure.cells()[:5], figure.note) for figure in results.figures)
    return _table(("", "what", "passages", "figure", "95 %", ""), rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    table = plain_table(columns, rows, len(columns))
    return markdown_table(table, lambda cell: cell if cell[:1] in ("*", "`") else escaped(cell))  # bold or code


def _paint(axes: "Axes", title: str, lines: Lines, over: str) -> None:
    """Paint lines over what is named, both axes logarithmic but for figures between 0 and 1."""
    from matplotlib.ticker import EngFormatter, LogLocator

    from eval.reporting.plots import COLOURS, MARKERS

    points = [point for line in lines.values() for point in line]
    share = all(0 <= value <= 1 for _, value in points)
    for (name, line), colour, marker in zip(lines.items(), COLOURS, MARKERS, strict=False):
        axes.plot(*zip(*sorted(line), strict=True), color=colour, marker=marker, label=name)
    axes.set(xscale="log", yscale="linear" if share else "log", xlabel=over, title=title)
    thousands = EngFormatter(sep="")
    for axis, place in ((axes.xaxis, 0), *([] if share else [(axes.yaxis, 1)])):
        values = [point[place] for point in points]
        # Round numbers, as many as there is room for.
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if max(values) < NARROW * min(values) else (1,)))
        axis.set_major_formatter(lambda value, _: thousands(value) if value >= 1 else f"{value:g}")
        axis.set_minor_formatter("")
    axes.legend(loc="best")
