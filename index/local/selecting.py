"""Which passages meet a condition: what conditions are about, and what was asked last."""

from cachetools import LRUCache

from corpus.store.truth import Reader
from index.filters.conditions import Condition
from index.local.document_columns import DocumentColumns
from index.local.faiss_index import Keys

MOST_CHANGED = 1_000  # documents; where more have changed, all are read again
CONDITIONS = 16  # remembered until the next change, each with the keys that meet it: 8 MB of a million passages


class Selecting:
    """The facts of documents in this process, which follow the changes of the truth; one thread at a time."""

    def __init__(self) -> None:
        self._columns, self._at = DocumentColumns(), 0
        self._selected = LRUCache[Condition, Keys](CONDITIONS)

    def select(self, condition: Condition, reader: Reader, sequence: int) -> Keys:
        """Return the keys of the passages that meet a condition, in the state of a change that a reader sees."""
        if self._at != sequence:
            self._follow(reader)
            self._at = sequence
        if condition not in self._selected:
            self._selected[condition] = self._columns.select(condition)
        return self._selected[condition]

    def _follow(self, reader: Reader) -> None:
        """Bring the columns up to date; they are read when a condition is asked for first."""
        changed = None if self._at <= 0 else reader.changes(self._at).documents
        if changed is not None and len(changed) > MOST_CHANGED:
            self._columns, changed = DocumentColumns(), None
        for document_id in changed or ():
            self._columns.remove(document_id)
        for facts, years in reader.facets(changed):
            self._columns.add(facts, list(years), years)
        self._columns.settle()
        self._selected.clear()
