"""Where passages are looked up by vector: the protocol, and the engine inside this process.

The local engine keeps FAISS equal to the store. Rows of the store never change and are never used twice, so
what FAISS lacks or has too much is the difference of two sets of rows, whatever happened in between.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.document import Document
from corpus.errors import IndexMismatch, StoreDamaged, StoreUnavailable
from corpus.rows import StoredPassage
from corpus.store import Store
from index.answer import IndexState
from index.dense import DenseIndex
from index.encoder import Vectors
from index.manifest import Manifest, read_manifest
from index.query import Filters
from index.vectors import from_bytes

logger = logging.getLogger(__name__)

DENSE_FILE = "dense.faiss"
REPLAY_BATCH = 10_000  # rows read from the store at a time: 8 MB of vectors


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that the engine found, with its document and its cosine to the question."""

    stored: StoredPassage
    document: Document
    cosine: float


class Engine(Protocol):
    """Looks up passages; each answer comes from one state of the store, which it names."""

    def search(self, vector: Vectors, k: int, filters: Filters) -> tuple[list[Found], IndexState]:
        """Return the `k` passages nearest to a question's vector, best first, and the state they are from."""
        ...

    def state(self) -> IndexState:
        """Return the newest state."""
        ...


class LocalEngine:
    """FAISS in this process over the store of a data folder."""

    def __init__(self, store: Store, manifest: Manifest, data_dir: Path) -> None:
        self._store = store
        self._manifest = manifest
        self._path = data_dir / DENSE_FILE
        self._lock = threading.Lock()
        self._sequence = -1
        self._state = IndexState("", manifest.encoder.name, 0, 0)
        self._damaged = False
        self._dense = self._load()

    def search(self, vector: Vectors, k: int, filters: Filters) -> tuple[list[Found], IndexState]:
        """Return the `k` passages nearest to a question's vector, best first, and the state they are from."""
        with self._lock, self._store.reading():
            self._refresh()
            among = self._store.rows_where(*filters.condition()) if filters else None
            hits = self._dense.search(vector, k, among)
            return self._found(hits), self._state

    def state(self) -> IndexState:
        """Return the newest state."""
        with self._lock, self._store.reading():
            self._refresh()
            return self._state

    def heal(self) -> None:
        """Write the vector index again if its file was missing or damaged; a folder that is read-only stays so."""
        if self._damaged:
            try:
                self.save()
            except (OSError, StoreUnavailable) as error:
                logger.warning("%s cannot be written again: %s", self._path, error)
            else:
                self._damaged = False

    def save(self) -> None:
        """Write the vector index beside the store, so that the next start need not rebuild it."""
        with self._lock:
            with self._store.reading():
                self._refresh()
            digest = self._dense.save(self._path)
            self._store.record_snapshot(DENSE_FILE, digest, self._sequence)

    def _load(self) -> DenseIndex:
        dimension = self._manifest.encoder.dimension
        snapshot = self._store.snapshot(DENSE_FILE)
        if snapshot is None:
            return DenseIndex(dimension)
        dense = DenseIndex.load(self._path, snapshot[0], dimension)
        if dense is None:
            self._damaged = True
            logger.warning("%s is missing or damaged; it is rebuilt from the store, nothing is lost", self._path)
            return DenseIndex(dimension)
        return dense

    def _refresh(self) -> None:
        sequence = self._store.sequence()
        if sequence == self._sequence:
            return
        self._check_manifest()
        self._sequence = -1  # until the index is whole again
        wanted = np.array(self._store.rows(), dtype=np.int64)
        held = self._dense.rows()
        self._dense.remove(np.setdiff1d(held, wanted))
        missing = np.setdiff1d(wanted, held)
        for start in range(0, len(missing), REPLAY_BATCH):
            rows = missing[start : start + REPLAY_BATCH]
            vectors = [vector for _, vector in self._store.passage_vectors(rows.tolist())]
            self._dense.add(rows, from_bytes(vectors, self._manifest.encoder.dimension))
        state = self._store.state()
        index_id = f"{self._manifest.fingerprint()[:8]}-{state.corpus_digest[:16]}"
        self._state = IndexState(index_id, self._manifest.encoder.name, state.documents, state.passages)
        self._sequence = sequence

    def _check_manifest(self) -> None:
        """Refuse to go on with this process's model after another process has rebuilt the index with another."""
        found = read_manifest(self._store)
        if found is not None and found.fingerprint() != self._manifest.fingerprint():
            raise IndexMismatch(
                f"the index was rebuilt with {found.encoder.name} while this process "
                f"serves {self._manifest.encoder.name}; restart it"
            )

    def _found(self, hits: Sequence[tuple[int, float]]) -> list[Found]:
        stored = self._store.passages_at([row for row, _ in hits])
        if len(stored) < len(hits):
            raise StoreDamaged("passages are gone from the store behind its back; run: wherefrom verify")
        ids = {passage.passage.document_id for passage in stored.values()}
        documents = {document_id: self._store.document(document_id) for document_id in ids}
        return [Found(stored[row], documents[stored[row].passage.document_id], cosine) for row, cosine in hits]
