"""Passages that are quoted, and what is known of their documents: read and checked once in each state of an index."""

import threading
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from cachetools import LRUCache

from corpus.document import DocumentFacts
from corpus.passage import Passage
from corpus.store.stored import Key
from corpus.store.truth import Reader

MOST = 1_024  # passages that are remembered, and as many documents; a passage with its texts takes some 5 KB

Name = TypeVar("Name")
Known = TypeVar("Known")


class Quoted:
    """What was read of an index in one of its states. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget("")

    def _forget(self, index_id: str) -> None:
        self._index_id = index_id
        self._passages = LRUCache[Key, Passage](MOST)
        self._facts = LRUCache[str, DocumentFacts](MOST)

    def passages(self, reader: Reader, index_id: str, keys: Collection[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys.

        Args:
            reader: of the truth.
            index_id: names the state that it sees; what was read in another one is forgotten.
            keys: in no order.

        Raises:
            StoreDamaged: if one that is read now is not as it was stored, or gone.
        """
        return self._all(lambda: self._passages, index_id, keys, lambda some: reader.cited(list(some)))

    def facts(self, reader: Reader, index_id: str, document_ids: Collection[str]) -> dict[str, DocumentFacts]:
        """Return what is known of the documents of some ids; see `passages`."""
        return self._all(lambda: self._facts, index_id, document_ids, reader.facts)

    def _all(
        self,
        remembered: Callable[[], LRUCache[Name, Known]],
        index_id: str,
        names: Collection[Name],
        read: Callable[[Collection[Name]], Mapping[Name, Known]],
    ) -> dict[Name, Known]:
        with self._lock:
            if self._index_id != index_id:
                self._forget(index_id)
            known = {name: found for name in names if (found := remembered().get(name)) is not None}
        if missing := [name for name in names if name not in known]:
            new = read(missing)
            with self._lock:
                if self._index_id == index_id:
                    remembered().update(new)
            known.update(new)
        return known
