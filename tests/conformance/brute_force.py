"""The smallest index that can be: nothing derived, every passage compared with every question, over SQLite's truth."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import log
from pathlib import Path
from threading import RLock

import numpy as np

from corpus.errors import IndexMismatch
from corpus.store.sqlite import Store
from corpus.store.stored import Key
from corpus.store.truth import Reader, Truth
from index.answer import IndexState
from index.engine import Engine
from index.features import searched
from index.filters.conditions import Condition
from index.filters.names import check_names
from index.manifest import Manifest, read_manifest
from index.models.encoder import Vectors
from index.models.vectors import from_bytes
from index.ranking.seen import Seen, read_seen
from index.terms.terms import LexicalQuestion, Synonyms, passage_terms, sounds_of

K1, B = 1.2, 0.75


class BruteForceIndex:
    """Reads everything for each question."""

    exact = True
    lexical_error = 0.0
    unsaved = 0
    stale = False

    def __init__(self, truth: Truth, manifest: Manifest, data_dir: Path) -> None:
        self._manifest = manifest
        self._lock = RLock()
        self._reader: Reader

    @contextmanager
    def refreshed(self, reader: Reader) -> Iterator[IndexState]:
        with self._lock:
            found = read_manifest(reader)
            if found is None or found.fingerprint() != self._manifest.fingerprint():
                raise IndexMismatch("the index was rebuilt with another model; restart this process")
            self._reader = reader
            state = reader.state()
            index_id = f"{self._manifest.fingerprint()[:8]}-{state.corpus_digest[:16]}"
            yield IndexState(index_id, self._manifest.encoder.name, state.documents, state.passages)

    def dense(self, vector: Vectors, k: int, condition: Condition | None) -> list[Key]:
        keys = self._among(condition)
        vectors = self._reader.vectors(keys)
        rows = from_bytes([vectors[key][0] for key in keys], self._manifest.encoder.dimension)
        return [keys[place] for place in np.lexsort((np.array(keys), -(rows @ vector)))[:k]]

    def lexical(self, question: LexicalQuestion, k: int, condition: Condition | None) -> list[Key]:
        scores = self.scores(question, self._among(condition))
        return sorted((key for key, score in scores.items() if score > 0), key=lambda key: (-scores[key], key))[:k]

    def scores(self, question: LexicalQuestion, keys: Sequence[Key]) -> dict[Key, float]:
        passages = self._reader.passages(self._reader.keys())
        documents = self._reader.facts({each.document_id for each in passages.values()})
        titles = {key: documents[each.document_id].title for key, each in passages.items()}
        terms = {key: passage_terms(searched(each, titles[key]).words) for key, each in passages.items()}
        lengths = {key: held.total() for key, held in terms.items()}
        average = max(sum(lengths.values()) / max(len(lengths), 1), 1.0)
        for held in terms.values():
            for term, sound in sounds_of(held).items():
                held[sound] += held[term]
        scores = dict.fromkeys(keys, 0.0)
        for words in _wanted(question):
            counts = {
                key: sum(share * _occurrences(held, word) for word, share in words.items())
                for key, held in terms.items()
            }
            holding = sum(min(count, 1) for count in counts.values())
            rarity = log(1 + (len(terms) - holding + 0.5) / (holding + 0.5))
            for key in keys:
                saturation = K1 * (1 - B + B * lengths[key] / average)
                scores[key] += rarity * counts[key] * (K1 + 1) / (counts[key] + saturation)
        return scores

    def seen(self, reader: Reader, keys: Sequence[Key]) -> Seen:
        return read_seen(reader, keys, self._manifest.encoder.dimension)

    def save(self) -> None:
        """Nothing is derived."""

    def heal(self) -> None:
        """Nothing can be damaged."""

    def problems(self, reader: Reader) -> Iterator[str]:
        yield from ()

    def _among(self, condition: Condition | None) -> list[Key]:
        if condition is None:
            return self._reader.keys()
        facets = list(self._reader.facets())
        check_names(
            {each.column for each in condition.comparisons()}, {name for facts, _ in facets for name in facts.metadata}
        )
        return sorted(
            key for facts, years in facets for key, of_passage in years.items() if condition.holds(facts, of_passage)
        )


def _wanted(question: LexicalQuestion) -> list[Synonyms]:
    single: list[Synonyms] = [{(term,): 1.0} for term in question.terms]
    return [*single, *question.synonyms]


def _occurrences(held: Counter[str], word: Sequence[str]) -> int:
    return min(held[part] for part in word)


BRUTE_FORCE = Engine(lambda data_dir, create: Store.open(data_dir, create=create), BruteForceIndex)
