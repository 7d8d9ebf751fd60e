"""How far a run has come, shown where somebody watches."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import Progress as Bars

from eval.running import Progress


@contextmanager
def shown_progress(totals: Mapping[str, int | None]) -> Iterator[list[Progress]]:
    """Show a bar for each kind of step; nothing may be printed meanwhile, for it would go where the bars are.

    Args:
        totals: how many steps of each kind there are, by what is done in them; none where that is not known.

    Yields:
        What to call once steps are done, for each kind in order.
    """
    console = Console(stderr=True)
    with Bars(console=console, disable=not console.is_terminal, transient=True) as bars:
        yield [partial(bars.advance, bars.add_task(name, total=total)) for name, total in totals.items()]
