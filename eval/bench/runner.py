"""What the commands of the benchmarks share: their options, and the file each leaves its figures in."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from eval.bench.figures import Figure, Outcome, describe_machine, now
from eval.files import write_text

RESULTS = "results"  # where figures are left, in the folder of the data folders

SetsArgument = Annotated[list[Path], typer.Argument(help="Question sets.", exists=True)]
FolderOption = Annotated[Path, typer.Option(help="Where `bench-make` made its folders.")]
RoundsOption = Annotated[int, typer.Option(help="How often, in turns there and back.", min=1)]
CacheOption = Annotated[Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")]
OutOption = Annotated[Path | None, typer.Option(help="Write the figures here; results/ in the folder if not given.")]


@contextmanager
def record(name: str, folder: Path, out: Path | None) -> Iterator[Outcome]:
    """Collect the figures of a command, then print them and leave them in a file of JSON."""
    outcome = new_outcome(name)
    with _ended_in_order():
        yield outcome
    place = out or folder / RESULTS / f"{name}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    write_text(place, outcome.model_dump_json(indent=2) + "\n")
    show(outcome.figures)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a signal to end be an exit, so that servers that were started are stopped and not left behind."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def new_outcome(name: str) -> Outcome:
    """Return the outcome of a command that begins now, without figures; no path of this machine is told."""
    words = [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]]
    command = " ".join(["python -m eval", *words])
    return Outcome(name=name, command=command, date=now(), machine=describe_machine(), figures=[])


def show(figures: list[Figure]) -> None:
    """Print figures as a table."""
    table = Table("", "what", "passages", "figure", "95 %", "goal", "", box=SIMPLE_HEAD)
    for each in figures:
        verdict = {True: "reached", False: "not reached", None: ""}[each.reached]
        passages = "" if each.passages is None else f"{each.passages:,}"
        table.add_row(each.mark, each.what, passages, value_text(each), interval_text(each), each.goal, verdict)
    Console(width=150, highlight=False, markup=False, emoji=False).print(table)


def value_text(figure: Figure) -> str:
    """Return a figure with its unit, as exact as is of use."""
    return f"{number_text(figure.value)} {figure.unit}".strip()


def interval_text(figure: Figure) -> str:
    """Return the bounds of a figure, or nothing."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{number_text(figure.low)}–{number_text(figure.high)}"


def number_text(value: float) -> str:
    """Return a number with three digits that count, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
