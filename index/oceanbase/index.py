"""The index in the database: derived tables that every state has of its own, so that nothing has to be followed."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cachetools import LRUCache

from corpus.errors import StoreUnavailable
from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.answer import IndexState
from index.filters.conditions import Condition
from index.manifest import Manifest, check_unchanged
from index.models.encoder import Vectors
from index.oceanbase.filtering import Filtering
from index.oceanbase.finding import Finding
from index.oceanbase.healing import derive_anew, is_whole, problems
from index.oceanbase.index_tables import IndexTable, tables_of
from index.oceanbase.reader import OceanBaseReader
from index.oceanbase.truth import OceanBaseTruth
from index.ranking.seen import Seen, read_seen
from index.terms.terms import LexicalQuestion

logger = logging.getLogger(__name__)

INDEXED_FROM = 2_000  # passages; to compare fewer takes no longer than to follow an index
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

    def __init__(
        self, truth: OceanBaseTruth, manifest: Manifest, place: Path, indexed_from: int = INDEXED_FROM
    ) -> None:
        """Find in a collection.

        Args:
            truth: the collection.
            manifest: what its vectors are made with.
            place: says nothing that the truth does not.
            indexed_from: so many passages are found by indexes, of which `save` makes those that are missing.
        """
        self._truth = truth
        self._manifest = manifest
        self._table = IndexTable(truth.collection, manifest.encoder.dimension)
        self._checked = -1  # the change up to which the manifest is known to be that of the collection
        self._filters = LRUCache[tuple[int, Condition], str](CONDITIONS)
        self._lock = threading.Lock()
        self._blocks = _Blocks()
        self._indexed_from = indexed_from
        self._indexed = False  # whether the indexes are known to be there
        self.exact = True
        self.unsaved = 0

    @contextmanager
    def refreshed(self, reader: Reader) -> Iterator[IndexState]:
        """A block in which the index is what a reader sees."""
        own = cast(OceanBaseReader, reader)  # of the same truth, so of its kind
        state = own.state()
        if state.sequence != self._checked:
            check_unchanged(own, self._manifest)
            self._checked = state.sequence
        self.exact = state.passages < self._indexed_from
        self.unsaved = state.passages if self._missing(own) else 0
        finding = Finding(own, self._table, indexed=not self.exact)
        before, self._blocks.last = self._blocks.last, _Block(own, finding)
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

    def seen(self, reader: Reader, keys: Sequence[Key]) -> Seen:
        """Return what ranking sees of some passages first."""
        return read_seen(reader, keys, self._manifest.encoder.dimension)

    def save(self) -> None:
        """Make what the database finds many passages by, where there are many; the rest is kept with the truth."""
        with self._truth.reading() as reader:
            missing = self._missing(reader)
        for name in missing:
            try:
                self._table.make_index(self._truth.database, name)
            except StoreUnavailable:  # another process may be faster
                with self._truth.reading() as reader:
                    if name in self._table.missing_indexes(reader.connection):
                        raise
        self.unsaved = 0

    def heal(self) -> None:
        """Derive anew what is missing, outdated or of other rules, unless this user may only read."""
        with self._truth.reading() as reader:
            whole = is_whole(reader, self._table) and not self._others(reader)
        if whole or self._truth.read_only:
            return
        with self._truth.writing() as writer:
            check_unchanged(writer, self._manifest)
            for table in self._others(writer):  # that a model before had
                table.drop(self._truth.database)
            if not is_whole(writer, self._table):  # no other process was faster
                logger.warning("%s is missing or outdated; it is derived anew, nothing is lost", self._table.name)
                derive_anew(self._truth.database, writer, self._table)

    def problems(self, reader: Reader) -> Iterator[str]:
        """Yield what of the derived is not as the truth has it."""
        return problems(cast(OceanBaseReader, reader), self._table)

    @property
    def _block(self) -> _Block:
        if self._blocks.last is None:
            raise RuntimeError("an index is asked inside a block of `refreshed`")
        return self._blocks.last

    def _others(self, reader: OceanBaseReader) -> list[IndexTable]:
        """Return the tables of the collection for vectors of other dimensions."""
        return [table for table in tables_of(reader.connection, reader.collection) if table != self._table]

    def _missing(self, reader: OceanBaseReader) -> list[str]:
        """Return the indexes that are missing where there are many passages."""
        if self._indexed or reader.state().passages < self._indexed_from:
            return []
        missing = self._table.missing_indexes(reader.connection)
        self._indexed = not missing
        return missing

    def _filter(self, condition: Condition | None) -> str | None:
        """Return what a condition comes to; it is remembered for the state that it was made in."""
        if condition is None:
            return None
        reader = self._block.reader
        known = reader.sequence(), condition
        with self._lock:
            found = self._filters.get(known)
        if found is None:
            found = Filtering(reader.connection, reader.collection).predicate(condition)
            with self._lock:
                self._filters[known] = found
        return found
