"""The figures of a report as SVG for a page, drawn by matplotlib. The same outcomes give the same bytes.

Each plot paints series of outcomes on axes that `draw` has prepared. Text and axes take the colour of the page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import findfont, get_font
from pypinyin import lazy_pinyin

from eval.judged_answer import Outcome, answerable, answers_of, by_kind, mean_of, refusal_of
from eval.reporting.curves import calibration_error, recall_curve, reliability, risk_coverage, roc_curve
from eval.reporting.report import Figure, Series
from eval.reporting.tables import share_text

FONT = "DejaVu Sans"  # comes with matplotlib: every machine measures the same widths
INK = "#7f8081"  # stands for the page's own colour of text, and for nothing else
COLOURS = ("#2f7fc1", "#d9730d", "#1f9d6b", "#b45fc0", "#c2902b", "#cf4a5b", "#4a9fb0", "#8a7f5c")
MARKERS = "osD^vPX*"
STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.family": FONT,
    "font.size": 9,
    "grid.alpha": 0.25,
    "grid.color": INK,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.6,
    "lines.markersize": 4,
    "svg.fonttype": "none",  # text stays text, to be read aloud and selected
    "svg.hashsalt": "wherefrom",  # else ids are random
    "text.color": INK,
    "text.parse_math": False,  # a dollar in the name of a kind is a dollar
    "xtick.color": INK,
    "ytick.color": INK,
}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
WIDTH, HEIGHT = 4.6, 3.3  # inches; so wide, text is as large as the page's on a telephone
BAR, MARGIN = 0.16, 0.7  # inches: a bar, and what stands above and below all bars
DEPTH = 10  # as deep as recall is drawn
LONGEST_LABEL = 24  # characters; more would leave the plot no room
DOT, RING = 400, 45  # points²: the area of a dot that holds all questions, and of a ring
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"


def draw(figure: Figure, name: str) -> str:
    """Return a figure as an `svg` element of HTML.

    Args:
        figure: what to draw.
        name: put before every id in it, so that figures on one page do not share any.
    """
    file = StringIO()
    with _style():
        canvas = Canvas(figsize=(WIDTH, _height(figure)))
        PLOTS[figure.plot](canvas.subplots(), figure.series)
        canvas.savefig(file, format="svg", transparent=True, metadata=NO_METADATA)
    return _inline(file.getvalue(), name, figure.caption)


def latin(label: str) -> str:
    """Return a label in letters that the font has: Chinese as pinyin, what else it lacks as question marks."""
    shown = "".join(each if ord(each) in _glyphs() else "?" for each in "".join(lazy_pinyin(" ".join(label.split()))))
    return shown if len(shown) <= LONGEST_LABEL else shown[: LONGEST_LABEL - 1] + "…"


@contextmanager
def _style() -> Iterator[None]:
    """Set our style on matplotlib's own, for a while: what a user has set neither shows here nor is lost."""
    with mpl.rc_context():
        mpl.rcdefaults()
        with mpl.rc_context(STYLE):
            yield


def _recall(axes: Axes, series: Series) -> None:
    for label, outcomes, colour, marker in _lines(series):
        judged = [outcome.judged for outcome in outcomes if outcome.judged is not None]
        depth = min(DEPTH, max(len(outcome.hits) for outcome in outcomes))
        name = f"{latin(label)} ({len(judged)})"
        axes.plot(*_columns(recall_curve(judged, depth)), color=colour, marker=marker, label=name, clip_on=False)
    axes.set(xlabel="passages looked at", ylabel="recall", xticks=range(1, DEPTH + 1))
    axes.set_ylim(top=1)
    axes.legend(loc="lower right")


def _kinds(axes: Axes, series: Series) -> None:
    groups = {label: by_kind(answerable(outcomes)) for label, outcomes in series.items()}
    kinds = sorted({kind for of_run in groups.values() for kind in of_run})
    for number, (label, of_run) in enumerate(groups.items()):
        places = [place + (number + 0.5) / len(series) * 0.8 - 0.4 for place in range(len(kinds))]
        values = [mean_of(of_run.get(kind, ()))["MRR@10"] for kind in kinds]
        axes.barh(places, values, 0.8 / len(series), color=COLOURS[number], label=latin(label))
    axes.set(xlabel="MRR@10", xlim=(0, 1), yticks=range(len(kinds)), yticklabels=map(latin, kinds))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    _legend(axes, series)


