"""What a reranker is: the protocol that every model stands behind which reads question and passage together."""

from collections.abc import Callable, Sequence
from typing import Protocol


class Reranker(Protocol):
    """Says of passages how well they answer a question; safe to use from several threads."""

    @property
    def name(self) -> str:
        """The model as the user names it."""
        ...

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score a passage, in their order; higher is better, on a scale of the model's own."""
        ...


LoadReranker = Callable[[], Reranker]
