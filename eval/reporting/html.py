"""A report as a page of HTML that needs nothing else: figures within, no script, no address of anything outside."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from eval.reporting.plots import draw
from eval.reporting.report import Part, Report


def render(report: Report) -> str:
    """Return a report as HTML. Whatever comes from questions and files is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("eval.reporting").joinpath("page.html.jinja").read_text("utf-8"))
    return template.render(report=report, drawn=[_drawn(part, number) for number, part in enumerate(report.parts)])


def _drawn(part: Part, number: int) -> list[tuple[str, str]]:
    """Return the figures of a part as SVG, each with its caption."""
    return [(draw(figure, f"f{number}-{place}"), figure.caption) for place, figure in enumerate(part.figures)]
