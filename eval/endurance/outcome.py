"""How what was tried is told: figures as a table, faults one a line, and exit status 1 if there are any."""

from collections.abc import Iterable, Sequence

import typer

from corpus.errors import WherefromError
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_table

SHOWN = 20  # faults that are told one by one


class PromiseBroken(WherefromError):
    """A server does not do what is promised of it."""


def report(figures: Iterable[tuple[str, str]], faults: Sequence[str]) -> None:
    """Print figures.

    Raises:
        PromiseBroken: if there are faults; the first of them are told before.
    """
    print_table("", plain_table(("what", "figure"), figures, words=1), width=150)
    hold_to(faults)


def hold_to(faults: Sequence[str]) -> None:
    """Tell the first faults.

    Raises:
        PromiseBroken: if there are any.
    """
    for fault in faults[:SHOWN]:
        typer.echo(fault, err=True)
    if faults:
        raise PromiseBroken(f"{len(faults)} promises were broken; the first: {faults[0]}")
