"""What is told of a store without its texts: its state, and its documents in a line each."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a transaction sees: how many of what, after which change, and a digest of the corpus."""

    sequence: int
    documents: int
    passages: int
    corpus_digest: str


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What a list of documents shows of one."""

    document_id: str
    source: str
    title: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    sha256: str
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document beside its text; see `Document` for each."""

    document_id: str
    source: str
    title: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    author: str | None
    metadata: Mapping[str, object]
