"""How far a run has come, shown where somebody watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import Progress as Bars

from eval.running import Progress


@contextmanager
def shown_progress(documents: int | None, questions: int) -> Iterator[tuple[Progress, Progress]]:
    """Yield what to call with 1 once a document is indexed, and once a question is asked.

    Args:
        documents: how many there are to index; none where that is not known.
        questions: how many are asked.
    """
    console = Console(stderr=True)
    with Bars(console=console, disable=not console.is_terminal, transient=True) as bars:
        indexing = bars.add_task("indexing", total=documents)
        asking = bars.add_task("asking", total=questions)
        yield partial(bars.advance, indexing), partial(bars.advance, asking)
