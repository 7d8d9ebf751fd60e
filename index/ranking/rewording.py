"""A question a second time, in the words of the passages that it found first; see `index.terms.gloss`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.ranking.signals import Columns, EncodedQuestion

READ = 10  # passages found first, whose words it takes


@dataclass(frozen=True, slots=True)
class Rewording:
    """A question in other words.

    Attributes:
        question: the other words.
        weight: how much these count beside the question itself, 0 to 1.
    """

    question: EncodedQuestion
    weight: float

    def mixed(self, own: Columns, others: Columns) -> Columns:
        """Return what passages have for both as one: of what others has not, the question's own."""
        return {
            signal: (column + self.weight * others[signal]) / (1 + self.weight) if signal in others else column
            for signal, column in own.items()
        }


# Returns a question in the words of some search texts, if it can be said in them.
Reword = Callable[[Sequence[str]], Rewording | None]
