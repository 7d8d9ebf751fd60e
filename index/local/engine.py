"""The engine inside this process: FAISS and BM25 over the store of a data folder.

It keeps both indexes equal to the store. Rows of the store never change and are never used twice,
so what an index lacks or has too much is the difference of two sets of rows, whatever happened in between.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexMismatch, StoreUnavailable
from corpus.store.rows import in_batches
from corpus.store.sqlite import Store
from index.answer import IndexState
from index.durable import read_snapshot, write_snapshot
from index.engine import Found, Lookup
from index.filters.conditions import Condition
from index.local.bm25 import LexicalIndex, LexicalQuestion, read_question
from index.local.document_columns import DocumentColumns
from index.local.faiss_index import DenseIndex, Rows
from index.manifest import Manifest, read_manifest
from index.models.vectors import from_bytes
from index.query import Part
from index.ranking.rank import rank
from index.ranking.signals import Question, Scored
from index.ranking.years import years_of
from index.terms.terms import TERMS_VERSION

logger = logging.getLogger(__name__)

DENSE_FILE = "dense.faiss"
LEXICAL_FILE = f"lexical-{TERMS_VERSION}.npz"
# Of each index, how many passages are looked at; what is in neither list is not found.
CANDIDATES = 50

T = TypeVar("T")


class LocalEngine:
    """FAISS and BM25 in this process over the store of a data folder."""

    def __init__(self, store: Store, manifest: Manifest, data_dir: Path) -> None:
        self._store = store
        self._manifest = manifest
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._sequence = -1
        self._columns = DocumentColumns()
        self._columns_sequence = -1
        self._state = IndexState("", manifest.encoder.name, 0, 0)
        self._damaged = False
        self._dense_digest = ""
        self._dense = self._newer_dense() or DenseIndex(manifest.encoder.dimension)
        self._lexical = self._load(LEXICAL_FILE, LexicalIndex.from_bytes) or LexicalIndex()

    def search(self, question: Question, k: int, condition: Condition | None, parts: frozenset[Part]) -> Lookup:
        """Return the `k` best passages for a question."""
        wanted = read_question(question.text) if Part.LEXICAL in parts else None
        with self._store.reading():
            with self._lock:  # what this thread reads begins here, so it is as new as the indexes
                self._refresh()
                state = self._state
                among = None if condition is None else self._newest_columns().select(condition)
                rows, lexical = self._candidates(question, wanted, k, among, parts)
            started = perf_counter()
            groups = rank(self._store.rows, question, rows, lexical, k, parts)
            rerank_seconds = perf_counter() - started
            return Lookup(self._found(groups, question), state, rerank_seconds)

    def state(self) -> IndexState:
        """Return the newest state."""
        with self._lock, self._store.reading():
            self._refresh()
            return self._state

    def heal(self) -> None:
        """Write the indexes again if a file was missing or damaged; a folder that is read-only stays so."""
        if self._damaged:
            try:
                self.save()
            except (OSError, StoreUnavailable) as error:
                logger.warning("the indexes in %s cannot be written again: %s", self._data_dir, error)
            else:
                self._damaged = False

    def save(self) -> None:
        """Write the indexes beside the store, so that the next start need not rebuild them."""
        # The store's write lock keeps two processes from writing and recording in turns.
        with self._lock, self._store.writing():
            self._refresh()
            if self._dense.outgrown:
                self._dense = self._dense.clustered()
            for name, data in ((DENSE_FILE, self._dense.to_bytes()), (LEXICAL_FILE, self._lexical.to_bytes())):
                digest = write_snapshot(self._data_dir / name, data)
                self._store.record_snapshot(name, digest, self._sequence)

    def _candidates(
        self,
        question: Question,
        wanted: LexicalQuestion | None,
        k: int,
        among: Rows | None,
        parts: frozenset[Part],
    ) -> tuple[list[int], dict[int, float]]:
        """Return the best rows of each index that counts, each once, and their BM25 scores, if these count."""
        wide = max(k, CANDIDATES) if len(parts) > 1 else k
        rows: list[int] = []
        if parts != {Part.LEXICAL}:
            rows += [row for row, _ in self._dense.search(question.vector, wide, among)]
        if wanted is None:
            return rows, {}
        scores = self._lexical.score(wanted)
        rows = list(dict.fromkeys(rows + scores.top(wide, among)))
        return rows, scores.of(rows)

    def _load(self, name: str, parse: Callable[[bytes], T]) -> T | None:
        snapshot = self._store.snapshot(name)
        if snapshot is None:
            return None
        data = read_snapshot(self._data_dir / name, snapshot[0])
        if data is None:
            self._damaged = True
            logger.warning(
                "%s is missing or damaged; it is rebuilt from the store, nothing is lost", self._data_dir / name
            )
            return None
        return parse(data)

    def _newer_dense(self) -> DenseIndex | None:
        """Return the dense index as it was last written, unless that is what was read before."""
        snapshot = self._store.snapshot(DENSE_FILE)
        if snapshot is None or snapshot[0] == self._dense_digest:
            return None
        self._dense_digest = snapshot[0]
        return self._load(DENSE_FILE, lambda data: DenseIndex.from_bytes(data, self._manifest.encoder.dimension))

    def _refresh(self) -> None:
        # Clusters are made by whoever writes the indexes, so that no question waits for it; here they are taken over.
        if self._dense.outgrown and (newer := self._newer_dense()) is not None:
            self._dense, self._sequence = newer, -1
        sequence = self._store.sequence()
        if sequence == self._sequence:
            return
        self._check_manifest()
        self._sequence = -1  # until the indexes are whole again
        wanted = np.array(self._store.rows.all(), dtype=np.int64)
        self._refresh_dense(wanted)
        self._refresh_lexical(wanted)
        state = self._store.state()
        index_id = f"{self._manifest.fingerprint()[:8]}-{state.corpus_digest[:16]}"
        self._state = IndexState(index_id, self._manifest.encoder.name, state.documents, state.passages)
        self._sequence = sequence

    def _refresh_dense(self, wanted: Rows) -> None:
        held = self._dense.rows()
        self._dense.remove(np.setdiff1d(held, wanted))
        for rows in in_batches(np.setdiff1d(wanted, held).tolist()):
            vectors = self._store.rows.passage_vectors(rows)
            of_rows = from_bytes([vectors[row] for row in rows], self._manifest.encoder.dimension)
            self._dense.add(np.array(rows, dtype=np.int64), of_rows)

    def _refresh_lexical(self, wanted: Rows) -> None:
        held = self._lexical.rows()
        self._lexical.remove(np.setdiff1d(held, wanted))
        for rows in in_batches(np.setdiff1d(wanted, held).tolist()):
            texts = self._store.rows.search_texts(rows)
            self._lexical.add(rows, [texts[row] for row in rows])

    def _newest_columns(self) -> DocumentColumns:
        """Return what conditions are about as it is now; read when a condition asks for it first."""
        if self._columns_sequence != self._sequence:
            columns = DocumentColumns()
            keys: dict[str, list[int]] = defaultdict(list)
            years: dict[int, list[int]] = {}
            for rows in in_batches(self._store.rows.all()):
                for row, passage in self._store.rows.passages(rows).items():
                    keys[passage.document_id].append(row)
                    years[row] = list(map(int, years_of(passage.search_text)))
            for facts in self._store.facts():
                columns.add(facts, keys[facts.document_id], years)
            columns.settle()
            self._columns, self._columns_sequence = columns, self._sequence
        return self._columns

    def _check_manifest(self) -> None:
        """Refuse to go on with this process's model after another process has rebuilt the index with another."""
        found = read_manifest(self._store)
        if found is not None and found.fingerprint() != self._manifest.fingerprint():
            raise IndexMismatch(
                f"the index was rebuilt with {found.encoder.name} while this process "
                f"serves {self._manifest.encoder.name}; restart it"
            )

    def _found(self, groups: list[list[Scored]], question: Question) -> list[Found]:
        passages = self._store.rows.passages([each.row for group in groups for each in group])
        documents = self._store.documents({each.document_id for each in passages.values()})
        gaps = self._gaps([head for head, *_ in groups], question)
        found = []
        for best, *others in groups:
            passage, elsewhere = passages[best.row], [passages[each.row] for each in others]
            found.append(
                Found(
                    passage,
                    best.score,
                    best.scores,
                    documents[passage.document_id],
                    tuple((each, documents[each.document_id]) for each in elsewhere),
                    gaps[best.row],
                )
            )
        return found

    def _gaps(self, scored: Sequence[Scored], question: Question) -> dict[int, NDArray[np.float32]]:
        """Return of each passage's sentences how far they are from answering: by their tokens where there are any."""
        gaps = {
            each.row: each.alignment.shortfalls()
            for each in scored
            if each.alignment is not None and each.alignment.cosines.size
        }
        others = self._store.rows.sentence_vectors([each.row for each in scored if each.row not in gaps])
        for row, (_, sentences) in others.items():
            gaps[row] = -(from_bytes([sentences], len(question.vector)) @ question.vector)
        return gaps
