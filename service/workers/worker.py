"""Which of the processes that serve one address together a process is, and its share of what all of them may take."""

from dataclasses import dataclass
from pathlib import Path

from service.settings import Settings
from service.workers.accepting import Counts
from service.workers.errands import Errands


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the processes that serve an address; the only one, unless more is said.

    What there may be of something is divided among them, so that it holds for all together: each has its share for
    itself, and asks nobody whether there is room.

    Attributes:
        number: of this one, from 0. The first does all jobs.
        size: how many there are.
        takes_up: whether the first does the jobs, too, that were left here before.
        errands: by which the others hand jobs to the first.
        counts: how many connections each has; none where this one takes all.
        figures: the folder where each keeps what `/metrics` adds up.
        waits: whether nobody is let in before questions can be answered: others answer meanwhile.
    """

    number: int = 0
    size: int = 1
    takes_up: bool = False
    errands: Errands | None = None
    counts: Counts | None = None
    figures: Path | None = None
    waits: bool = False

    @property
    def first(self) -> bool:
        """Whether this one does the jobs."""
        return self.number == 0

    def share(self, whole: int, least: int = 1) -> int:
        """Return how much of something this one may take; the shares add up, unless `least` is more than there is."""
        return max(whole // self.size + (self.number < whole % self.size), least)

    def share_of(self, settings: Settings) -> Settings:
        """Return settings in which the limits are this one's shares."""
        shares = {
            "searches": self.share(settings.searches),
            "waiting": self.share(settings.waiting, least=0),
            "connections": self.share(settings.connections),
        }
        return settings.model_copy(update=shares)


ALONE = Worker()
