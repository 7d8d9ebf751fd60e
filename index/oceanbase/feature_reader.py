"""Passages of a collection by their keys, and no more of each than is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from corpus.passage import Passage
from corpus.store.columns import PASSAGE_COLUMNS, damage_named, synonyms_of_value, undamaged, years_of_value
from corpus.store.feature_reader import check_found
from corpus.store.stored import Key
from index.oceanbase.connecting import Connection, Row
from index.oceanbase.rows import STORED, STORED_IN, marks, passage_in, stored_in

REMEMBERED = 3_000  # passages whose terms are, of 6 KB each
ASKED_TOGETHER = 1_000  # rows by their keys; of passages with their vectors, some 40 MB
WITH_DOCUMENTS = "passages JOIN documents USING (collection, document_id)"


class OceanBaseFeatureReader:
    """The passages that a transaction sees; see `corpus.store.feature_reader.FeatureReader`.

    Attributes:
        connection: inside the transaction.
        collection: the number of the collection.
    """

    def __init__(self, connection: Connection, collection: int) -> None:
        self.connection = connection
        self.collection = collection
        self._terms: dict[Key, bytes] = {}  # of candidates, whose words are looked at more than once

    def passages(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys."""
        return {key: passage_in(columns) for key, *columns in self._of_keys(PASSAGE_COLUMNS, "passages", keys)}

    def cited(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys, once all that is stored of each was compared with its checksum."""
        return {row[0]: undamaged(stored_in(row)) for row in self._of_keys(STORED, STORED_IN, keys)}

    def named(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """Return the passages of some keys; all that is stored of a passage has one checksum here."""
        return self.cited(keys)

    def search_texts(self, keys: Sequence[Key]) -> dict[Key, str]:
        """Return the search texts of some passages."""
        return dict(self._of_keys("search_text", "passages", keys))

    def dates(self, keys: Sequence[Key]) -> dict[Key, tuple[frozenset[int], str | None]]:
        """Return which years some passages speak of, and when their documents were published."""
        found = self._of_keys("years, published", WITH_DOCUMENTS, keys)
        with damage_named("a passage"):
            return {key: (frozenset(years_of_value(years)), published) for key, years, published in found}

    def synonyms(self, keys: Sequence[Key]) -> dict[Key, Mapping[str, tuple[str, ...]]]:
        """Return the other words that the documents of some passages were given."""
        found = self._of_keys("synonyms", WITH_DOCUMENTS, keys)
        with damage_named("a document"):
            return {key: synonyms_of_value(value) for key, value in found}

    def vectors(self, keys: Sequence[Key]) -> dict[Key, tuple[bytes, bytes]]:
        """Return the vectors of some passages, and those of their sentences."""
        found = self._of_keys("vector, sentence_vectors", "features", keys)
        return {key: (vector, of_sentences) for key, vector, of_sentences in found}

    def tokens(self, keys: Sequence[Key]) -> dict[Key, tuple[bytes, bytes]]:
        """Return the vectors of the tokens of some passages, and how many tokens each sentence has."""
        found = self._of_keys("token_vectors, sentence_tokens", "tokens", keys)
        return {key: (tokens, counts) for key, tokens, counts in found}

    def terms(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """Return the terms of some passages; those of a question's candidates are not read again."""
        if len(self._terms) > REMEMBERED:
            self._terms.clear()
        new = [key for key in keys if key not in self._terms]
        if new:
            self._terms.update(self._of_keys("terms", "features", new))
        return {key: self._terms[key] for key in keys}

    def _of_keys(self, columns: str, tables: str, keys: Sequence[Key]) -> list[Row]:
        """Return some columns of the passages of some keys, the key first, in the order of the keys.

        Raises:
            StoreDamaged: if one is gone, because the index and the store would not speak of the same passages.
        """
        query = f"SELECT passage_key, {columns} FROM {tables} WHERE collection = %s AND passage_key IN ({{}})"
        found = sorted(self._among(query, keys), key=itemgetter(0))
        check_found(keys, found)
        return found

    def _among(self, query: str, values: Sequence[object]) -> Iterator[Row]:
        """Yield what a query finds of the collection and of values whose marks it has a place for."""
        for first in range(0, len(values), ASKED_TOGETHER):
            chunk = values[first : first + ASKED_TOGETHER]
            yield from self.connection.rows(query.format(marks(chunk)), self.collection, *chunk)
