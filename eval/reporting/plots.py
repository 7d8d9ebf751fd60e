"""The plots of a report as SVG for a page, drawn by matplotlib. The same answers give the same bytes.

Each plot paints series of answers on axes that `draw` has prepared. Text and axes take the colour of the page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import findfont, get_font
from pypinyin import lazy_pinyin

from eval.answers import JudgedAnswer, answerable, by_kind, confidences_of, mean_of, refusal_of
from eval.reporting.curves import calibration_error, recall_curve, reliability, risk_coverage, roc_curve
from eval.reporting.report import Plot, Series
from eval.reporting.tables import share_text

STYLE = Path(__file__).with_name("report.mplstyle")
FONT = "DejaVu Sans"  # that of the style
INK = "#7f8081"  # of the style; stands for the page's own colour of text, and for nothing else
COLOURS = ("#2f7fc1", "#d9730d", "#1f9d6b", "#b45fc0", "#c2902b", "#cf4a5b", "#4a9fb0", "#8a7f5c")
MARKERS = "osD^vPX*"
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
BAR, MARGIN = 0.16, 0.7  # inches: a bar, and what stands above and below all bars
DEPTH = 10  # as deep as recall is drawn
LONGEST_LABEL = 24  # characters; more would leave the plot no room
DOT, RING = 400, 45  # points²: the area of a dot that holds all questions, and of a ring
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"


def draw(plot: Plot, name: str) -> str:
    """Return a plot as an `svg` element of HTML.

    Args:
        plot: what to draw.
        name: put before every id in it, so that plots on one page do not share any.
    """
    return _inline(drawn(lambda axes: PLOTS[plot.kind](axes, plot.series), _least_height(plot)), name, plot.caption)


def drawn(paint: Callable[[Axes], None], least_height: float = 0.0) -> str:
    """Return what is painted on axes of our style as SVG.

    A style that a user has set neither shows nor is lost.
    """
    file = StringIO()
    with mpl.rc_context(fname=STYLE):
        canvas = Canvas()
        width, height = canvas.get_size_inches()
        canvas.set_size_inches(width, max(height, least_height))
        paint(canvas.subplots())
        canvas.savefig(file, format="svg", transparent=True, metadata=NO_METADATA)
    return file.getvalue()


def latin(label: str) -> str:
    """Return a label in letters that the font has: Chinese as pinyin, what else it lacks as question marks."""
    shown = "".join(each if ord(each) in _glyphs() else "?" for each in "".join(lazy_pinyin(" ".join(label.split()))))
    return shown if len(shown) <= LONGEST_LABEL else shown[: LONGEST_LABEL - 1] + "…"


def _recall(axes: Axes, series: Series) -> None:
    for label, answers, colour, marker in _lines(series):
        judged = [each.judged for each in answers if each.judged is not None]
        depth = min(DEPTH, max(len(each.hits) for each in answers))
        name = f"{latin(label)} ({len(judged)})"
        axes.plot(*_columns(recall_curve(judged, depth)), color=colour, marker=marker, label=name, clip_on=False)
    axes.set(xlabel="passages looked at", ylabel="recall", xticks=range(1, DEPTH + 1))
    axes.set_ylim(top=1)
    axes.legend(loc="lower right")


def _kinds(axes: Axes, series: Series) -> None:
    groups = {label: by_kind(answerable(answers)) for label, answers in series.items()}
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
    for label, answers, colour, _ in _lines(series):
        sides = {side: [each.confidence for each in answers if each.answerable is side] for side in (True, False)}
        refusal = refusal_of(answers)
        name = f"{latin(label)}: {share_text(refusal.auroc)}"
        axes.plot(*_columns(roc_curve(sides[True], sides[False])), color=colour, label=name)
        if refusal.kept is not None and refusal.refused is not None:
            axes.scatter(1 - refusal.refused, refusal.kept, RING, "none", edgecolors=colour)
    axes.axline((0, 0), slope=1, color=INK, linestyle=":")
    axes.set(xlabel="unanswerable that are answered", ylabel="answerable that are answered")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.legend(loc="lower right", title="AUROC")


def _risk(axes: Axes, series: Series) -> None:
    for label, answers, colour, _ in _lines(series):
        axes.plot(*_columns(risk_coverage(confidences_of(answers))), color=colour, label=latin(label))
    axes.set(xlabel="coverage: questions answered", ylabel="risk: answers that are wrong", xlim=(0, 1.01))
    axes.set_ylim(bottom=0)
    _legend(axes, series)


def _reliability(axes: Axes, series: Series) -> None:
    for label, answers, colour, _ in _lines(series):
        pairs = confidences_of(answers)
        bins = reliability(pairs)
        confidence, accuracy = [each.confidence for each in bins], [each.accuracy for each in bins]
        sizes = [DOT * each.size / len(pairs) for each in bins]
        name = f"{latin(label)}: {share_text(calibration_error(pairs))}"
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


def _lines(series: Series) -> Iterator[tuple[str, Sequence[JudgedAnswer], str, str]]:
    """Yield label, answers, colour and marker of each series that has answers; a run looks the same in all plots."""
    for (label, answers), colour, marker in zip(series.items(), COLOURS, MARKERS, strict=False):
        if answers:
            yield label, answers, colour, marker


def _legend(axes: Axes, series: Series) -> None:
    if len(series) > 1:
        axes.legend(loc="best")


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _least_height(plot: Plot) -> float:
    if plot.kind != "kinds":
        return 0.0
    kinds = {each.kind for answers in plot.series.values() for each in answerable(answers)}
    return MARGIN + BAR * (len(plot.series) + 0.5) * len(kinds)


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
