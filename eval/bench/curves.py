"""Figures over others as SVG: how they change from a thousand passages to a million, with load, or with time."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import EngFormatter, LogLocator

from eval.reporting.plots import COLOURS, HEIGHT, MARKERS, NO_METADATA, STYLE, WIDTH

NARROW = 100  # times that the largest number is the smallest, up to which there is room for 2 and 5 beside 1 and 10

Lines = Mapping[str, Sequence[tuple[float, float]]]


def draw(title: str, lines: Lines, over: str) -> str:
    """Return an SVG of lines over what is named, both axes logarithmic but for figures between 0 and 1."""
    share = all(0 <= value <= 1 for points in lines.values() for _, value in points)
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDTH, HEIGHT))
        axes: Any = canvas.subplots()
        for (name, points), colour, marker in zip(lines.items(), COLOURS, MARKERS, strict=False):
            ordered = sorted(points)
            axes.plot([x for x, _ in ordered], [y for _, y in ordered], colour, marker=marker, label=name)
        axes.set(xscale="log", xlabel=over, title=title)
        axes.title.set_color(STYLE["text.color"])
        axes.set_yscale("linear" if share else "log")
        _number(axes.xaxis, [x for points in lines.values() for x, _ in points])
        if not share:
            _number(axes.yaxis, [y for points in lines.values() for _, y in points])
        axes.legend(loc="best")
        drawn = StringIO()
        canvas.savefig(drawn, format="svg", metadata=NO_METADATA, transparent=True)
    return drawn.getvalue()


def _number(axis: Any, values: Sequence[float]) -> None:
    """Write round numbers on a logarithmic axis, as many as there is room for."""
    thousands = EngFormatter(sep="")
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if max(values) < NARROW * min(values) else (1,)))
    axis.set_major_formatter(lambda value, _: thousands(value) if value >= 1 else f"{value:g}")
    axis.set_minor_formatter("")
