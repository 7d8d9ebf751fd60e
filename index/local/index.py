"""The index in this process: FAISS and BM25, which follow the changes of the truth.

Each is kept with the number of the change it goes up to. What the truth has beyond it is added, what it no longer has
is removed, and nothing else is looked at.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from mmap import mmap
from pathlib import Path
from typing import TypeVar

import numpy as np

from corpus.errors import StoreUnavailable
from corpus.store.sqlite import Store
from corpus.store.stored import Key
from corpus.store.truth import Reader, Truth
from index.answer import IndexState
from index.durable import Aside, holding, map_whole
from index.engine import Engine
from index.filters.conditions import Condition
from index.local.checking import file_problems
from index.local.faiss_index import DenseIndex, Keys
from index.local.files import DENSE_FILE, LEXICAL_FILE, RECORD_FILE, remove_older, sweep_asides
from index.local.following import follow
from index.local.lexical.bm25 import LexicalIndex, LexicalScores
from index.local.selecting import Selecting
from index.local.sight import Sight
from index.manifest import Manifest, check_unchanged
from index.models.encoder import Vectors
from index.models.vectors import from_bytes
from index.ranking.seen import Seen
from index.terms.terms import LexicalQuestion

logger = logging.getLogger(__name__)

T = TypeVar("T")


class LocalIndex:
    """FAISS and BM25 in this process over a truth; see `index.engine.Index`."""

    lexical_error = 0.005  # of a term that occurs more than 255 times in one passage; else none

    def __init__(self, truth: Truth, manifest: Manifest, data_dir: Path, clustered_from: int | None = None) -> None:
        self._truth = truth
        self._clustered_from = clustered_from
        self._manifest = manifest
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._saving = threading.Lock()
        self._state = IndexState("", manifest.encoder.name, 0, 0)
        self._sequence = -1
        self._forget()
        self._scored: tuple[LexicalQuestion, LexicalScores] | None = None  # by the first question of a block
        self._loaded = self._damaged = False
        self.unsaved = 0
        self.stale = False

    def _forget(self) -> None:
        """Begin with nothing derived."""
        dimension = self._manifest.encoder.dimension
        self._dense, self._dense_at, self._dense_digest = DenseIndex(dimension, self._clustered_from), 0, ""
        self._lexical, self._lexical_at = LexicalIndex(), 0
        self._selecting = Selecting()
        self._sight = Sight(self._data_dir / RECORD_FILE, dimension)

    @property
    def exact(self) -> bool:
        """Whether every vector is looked at."""
        return not self._dense.clusters

    @contextmanager
    def refreshed(self, reader: Reader) -> Iterator[IndexState]:
        """A block in which the index is what a reader sees; one thread at a time."""
        with self._lock:  # what the reader sees begins in here, so it is as new as the index
            self._refresh(reader)
            self._reader, self._scored = reader, None
            yield self._state

    def dense(self, vector: Vectors, k: int, condition: Condition | None) -> list[Key]:
        """Return the `k` passages whose vectors are nearest to one."""
        return [key for key, _ in self._dense.search(vector, k, self._among(condition))]

    def lexical(self, question: LexicalQuestion, k: int, condition: Condition | None) -> list[Key]:
        """Return the `k` passages of the highest BM25 scores above 0."""
        return self._scores(question).top(k, self._among(condition))

    def scores(self, question: LexicalQuestion, keys: Sequence[Key]) -> dict[Key, float]:
        """Return the BM25 scores of some passages."""
        return self._scores(question).of(keys)

    def seen(self, reader: Reader, keys: Sequence[Key]) -> Seen:
        """Return what ranking sees of some passages first."""
        seen = self._sight.seen(reader, keys)
        self.stale = self.stale or self._sight.stale
        return seen

    def save(self) -> None:
        """Write the indexes beside the truth. Questions and writes go on while copies are settled and written.

        What was deleted or replaced before is neither in the copies then, nor left in the truth.
        """
        with self._saving, ExitStack() as written:
            with self._truth.reading() as reader:
                with self._lock:
                    self._refresh(reader)
                    sequence = self._sequence
                    dense, lexical = self._dense.copy(), self._lexical.copy()
                records = self._sight.written(reader)
            files = {} if records is None else {RECORD_FILE: records}
            written.callback(_remove, files)
            dense, lexical = dense.settled(), lexical.settled()
            for name, data in ((DENSE_FILE, dense.to_bytes()), (LEXICAL_FILE, lexical.to_bytes())):
                files[name] = Aside(self._data_dir / name, holding(data))
            # The truth's write lock keeps two processes from placing and recording in turns.
            with self._truth.writing() as writer, self._lock:
                check_unchanged(writer, self._manifest)
                for name, file in files.items():
                    recorded = writer.derived(name)
                    if recorded is None or recorded[1] <= sequence:  # else another process was faster, and knows more
                        file.place()
                        writer.record_derived(name, file.digest, sequence)
                self._dense, self._dense_at, self._sequence = dense, sequence, -1
                self._lexical, self._lexical_at = lexical, sequence
                self.unsaved = 0  # what came since is counted when it is followed
                self.stale = False
        remove_older(self._data_dir)
        self._truth.settle()

    def heal(self) -> None:
        """Write the indexes again if a file is missing or damaged; a folder that is read-only stays so."""
        sweep_asides(self._data_dir)
        with self._truth.reading() as reader, self._lock:
            self._load_once(reader)
        if self._damaged:
            try:
                self.save()
            except (OSError, StoreUnavailable) as error:
                logger.warning("the indexes in %s cannot be written again: %s", self._data_dir, error)
            else:
                self._damaged = False

    def problems(self, reader: Reader) -> Iterator[str]:
        """Yield what is wrong with the files of the indexes."""
        return file_problems(reader, self._manifest.encoder.dimension, self._data_dir)

    def _scores(self, question: LexicalQuestion) -> LexicalScores:
        if self._scored is None:  # what is looked up besides is asked for once
            self._scored = question, self._lexical.score(question)
        return self._scored[1] if self._scored[0] is question else self._lexical.score(question)

    def _among(self, condition: Condition | None) -> Keys | None:
        """Return the keys of the passages that meet a condition, `None` where there is none."""
        return None if condition is None else self._selecting.select(condition, self._reader, self._sequence)

    # Following the truth

    def _refresh(self, reader: Reader) -> None:
        self._load_once(reader)
        # Clusters are made by whoever writes the indexes, so that no question waits for it; here they are taken over.
        if self._dense.outgrown:
            self._take_over_dense(reader)
        sequence = reader.sequence()
        if sequence == self._sequence:
            return
        check_unchanged(reader, self._manifest)
        self._sequence = -1
        self._sight.take_over(reader)
        if sequence < max(self._dense_at, self._lexical_at):
            self._forget()  # of a reader that is older than the index, or a store that was put back: begin again
        try:
            followed = follow(reader, self._dense_at, self._dense.remove, self._add_vectors)
            self.unsaved += len(followed.removed) + len(followed.added)
            self.stale = self.stale or bool(followed.removed)
            follow(reader, self._lexical_at, self._lexical.remove, self._add_terms)
        except BaseException:
            self._forget()  # what was added so far is not known
            raise
        self._sequence = self._dense_at = self._lexical_at = sequence
        state = reader.state()
        index_id = f"{self._manifest.fingerprint()[:8]}-{state.corpus_digest[:16]}"
        self._state = IndexState(index_id, self._manifest.encoder.name, state.documents, state.passages)

    def _add_vectors(self, reader: Reader, keys: Sequence[Key]) -> None:
        vectors = reader.vectors(keys)
        of_keys = from_bytes([vectors[key][0] for key in keys], self._manifest.encoder.dimension)
        self._dense.add(np.array(keys, dtype=np.int64), of_keys)

    def _add_terms(self, reader: Reader, keys: Sequence[Key]) -> None:
        terms = reader.terms(keys)
        self._lexical.add(keys, [terms[key] for key in keys])

    # Files

    def _load_once(self, reader: Reader) -> None:
        if not self._loaded:
            self._loaded = True
            if not self._sight.begin(reader):
                self._lose(RECORD_FILE)
            self.stale = self.stale or self._sight.stale
            self._take_over_dense(reader)
            found = self._load(reader, LEXICAL_FILE, LexicalIndex.from_bytes)
            if found is not None:
                self._lexical, self._lexical_at = found

    def _take_over_dense(self, reader: Reader) -> None:
        """Read the dense index as it was last written, unless that is what was read before."""
        recorded = reader.derived(DENSE_FILE)
        if recorded is None or recorded[0] == self._dense_digest:
            return
        self._dense_digest = recorded[0]
        dimension = self._manifest.encoder.dimension
        parse = partial(DenseIndex.from_bytes, dimension=dimension, clustered_from=self._clustered_from)
        found = self._load(reader, DENSE_FILE, parse)
        if found is not None:
            self._dense, self._dense_at = found
            self._sequence = -1

    def _load(self, reader: Reader, name: str, parse: Callable[[mmap], T | None]) -> tuple[T, int] | None:
        """Return an index as it was last written, and the change it goes up to; `None` where there is none."""
        recorded = reader.derived(name)
        if recorded is None:
            return None
        data = map_whole(self._data_dir / name, recorded[0])
        parsed = None if data is None else parse(data)
        if parsed is None:
            self._lose(name)
            return None
        return parsed, recorded[1]

    def _lose(self, name: str) -> None:
        self._damaged = True
        logger.warning("%s is missing or damaged; it is rebuilt from the store, nothing is lost", self._data_dir / name)


def _remove(files: Mapping[str, Aside]) -> None:
    """Remove files that are not in their places."""
    for file in files.values():
        file.remove()


LOCAL = Engine(lambda data_dir, create: Store.open(data_dir, create=create), LocalIndex)
