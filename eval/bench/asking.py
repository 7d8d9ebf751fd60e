"""P2, P6 and P8: how long one client waits for an answer over HTTP, asked in turns of ours and of others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from eval.bench.servers import there_and_back

WARM_UP = 20  # questions that are not counted


@dataclass(slots=True)
class Asked:
    """What one server took: wall seconds of each question, and seconds of work of all."""

    wall: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def cpu_each(self) -> float:
        """Seconds of work of a question."""
        return self.cpu / len(self.wall)


@dataclass(frozen=True, slots=True)
class Way:
    """A way of asking that is measured.

    Attributes:
        ask: asks a question and returns its wall seconds.
        cpu: returns the seconds of work done so far.
        beside: what goes on meanwhile.
    """

    ask: Callable[[str], float]
    cpu: Callable[[], float]
    beside: Callable[[], AbstractContextManager[None]] = nullcontext


def ask_in_turns(
    ways: Mapping[str, Way], rounds: int, questions: Callable[[], Sequence[str]], *, apart: bool = False
) -> dict[str, Asked]:
    """Ask the questions of a round in each way, in turns there and back.

    Args:
        ways: by name.
        rounds: how often.
        questions: returns the questions of a round, new ones each time.
        apart: each way has questions of its own, because one server is asked, which remembers its answers.
    """
    asked = {name: Asked() for name in ways}
    for way in ways.values():
        for question in questions()[:WARM_UP]:
            way.ask(question)
    of_round = [_of_ways(ways, questions, apart) for _ in range(rounds)]
    for turn, name in there_and_back(list(ways), rounds):
        way = ways[name]
        with way.beside():
            before = way.cpu()
            asked[name].wall += [way.ask(question) for question in of_round[turn][name]]
            asked[name].cpu += way.cpu() - before
    return asked


def _of_ways(ways: Mapping[str, Way], questions: Callable[[], Sequence[str]], apart: bool) -> dict[str, Sequence[str]]:
    if apart:
        return {name: questions() for name in ways}
    return dict.fromkeys(ways, questions())


def milliseconds(seconds: Sequence[float]) -> Iterator[float]:
    """Yield seconds as milliseconds."""
    return (1000 * each for each in seconds)
