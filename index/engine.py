"""What an engine is asked and answers: passages that were found, and the state they are from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.passage import Passage
from index.answer import IndexState
from index.filters.conditions import Condition
from index.query import Part
from index.ranking.signals import Question


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that the engine found.

    Attributes:
        passage: the passage.
        score: its score.
        scores: what the score comes from.
        document: the one it is from.
        also_in: the same text elsewhere, with the document it is from.
        gaps: how far each of its sentences is from answering, shape `(sentences,)`.
    """

    passage: Passage
    score: float
    scores: Mapping[str, float]
    document: Document
    also_in: tuple[tuple[Passage, Document], ...]
    gaps: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the engine answers.

    Attributes:
        found: the passages, best first.
        state: the state they are from.
        rerank_seconds: how long the candidates were looked at closely.
    """

    found: list[Found]
    state: IndexState
    rerank_seconds: float


class Engine(Protocol):
    """Looks up passages; each answer comes from one state of the store, which it names."""

    def search(self, question: Question, k: int, condition: Condition | None, parts: frozenset[Part]) -> Lookup:
        """Return the `k` best passages for a question, of those that meet a condition if there is one."""
        ...

    def state(self) -> IndexState:
        """Return the newest state."""
        ...
