"""What a store tells of itself and of what it holds.

Keys of passages are numbers that the store gives and never gives again; they have no other meaning. Features are bytes
here; what they say is the index's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.document import DocumentFacts
from corpus.passage import Passage

LAST_ID = "\U0010ffff"  # comes after the id of any document

Key = int
Years = tuple[int, ...]


def moment() -> str:
    """Return the time in UTC, to the second, as stores keep it: `2026-11-26T20:51:07Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a block sees: how many of what, after which change, and a digest of the corpus.

    Attributes:
        sequence: the number of the last change.
        documents: how many there are.
        passages: how many there are.
        corpus_digest: equal where the documents are equal, in whatever order they came.
    """

    sequence: int
    documents: int
    passages: int
    corpus_digest: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What came and went between two states; what came and went in between is in neither.

    Attributes:
        added: keys of passages that only the newer state has, in the order in which they came.
        removed: keys of passages that only the older state has.
        documents: ids of the documents that were written or removed.
    """

    added: Sequence[Key]
    removed: Sequence[Key]
    documents: Sequence[str]


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What a list of documents shows of one: its facts, how long it is, and the number of its last change."""

    facts: DocumentFacts
    characters: int
    passages: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents a list is of; all that is given must hold.

    Attributes:
        words: stand in the title or the source, in any case.
        language: of the text.
        source: the name of the file.
    """

    words: str = ""
    language: str = ""
    source: str = ""


ALL = Selection()


@dataclass(frozen=True, slots=True)
class Features:
    """What the index computes of a passage once, as it lays it out.

    Attributes:
        vector: the passage's own vector.
        sentence_vectors: a vector for each of its sentences, end to end.
        token_vectors: a vector for each of its tokens, end to end.
        sentence_tokens: how many tokens each sentence has.
        terms: what it is found by in words.
        years: which years it speaks of.
    """

    vector: bytes
    sentence_vectors: bytes
    token_vectors: bytes
    sentence_tokens: bytes
    terms: bytes
    years: Years = ()


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its key, its features, and the checksums that it was stored with, in one string."""

    key: Key
    passage: Passage
    features: Features
    checksum: str
