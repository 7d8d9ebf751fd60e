"""Passages that are quoted, and what is known of their documents: read and checked once in each state of an index."""

from collections.abc import Collection

from corpus.document import DocumentFacts
from corpus.passage import Passage
from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.ranking.recent import Recent

MOST = 1_024  # passages that are remembered, and as many documents; a passage with its texts takes some 5 KB


class Quoted:
    """What was read of an index in one of its states. Safe to use from several threads."""

    def __init__(self) -> None:
        self._read = _Read("")

    def passages(self, reader: Reader, index_id: str, keys: Collection[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys.

        Args:
            reader: of the truth.
            index_id: names the state that it sees; what was read in another one is forgotten.
            keys: in no order.

        Raises:
            StoreDamaged: if one that is read now is not as it was stored, or gone.
        """
        return self._in(index_id).passages.of(keys, reader.cited)

    def facts(self, reader: Reader, index_id: str, document_ids: Collection[str]) -> dict[str, DocumentFacts]:
        """Return what is known of the documents of some ids; see `passages`."""
        return self._in(index_id).facts.of(document_ids, reader.facts)

    def _in(self, index_id: str) -> "_Read":
        read = self._read
        if read.index_id != index_id:
            read = self._read = _Read(index_id)
        return read


class _Read:
    """What was read in the state of an id."""

    def __init__(self, index_id: str) -> None:
        self.index_id = index_id
        self.passages = Recent[Key, Passage](MOST)
        self.facts = Recent[str, DocumentFacts](MOST)
