"""The one way benchmarks are run: what is compared in turns, its figures with intervals printed and left in a file."""

import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Annotated, TypeVar

import typer

from corpus.errors import NotFound
from eval.bench.figures import Figure, Results, machine_text
from eval.files import write_text
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_table
from eval.resampling import Interval
from eval.sets.reading import read_question_set

OURS, TUTORIAL = "wherefrom", "tutorial"
RESULTS = "results"  # where figures are left, in the folder of the data folders
MADE = "made.json"  # in a data folder that is complete: what it consists of
SMALL, HELD = 89, 100_000  # passages that the marks are meant for: of five articles, and of a large library
WARM_UP = 20  # questions that are not counted

SetsArgument = Annotated[list[Path], typer.Argument(help="Question sets.", exists=True)]
FolderOption = Annotated[Path, typer.Option(help="Where `bench-make` makes its folders.")]
CacheOption = Annotated[Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")]
PassagesOption = Annotated[list[int] | None, typer.Option(help="How many; may be repeated.", min=1)]
RoundsOption = Annotated[int | None, typer.Option(help="How often, in turns there and back.", min=1)]
QuestionsOption = Annotated[int | None, typer.Option(help="How many a round.", min=1)]
EnvironmentsOption = Annotated[Path, typer.Option(help="Where environments of other stacks are kept.")]
OutOption = Annotated[Path | None, typer.Option(help="Write the figures here; results/ in the folder if not given.")]

Given = TypeVar("Given")
Found = TypeVar("Found")


@dataclass(slots=True)
class Bench:
    """A benchmark at work on a number of passages.

    Attributes:
        results: where its figures go.
        asked: questions without end, none of them twice before all others came.
        folder: where `bench-make` made its folders.
        rounds: how often what is compared takes its turn.
        questions: how many are asked in a turn.
        sets: files of questions.
        environments: where environments of other stacks are kept.
        cache_dir: folder of unpacked models.
        count: how many passages are searched; none where none are.
    """

    results: Results
    asked: Iterator[str]
    folder: Path
    rounds: int
    questions: int
    sets: Sequence[Path] = ()
    environments: Path = Path(".peers")
    cache_dir: Path | None = None
    count: int | None = None

    def take(self, count: int | None = None) -> list[str]:
        """Return the next questions, as many as are asked in a turn unless told otherwise."""
        return list(islice(self.asked, count or self.questions))

    def turns(self) -> list[list[str]]:
        """Return the questions of all rounds."""
        return [self.take() for _ in range(self.rounds)]

    def data_dir(self, count: int | None = None) -> Path:
        """Return the data folder of a number of passages, its store read once so that the system has it in memory.

        Without that, questions wait for the disk: what they ask for was never asked for before.

        Raises:
            NotFound: if it was not made.
        """
        count = count or self.count or HELD
        data_dir = self.folder / folder_name(count)
        if not (data_dir / MADE).exists():
            raise NotFound(f"{data_dir}: not made yet; run: python -m eval bench-make SETS --passages {count}")
        for path in data_dir.glob("*.sqlite3"):
            with path.open("rb") as file:
                while file.read(1 << 24):
                    pass
        return data_dir

    def add(
        self, mark: str, what: str, value: float | Interval, unit: str = "", goal: str = "", note: str | None = None
    ) -> None:
        """Add a figure; see `Figure`. A goal counts where as many passages are searched as the marks are meant for."""
        found, low, high = (value.value, value.low, value.high) if isinstance(value, Interval) else (value, None, None)
        figure = Figure(mark=mark, what=what, value=found, unit=unit, low=low, high=high, passages=self.count)
        figure.goal = goal if self.count is None or self.count == SMALL or self.count >= HELD else ""
        figure.note = self._made_up() if note is None else note
        self.results.figures.append(figure)

    def plot(self, title: str, line: str, y: float, x: float | None = None, over: str = "passages") -> None:
        """Add a point to a line of a plot, over the number of passages unless told otherwise."""
        place = self.count or 0 if x is None else x
        self.results.series.setdefault(title, {}).setdefault(line, []).append((place, y))
        self.results.over[title] = over

    def _made_up(self) -> str:
        if self.count is None or not (made := self.folder / folder_name(self.count) / MADE).exists():
            return ""
        facts = json.loads(made.read_text())
        invented = 1 - facts["real"] / facts["passages"]
        return f"{invented:.0%} of the passages made up" if invented else "real passages"


def folder_name(count: int) -> str:
    """Return what the folder of a number of passages is called: 100000 is `100k`."""
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


def shuffled(sets: Iterable[Path]) -> Iterator[str]:
    """Yield the questions of some sets without end, in an order of no meaning."""
    texts = sorted({question.text for path in sets for question in read_question_set(path).questions})
    Random(0).shuffle(texts)
    return cycle(texts)


def in_turns(
    variants: Mapping[str, Callable[[Given], Iterable[Found]]], rounds: Iterable[Given], warm_up: Given | None = None
) -> dict[str, list[Found]]:
    """Return all that each variant found, in turns A B B A A B…, so that what else the machine does falls on all alike.

    Args:
        variants: by name; each does a round and returns what it found.
        rounds: what is given to every variant in each round.
        warm_up: given to each first; what it finds then does not count.
    """
    found: dict[str, list[Found]] = {name: [] for name in variants}
    if warm_up is not None:
        for variant in variants.values():
            variant(warm_up)
    for turn, given in enumerate(rounds):
        for name in list(variants)[:: -1 if turn % 2 else 1]:
            found[name] += variants[name](given)
    return found


def one_by_one(ask: Callable[[Given], Found]) -> Callable[[Iterable[Given]], list[Found]]:
    """Return the variant that asks one after another."""
    return lambda given: list(map(ask, given))


def command_of(
    name: str, measure: Callable[[Bench], None], counts: Sequence[int | None], turns: int, asked: int
) -> Callable[..., None]:
    """Return a benchmark as a command.

    Args:
        name: of the command.
        measure: adds its figures for a number of passages.
        counts: how many passages it searches, unless told otherwise, one after another.
        turns: how many rounds it takes, unless told otherwise.
        asked: how many questions it asks in each, unless told otherwise.
    """

    def command(
        sets: SetsArgument,
        folder: FolderOption = Path(".bench"),
        passages: PassagesOption = None,
        rounds: RoundsOption = None,
        questions: QuestionsOption = None,
        environments: EnvironmentsOption = Path(".peers"),
        cache_dir: CacheOption = None,
        out: OutOption = None,
    ) -> None:
        results, told = new_results(name), (rounds or turns, questions or asked, sets, environments, cache_dir)
        bench = Bench(results, shuffled(sets), folder, *told)
        # A signal to end is an exit, so that servers that were started are stopped and not left behind.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        for bench.count in passages or counts:
            measure(bench)
        file = out or folder / RESULTS / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, results.model_dump_json(indent=2) + "\n")
        columns = ("", "what", "passages", "figure", "95 %", "goal", "reached")
        print_table("", plain_table(columns, (figure.cells() for figure in results.figures), words=2), width=150)

    command.__doc__ = measure.__doc__
    return command


def new_results(name: str) -> Results:
    """Return the results of a benchmark that begins now, without figures; no path of this machine is told."""
    words = [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]]
    command, date = " ".join(["python -m eval", *words]), datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    return Results(name=name, command=command, date=date, machine=machine_text())


def milliseconds(seconds: Iterable[float]) -> list[float]:
    """Return seconds as milliseconds."""
    return [1000 * value for value in seconds]
