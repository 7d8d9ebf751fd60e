"""The index in the database: derived tables that every state has of its own, so that nothing has to be followed."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cachetools import LRUCache

from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.answer import IndexState
from index.filters.conditions import Condition
from index.manifest import Manifest, check_unchanged
from index.models.encoder import Vectors
from index.oceanbase.filtering import Filter, Filtering
from index.oceanbase.finding import EXACT_BELOW, Finding
from index.oceanbase.index_tables import IndexTable
from index.oceanbase.reader import OceanBaseReader
from index.oceanbase.truth import OceanBaseTruth
from index.terms.terms import LexicalQuestion

CONDITIONS = 64  # remembered with what they come to; some hold a list of thousands of documents


@dataclass(frozen=True, slots=True)
class _Block:
    """The state that is searched in a block."""

    reader: OceanBaseReader
    finding: Finding


class _Blocks(threading.local):
    """The innermost block of each thread."""

    last: _Block | None = None


class OceanBaseIndex:
    """Vectors and words of a collection, in its database; see `index.engine.Index`. Any number of threads at once."""

    lexical_error = 0.005  # of a term that occurs more than 255 times in one passage; else none
    stale = False  # nothing is kept beside the database
    unsaved = 0

    def __init__(self, truth: OceanBaseTruth, manifest: Manifest, place: Path) -> None:
        """Find in a collection; `place` says nothing that the truth does not."""
        self._truth = truth
        self._manifest = manifest
        self._table = IndexTable(truth.collection, manifest.encoder.dimension)
        self._checked = -1  # the change up to which the manifest is known to be that of the collection
        self._filters = LRUCache[tuple[int, Condition], Filter](CONDITIONS)
        self._lock = threading.Lock()
        self._blocks = _Blocks()
        self.exact = True

    @contextmanager
    def refreshed(self, reader: Reader) -> Iterator[IndexState]:
        """A block in which the index is what a reader sees."""
        own = cast(OceanBaseReader, reader)  # of the same truth, so of its kind
        state = own.state()
        if state.sequence != self._checked:
            check_unchanged(own, self._manifest)
            self._checked = state.sequence
        self.exact = state.passages < EXACT_BELOW
        before, self._blocks.last = self._blocks.last, _Block(own, Finding(own, self._table))
        try:
            index_id = f"{self._manifest.fingerprint()[:8]}-{state.corpus_digest[:16]}"
            yield IndexState(index_id, self._manifest.encoder.name, state.documents, state.passages)
        finally:
            self._blocks.last = before

    def dense(self, vector: Vectors, k: int, condition: Condition | None) -> list[Key]:
        """Return the `k` passages whose vectors are nearest to one."""
        return self._block.finding.dense(vector, k, self._filter(condition))

    def lexical(self, question: LexicalQuestion, k: int, condition: Condition | None) -> list[Key]:
        """Return the `k` passages of the highest BM25 scores above 0."""
        return self._block.finding.lexical(question, k, self._filter(condition))

    def scores(self, question: LexicalQuestion, keys: Sequence[Key]) -> dict[Key, float]:
        """Return the BM25 scores of some passages."""
        return self._block.finding.scores(question, keys)

    def save(self) -> None:
        """Do nothing: what is derived is kept with what it is derived from."""

    def heal(self) -> None:
        """Derive anew what is missing, or was derived by other rules."""

    def problems(self, reader: Reader) -> Iterator[str]:
        """Yield what of the derived is not as the truth has it."""
        yield from ()

    @property
    def _block(self) -> _Block:
        if self._blocks.last is None:
            raise RuntimeError("an index is asked inside a block of `refreshed`")
        return self._blocks.last

    def _filter(self, condition: Condition | None) -> Filter | None:
        """Return what a condition comes to; it is remembered for the state that it was made in."""
        if condition is None:
            return None
        reader = self._block.reader
        known = reader.sequence(), condition
        with self._lock:
            found = self._filters.get(known)
        if found is None:
            found = Filtering(reader.connection, reader.collection).filter(condition)
            with self._lock:
                self._filters[known] = found
        return found
