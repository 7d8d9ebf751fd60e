"""The nouns of copying: from where and to where, how far it is, and what became of it."""

from dataclasses import dataclass, field

from corpus.store.stored import StoreState
from corpus.store.truth import Truth


@dataclass(frozen=True, slots=True)
class Side:
    """A collection that is copied, or what it is copied to: what messages call it, and what it holds."""

    name: str
    truth: Truth


@dataclass(frozen=True, slots=True)
class Step:
    """How much more was looked at; `comparing` where that is compared once more at the end."""

    documents: int
    passages: int
    comparing: bool = False


@dataclass(slots=True)
class Copied:
    """What became of a collection.

    Attributes:
        documents: that were copied; others were there.
        passages: of these.
        removed: documents of the target that the source has not.
        uploads: that were copied.
        jobs: that were copied.
        damaged: what could not be copied because it is damaged in the source, and how, by id.
        state: what both hold, once all is copied.
    """

    documents: int = 0
    passages: int = 0
    removed: int = 0
    uploads: int = 0
    jobs: int = 0
    damaged: dict[str, str] = field(default_factory=dict)
    state: StoreState | None = None