def _roc(axes: Axes, series: Series) -> None:
    for label, outcomes, colour, _ in _lines(series):
        sides = {side: [each.confidence for each in outcomes if each.answerable is side] for side in (True, False)}
        refusal = refusal_of(outcomes)
        name = f"{latin(label)}: {share_text(refusal.auroc)}"
        axes.plot(*_columns(roc_curve(sides[True], sides[False])), color=colour, label=name)
        if refusal.kept is not None and refusal.refused is not None:
            axes.scatter(1 - refusal.refused, refusal.kept, RING, "none", edgecolors=colour)
    axes.axline((0, 0), slope=1, color=INK, linestyle=":")
    axes.set(xlabel="unanswerable that are answered", ylabel="answerable that are answered")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.legend(loc="lower right", title="AUROC")


def _risk(axes: Axes, series: Series) -> None:
    for label, outcomes, colour, _ in _lines(series):
        axes.plot(*_columns(risk_coverage(answers_of(outcomes))), color=colour, label=latin(label))
    axes.set(xlabel="coverage: questions answered", ylabel="risk: answers that are wrong", xlim=(0, 1.01))
    axes.set_ylim(bottom=0)
    _legend(axes, series)


def _reliability(axes: Axes, series: Series) -> None:
    for label, outcomes, colour, _ in _lines(series):
        answers = answers_of(outcomes)
        bins = reliability(answers)
        confidence, accuracy = [each.confidence for each in bins], [each.accuracy for each in bins]
        sizes = [DOT * each.size / len(answers) for each in bins]
        name = f"{latin(label)}: {share_text(calibration_error(answers))}"
        axes.plot(confidence, accuracy, color=colour, label=name)
        axes.scatter(confidence, accuracy, sizes, colour, alpha=0.6, linewidths=0)
    axes.axline((0, 0), slope=1, color=INK, linestyle=":")
    axes.set(xlabel="confidence", ylabel="right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="best", title="ECE")


PLOTS: Mapping[str, Callable[[Axes, Series], None]] = {
    "recall": _recall,
    "kinds": _kinds,
    "roc": _roc,
    "risk": _risk,
    "reliability": _reliability,
}


def _lines(series: Series) -> Iterator[tuple[str, Sequence[Outcome], str, str]]:
    """Yield label, outcomes, colour and marker of each series that has outcomes; a run looks the same in all plots."""
    for (label, outcomes), colour, marker in zip(series.items(), COLOURS, MARKERS, strict=False):
        if outcomes:
            yield label, outcomes, colour, marker


def _legend(axes: Axes, series: Series) -> None:
    if len(series) > 1:
        axes.legend(loc="best")


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _height(figure: Figure) -> float:
    if figure.plot != "kinds":
        return HEIGHT
    kinds = {outcome.kind for outcomes in figure.series.values() for outcome in answerable(outcomes)}
    return max(HEIGHT, MARGIN + BAR * (len(figure.series) + 0.5) * len(kinds))


@cache
def _glyphs() -> Mapping[int, int]:
    return get_font(findfont(FONT)).get_charmap()


def _inline(svg: str, name: str, caption: str) -> str:
    """Return matplotlib's SVG as an element within HTML, with nothing in it that reaches beyond it."""
    root = ElementTree.fromstring(svg)
    for definitions in root.findall(f"{SVG}defs"):
        if definitions.find(f"{SVG}style") is not None:  # it would count for the whole page, which has it already
            root.remove(definitions)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        attributes = dict(_attribute(key, value, name) for key, value in element.attrib.items())
        element.attrib.clear()
        element.attrib.update(attributes)
    view = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib.update({"viewBox": view, "role": "img", "aria-label": caption})
    return ElementTree.tostring(root, encoding="unicode")


def _attribute(key: str, value: str, name: str) -> tuple[str, str]:
    if key == "id":
        return key, f"{name}-{value}"
    if key == f"{XLINK}href":
        return "href", f"#{name}-{value.removeprefix('#')}"
    return key, value.replace("url(#", f"url(#{name}-").replace(INK, "currentColor")
