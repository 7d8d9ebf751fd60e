"""`python -m eval bench-report`: the figures of all benchmarks as one page of Markdown with plots."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import NotFound
from eval.bench.figures import Figure, Machine, Outcome, read_outcomes
from eval.bench.runner import RESULTS, FolderOption, interval_text, value_text
from eval.files import write_text
from eval.reporting.markdown import escaped

PASSAGES = "passages"
MARKS = [f"P{number}" for number in range(1, 13)]
HEAD = """# Performance

How fast a question is answered, how many at once, how much memory it takes, and how that grows; each beside the
mark it is to reach. Everything below is written by `python -m eval bench-report` from what the commands named in it
measured; nothing is typed by hand.

"""
METHOD = """## How it is measured

- **Beside each other.** What is compared runs on the same machine in turns, there and back (A B B A …), so that
  whatever else the machine does falls on both. Ratios count; absolute times depend on the machine and its neighbours.
- **The tutorial stack** (`eval/bench/standalone/tutorial.py`) is FastAPI, SentenceTransformer in single
  precision and an exact FAISS index, over the same passages, vectors and weights, with the libraries' own defaults.
  It searches by vectors alone; wherefrom answers with its full method: vectors, BM25, sentences and tokens.
- **No question is asked twice** where caches are not what is measured.
- **Medians**, with the 95 % interval that resampling gives. *Work* is seconds of CPU of the process that answers.
- **Under load** questions come at random times whether others are answered or not, and the time of each counts from
  when it was due.
- **Passages** are cut from the paragraphs of XQuAD in seven languages and of CMRC 2018, then from further runs of
  their sentences, and embedded by the real model. Where more are needed, halves of two like passages are joined, with a
  vector between theirs, moved a little: the notes say how many of the passages are made up so. A point between two
  others is nearer to the middle of all, so a search among such points is a little different from one among real ones.

"""


def bench_report(
    out: Annotated[Path, typer.Argument(help="Write this Markdown; its plots go into a folder beside it.")],
    folder: FolderOption = Path(".bench"),
    results: Annotated[Path | None, typer.Option(help="Where the figures are.", exists=True)] = None,
) -> None:
    """Write the figures of all benchmarks that were run, held against the marks."""
    place = results or folder / RESULTS
    outcomes = read_outcomes(place)
    if not outcomes:
        raise NotFound(f"{place}: no figures here; run a benchmark first, e.g. python -m eval bench-http SETS")
    from eval.bench.curves import draw  # only now: it loads matplotlib

    plots = out.parent / out.stem
    plots.mkdir(exist_ok=True)
    lines = series_of(outcomes.values())
    over = {title: PASSAGES for title in lines} | {
        title: what for outcome in outcomes.values() for title, what in outcome.over.items()
    }
    for title, each in lines.items():
        write_text(plots / f"{file_name(title)}.svg", draw(title, each, over[title]))
    write_text(out, "".join(page(outcomes, over, out.stem)))


def page(outcomes: Mapping[str, Outcome], plots: Mapping[str, str], folder: str) -> Iterator[str]:
    """Yield the page in parts.

    Args:
        outcomes: what was measured.
        plots: the titles of plots, and what each is over.
        folder: where they are.
    """
    yield HEAD
    yield "## The marks\n\n"
    yield marks_table(outcomes)
    yield METHOD
    if plots:
        yield "## Growth, load and time\n\n"
        yield from (f"![{title} over {over}]({folder}/{file_name(title)}.svg)\n" for title, over in plots.items())
        yield "\n"
    yield "## All figures\n"
    for outcome in outcomes.values():
        yield f"\n### {outcome.name}\n\n`{outcome.command}`\n\n{machine_text(outcome.machine)}; {outcome.date} UTC.\n\n"
        yield figures_table(outcome.figures)


def marks_table(outcomes: Mapping[str, Outcome]) -> str:
    """Return the figures that are held against a mark, in the order of the marks."""
    held = [(figure, outcome.name) for outcome in outcomes.values() for figure in outcome.figures if figure.goal]
    held.sort(key=lambda pair: int(re.sub(r"\D", "", pair[0].mark) or 0))
    rows = [
        (
            each.mark,
            each.what,
            _count(each.passages),
            each.goal,
            f"**{value_text(each)}**" + (f" ({interval_text(each)})" if each.low is not None else ""),
            {True: "yes", False: "no", None: ""}[each.reached],
            f"`{name}`",
            each.note,
        )
        for each, name in held
    ]
    absent = [mark for mark in MARKS if mark not in {figure.mark for figure, _ in held}]
    told = f"Not measured here: {', '.join(absent)}.\n\n" if absent else ""
    columns = ("", "what", "passages", "mark", "figure (95 %)", "reached", "command", "")
    return f"{_table(columns, rows)}\n{told}"


def figures_table(figures: Sequence[Figure]) -> str:
    """Return all figures of a command."""
    rows = [
        (each.mark, each.what, _count(each.passages), value_text(each), interval_text(each), each.note)
        for each in figures
    ]
    return _table(("", "what", "passages", "figure", "95 %", ""), rows)


def machine_text(machine: Machine) -> str:
    """Return what was measured on, in a line."""
    flags, libraries = ", ".join(machine.flags), ", ".join(f"{name} {it}" for name, it in machine.libraries.items())
    return (
        f"{machine.cpu}, {machine.cores} cores ({flags}), {machine.memory_gb:.0f} GB; "
        f"load {machine.load} at the start; Python {machine.python}, {libraries}"
    )


def series_of(outcomes: Iterable[Outcome]) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Return the lines to draw by plot, those of all commands together."""
    together: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for outcome in outcomes:
        for title, lines in outcome.series.items():
            together.setdefault(title, {}).update(lines)
    return together


def file_name(title: str) -> str:
    """Return what the file of a plot is called."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _count(passages: int | None) -> str:
    return "" if passages is None else f"{passages:,}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text if text[:1] in ("*", "`") else escaped(text)
