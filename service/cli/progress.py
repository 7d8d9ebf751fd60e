"""How far the work is, for whoever waits: a bar at a terminal, and elsewhere a line every ten seconds."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task
from rich.text import Text

from corpus.files.folders.folder import Skipped
from corpus.files.formats import holds_files
from corpus.store.copied import Step
from corpus.store.stored import StoreState
from index.cutting import Indexed, Outcome
from index.syncing import Event
from service.cli.terminal import counted
from service.cli.wrapping import print_line

NAME = "indexing"
LINE_SECONDS = 10.0
WORDS = 62  # columns that the words take at most of the time; what a terminal has beside them is the bar's
SHORTEST_BAR, LONGEST_BAR = 8, 40


class Told(Protocol):
    """What can say how far it is."""

    @property
    def line(self) -> str:
        """How far it is, in a line."""
        ...


T = TypeVar("T", bound=Told)


class Meter:
    """Counts what became of documents, and estimates how long the rest takes.

    The estimate goes by how large files are, for one may be a thousand times another, and counts what of the documents
    at hand is embedded.
    """

    def __init__(self, progress: Progress, sizes: Mapping[str, int] | None, documents: int | None) -> None:
        """Begin.

        Args:
            progress: where it is shown.
            sizes: of the files in bytes, by the sources of their documents; if `None`, all documents are alike.
            documents: how many there are, if that is known.
        """
        self._progress, self._sizes, self._documents = progress, sizes, documents
        self._seen = self._passages = self._done = 0
        self._opened = set[str]()  # files of which something was told, and more may be
        self._most_passages = self._most_done = 0  # that were told: what is embedded counts before it is stored
        total = documents if sizes is None else sum(sizes.values())
        self._task_id = progress.add_task(NAME, total=total, documents="", passages="")
        self._show(0, 0)

    def note(self, event: Event) -> None:
        """Count what became of a document or file."""
        match event:
            case Indexed():
                source = event.document.source
                self._passages += event.passages * (event.outcome is not Outcome.UNCHANGED)
            case Skipped(failed=True):
                source = event.source
            case _:
                return
        if (file := self._file_of(source)) not in self._opened:
            self._seen += 1
            self._done += self._size_of(file)
        self._opened |= {file} if self._sizes and holds_files(PurePath(file)) else set()
        self._show(self._done, self._passages)

    def watch(self, sources: Sequence[str], done: int, total: int) -> None:
        """Count passages of documents that are not stored yet; see `index.writer.Watch`."""
        at_hand = sum(map(self._size_of, sources))
        self._show(self._done + at_hand * done // max(total, 1), self._passages + done)

    @property
    def line(self) -> str:
        """How far it is, in a line."""
        (task,) = self._progress.tasks
        return _told(task)

    def _file_of(self, source: str) -> str:
        """Return the source of the file that a document or a file is in, which may be itself."""
        known = self._sizes or {}
        return next((str(each) for each in PurePath(source).parents if str(each) in known), source)

    def _size_of(self, source: str) -> int:
        return 1 if self._sizes is None else self._sizes.get(source, 0)

    def _show(self, done: int, passages: int) -> None:
        self._most_done, self._most_passages = max(done, self._most_done), max(passages, self._most_passages)
        of = "" if self._documents is None else f"{self._seen:,} of "
        documents = of + counted(self._documents or self._seen, "document" if self._sizes is None else "file")
        passages_told = counted(self._most_passages, "passage")
        self._progress.update(self._task_id, completed=self._most_done, documents=documents, passages=passages_told)


class CopyMeter:
    """Counts what of a collection was copied, and then compared."""

    def __init__(self, progress: Progress, name: str, state: StoreState) -> None:
        """Begin.

        Args:
            progress: where it is shown.
            name: of the collection.
            state: what is to be copied.
        """
        self._progress, self._name, self._state = progress, name, state
        self._comparing = False
        self._begin("copying", state.documents + state.passages)

    def note(self, step: Step) -> None:
        """Count what was looked at."""
        if step.comparing and not self._comparing:
            self._comparing = True
            self._progress.remove_task(self._task_id)
            self._begin("comparing", self._state.documents)
        self._documents += step.documents
        self._passages += step.passages
        self._show()

    @property
    def line(self) -> str:
        """How far it is, in a line."""
        (task,) = self._progress.tasks
        return _told(task)

    def _begin(self, what: str, total: int) -> None:
        self._documents = self._passages = 0
        self._task_id = self._progress.add_task(f"{what} {self._name}", total=total, documents="", passages="")
        self._show()

    def _show(self) -> None:
        documents = f"{self._documents:,} of {counted(self._state.documents, 'document')}"
        passages = "" if self._comparing else counted(self._passages, "passage")
        done = self._documents + self._passages
        self._progress.update(self._task_id, completed=done, documents=documents, passages=passages)


@contextmanager
def shown(console: Console, sizes: Mapping[str, int] | None, documents: int | None) -> Iterator[Meter]:
    """A block in which is shown how far the indexing is; see `Meter`."""
    with _shown(console, lambda progress: Meter(progress, sizes, documents)) as meter:
        yield meter


@contextmanager
def copy_shown(console: Console, name: str, state: StoreState) -> Iterator[CopyMeter]:
    """A block in which is shown how far the copy of a collection is; see `CopyMeter`."""
    with _shown(console, lambda progress: CopyMeter(progress, name, state)) as meter:
        yield meter


@contextmanager
def _shown(console: Console, make: Callable[[Progress], T]) -> Iterator[T]:
    width = min(console.width - WORDS, LONGEST_BAR)
    bar = [BarColumn(width)] if width >= SHORTEST_BAR else []
    at_terminal = console.is_terminal
    with Progress(*bar, _Words(), console=console, disable=not at_terminal, transient=True) as progress:
        meter = make(progress)
        with _every(LINE_SECONDS, lambda: None if at_terminal else print_line(console, Text(meter.line))):
            yield meter


class _Words(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Return how far a task is, in words."""
        return Text(_told(task), no_wrap=True, overflow="ellipsis")


def _told(task: Task) -> str:
    seconds = None if task.total is None or task.finished else task.time_remaining
    estimate = "" if seconds is None else f", about {duration(seconds)} left"
    passages = task.fields["passages"]
    return f"{task.description}: {task.fields['documents']}{estimate}{passages and f', {passages}'}"


def duration(seconds: float) -> str:
    """Return a time as a person says it, no more exactly than an estimate is."""
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def _every(seconds: float, do: Callable[[], None]) -> Iterator[None]:
    """A block during which something is done again and again, beside it."""
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(seconds):
            do()

    thread = threading.Thread(target=repeat, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
