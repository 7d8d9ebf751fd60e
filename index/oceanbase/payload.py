"""The terms of candidates, read once in a block and taken apart once."""

from collections.abc import Sequence

from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.terms.packing import PackedTerms, unpack_terms


class Payload:
    """The terms of passages, by their keys."""

    def __init__(self, reader: FeatureReader) -> None:
        self._reader = reader
        self._terms: dict[Key, PackedTerms] = {}

    def terms(self, keys: Sequence[Key]) -> dict[Key, PackedTerms]:
        """Return the terms of some passages; those that are not known yet are read with one query."""
        new = [key for key in dict.fromkeys(keys) if key not in self._terms]
        if new:
            self._terms.update((key, unpack_terms(terms)) for key, terms in self._reader.terms(new).items())
        return {key: self._terms[key] for key in keys}
