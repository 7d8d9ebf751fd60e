"""Passages that are quoted, and what is known of their documents: read and checked once in each state of an index."""

from collections.abc import Collection

from corpus.document import DocumentFacts
from corpus.passage import Passage
from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.ranking.recent import Recent

MOST = 1_024  # best passages, others and documents that are remembered; a passage with its texts takes some 5 KB


class Quoted:
    """What was read of an index in one of its states. Safe to use from several threads."""

    def __init__(self) -> None:
        self._read = _Read("")

    def passages(
        self, reader: Reader, index_id: str, best: Collection[Key], others: Collection[Key]
    ) -> dict[Key, Passage]:
        """Return the passages of some keys.

        Args:
            reader: of the truth.
            index_id: names the state that it sees; what was read in another one is forgotten.
            best: those that were compared with the question by all that is stored of them.
            others: those in which the same words stand; what was computed of them is not read.

        Raises:
            StoreDamaged: if one that is read now is not as it was stored, or gone.
        """
        read = self._in(index_id)
        return read.best.of(best, reader.cited) | read.others.of(others, reader.named)

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
        self.best, self.others = Recent[Key, Passage](MOST), Recent[Key, Passage](MOST)
        self.facts = Recent[str, DocumentFacts](MOST)
