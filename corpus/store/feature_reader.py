"""What ranking reads of passages: a part of the truth, and all of it that most of `index.ranking` may know."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.passage import Passage
from corpus.store.stored import Key


class FeatureReader(Protocol):
    """Passages by key, and no more of each than is asked for.

    All raise StoreDamaged where a key is unknown: index and store would not speak of the same passages.
    """

    def passages(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys."""
        ...

    def cited(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys, as `passages` does, for whoever quotes them.

        Raises:
            StoreDamaged: also if anything of one is not as it was stored.
        """
        ...

    def search_texts(self, keys: Sequence[Key]) -> dict[Key, str]:
        """Return the search texts of some passages."""
        ...

    def dates(self, keys: Sequence[Key]) -> dict[Key, tuple[frozenset[int], str | None]]:
        """Return which years some passages speak of, and when their documents were published."""
        ...

    def synonyms(self, keys: Sequence[Key]) -> dict[Key, Mapping[str, tuple[str, ...]]]:
        """Return the other words that the documents of some passages were given."""
        ...

    def vectors(self, keys: Sequence[Key]) -> dict[Key, tuple[bytes, bytes]]:
        """Return the vectors of some passages, and those of their sentences."""
        ...

    def tokens(self, keys: Sequence[Key]) -> dict[Key, tuple[bytes, bytes]]:
        """Return the vectors of the tokens of some passages, and how many tokens each sentence has."""
        ...

    def terms(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """Return the terms of some passages."""
        ...
