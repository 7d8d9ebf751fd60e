"""What ranking reads of passages: a part of the truth, and all of it that most of `index.ranking` may know."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from corpus.errors import NotFound, StoreDamaged
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

    def named(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys, as `cited` does, for whoever tells where else words stand.

        Raises:
            StoreDamaged: also if a passage is not as it was stored; of its features, a store need not look at any.
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


def check_found(keys: Sequence[Key], rows: Sequence[Sequence[Any]]) -> None:
    """Raise StoreDamaged if one of some keys begins none of the rows that were found of them."""
    if len(rows) < len(keys) and (lost := set(keys) - {each[0] for each in rows}):
        raise StoreDamaged(f"the passage of key {min(lost)} is gone from the store; run: wherefrom verify")


def no_passage(passage_id: str) -> NotFound:
    """Return the error of an id that no passage has."""
    return NotFound(f"no passage {passage_id}; it may belong to a document that has changed, so search again")
