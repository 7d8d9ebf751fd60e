"""The truth: what a store of documents, passages and their features must do, whatever it is kept in.

Everything else that an index is made of can be rebuilt from it. A block reads one state, or writes all or nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from corpus.document import Document, DocumentFacts
from corpus.passage import Passage
from corpus.store.comparing import Comparing
from corpus.store.feature_reader import FeatureReader
from corpus.store.jobs import Jobs
from corpus.store.large import LargeValues
from corpus.store.originals import Originals
from corpus.store.stored import (
    ALL,
    LAST_ID,
    Changes,
    DocumentSummary,
    Features,
    Key,
    Selection,
    StoredPassage,
    StoreState,
    Years,
)
from corpus.store.uploads import Uploads


class Reader(FeatureReader, Protocol):
    """One state of a store, whatever is written meanwhile."""

    @property
    def comparing(self) -> Comparing:
        """What it holds, to be compared with what another store does."""
        ...

    @property
    def jobs(self) -> Jobs:
        """The jobs there are; they are changed by a writer only."""
        ...

    @property
    def large(self) -> LargeValues:
        """Texts and files, read piece by piece."""
        ...

    @property
    def originals(self) -> Originals:
        """The files that documents were read from; they are changed by a writer only."""
        ...

    @property
    def uploads(self) -> Uploads:
        """The files that wait to be attached, or were; they are changed by a writer only."""
        ...

    def meta(self, name: str) -> str | None:
        """Return a note that the index keeps about itself."""
        ...

    def state(self) -> StoreState:
        """Return what this block sees, without reading the documents."""
        ...

    def sequence(self) -> int:
        """Return the number of the last change; cheap enough to ask before every search."""
        ...

    def changes(self, since: int) -> Changes:
        """Return what came and went since the change of a number; everything since 0."""
        ...

    def keys(self) -> list[Key]:
        """Return the keys of all passages, ascending."""
        ...

    def document(self, document_id: str) -> Document:
        """Return a document with its text.

        Raises:
            NotFound: if there is none of that id.
        """
        ...

    def find_document(self, document_id: str) -> Document | None:
        """Return a document with its text, or `None` if there is none of that id."""
        ...

    def text(self, document_id: str, start: int, end: int) -> str:
        """Return a stretch of a document's text, without reading all of it into this process."""
        ...

    def facts(self, document_ids: Collection[str]) -> dict[str, DocumentFacts]:
        """Return what is known of the documents of these ids that there are, beside their texts."""
        ...

    def facets(self, document_ids: Collection[str] | None = None) -> Iterator[tuple[DocumentFacts, dict[Key, Years]]]:
        """Yield what conditions are about: the facts of documents, and of each passage the years it speaks of.

        Of some ids, or of all documents; in the order of the keys of their passages, those without passages last.
        """
        ...

    def summaries(self, limit: int, after: str = "", among: Selection = ALL) -> list[DocumentSummary]:
        """Return at most `limit` documents in the order of their ids, those after the id `after`."""
        ...

    def document_sequence(self, document_id: str) -> int | None:
        """Return the number of the change that last wrote a document, `None` if there is none of that id."""
        ...

    def document_ids(self, above: str = "", below: str = LAST_ID, most: int = -1, *, back: bool = False) -> list[str]:
        """Return the ids of documents in order, of all if nothing is given.

        Args:
            above: only ids after it.
            below: only ids before it.
            most: how many at most; all if negative.
            back: whether the last one comes first.
        """
        ...

    def document_paths(self) -> dict[str, str]:
        """Return which file each document that has one was read from: path to document id."""
        ...

    def document_path(self, document_id: str) -> Path | None:
        """Return which file a document was read from, if any."""
        ...

    def document_checksum(self, document_id: str) -> str:
        """Return the checksum that a document was stored with."""
        ...

    def passage(self, passage_id: str) -> Passage:
        """Return a passage.

        Raises:
            NotFound: if there is none of that id.
        """
        ...

    def count_passages(self, document_id: str) -> int:
        """Return how many passages a document has."""
        ...

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """Return the passages of a document in order, with all that is stored of them."""
        ...

    def derived(self, name: str) -> tuple[str, int] | None:
        """Return the SHA-256 and the change number of a derived file, if one was recorded."""
        ...

    def integrity_errors(self) -> list[str]:
        """Return what the store's own check finds wrong with it."""
        ...


class Writer(Reader, Protocol):
    """A state of a store that is being changed: durable when the block ends, and never was if it raises."""

    def set_meta(self, name: str, value: str) -> None:
        """Keep a note."""
        ...

    def put(
        self, document: Document, passages: Sequence[Passage], features: Sequence[Features], path: Path | None = None
    ) -> int:
        """Add a document or replace the one of its id, and return the number of this change.

        Passages that are all stored as they are already stay as they are, keys and all. The original of the version
        before is kept where the text is the same.

        Raises:
            IdTaken: if the id belongs to another file, or the file to another id; nothing is written then.
        """
        ...

    def delete(self, document_id: str) -> int:
        """Remove a document and return the number of this change.

        Raises:
            NotFound: if there is none of that id.
        """
        ...

    def set_path(self, document_id: str, path: Path) -> None:
        """Note that a document's file is now found at `path`; what is indexed does not change."""
        ...

    def record_derived(self, name: str, digest: str, sequence: int) -> None:
        """Record the SHA-256 of a derived file and the change it goes up to."""
        ...

    def recount(self) -> None:
        """Count anew what `state` tells, which writes only change by what they write."""
        ...

    def forget_derived(self) -> None:
        """Forget all derived files: none of them fits what the store holds from now on."""
        ...


class Truth(Protocol):
    """A store of documents, passages and their features; safe to use from several threads and processes."""

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written from here, because this user may not."""
        ...

    def reading(self) -> AbstractContextManager[Reader]:
        """A block in which all reads see one state."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """A block whose writes become durable together at its end, or not at all."""
        ...

    def settle(self) -> bool:
        """Leave nothing of what was deleted or replaced, outside of any block, and return whether that could be done.

        It cannot while somebody reads a state from before.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds; blocks that run must have ended."""
        ...
