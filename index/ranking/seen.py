"""What ranking sees of all candidates, before it looks closely at a few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.models.encoder import Vectors
from index.models.vectors import STORED, HalfVectors, as_halves, cosines
from index.query import Signal
from index.ranking.signals import CLOSE
from index.ranking.sketches import Sketches, sketches_of

LEAST = -2.0  # lower than any cosine


@dataclass(frozen=True, slots=True)
class Seen:
    """The vectors of candidates, as they are stored.

    Attributes:
        vectors: of each candidate its own, and then those of its sentences, or its own again if it has none, shape
            `(vectors, dimension)`.
        starts: where those of each candidate begin.
        sketch: returns the sketches of the texts of those at some places.
    """

    vectors: HalfVectors
    starts: NDArray[np.int64]
    sketch: Callable[[NDArray[np.int64]], Sketches]

    def passages(self, places: NDArray[np.int64]) -> HalfVectors:
        """Return the candidates' own vectors, of those at some places."""
        return self.vectors.take(self.starts.take(places), axis=0)

    def cosines(self, question: Vectors, signals: frozenset[Signal]) -> dict[Signal, NDArray[np.float64]]:
        """Return those of the passages and of their best sentences to a question's vector, as far as they count."""
        found: dict[Signal, NDArray[np.float64]] = {}
        of_all = cosines(self.vectors, question)
        of_passages = of_all.take(self.starts)
        if Signal.SENTENCE in signals:
            of_all[self.starts] = LEAST
            found[Signal.SENTENCE] = np.maximum.reduceat(of_all, self.starts)
        if Signal.DENSE in signals or signals <= CLOSE:  # vectors order what only tokens will score
            found[Signal.DENSE] = of_passages
        return found


Look = Callable[[Sequence[Key]], Seen]


def read_seen(reader: FeatureReader, keys: Sequence[Key], dimension: int) -> Seen:
    """Return what is seen of stored passages, read from the truth; of which texts too, is seen later.

    Raises:
        StoreDamaged: if the vectors of one are not of the dimension.
    """
    stored = reader.vectors(keys)
    vectors = [own + (of_sentences or own) for own, of_sentences in (stored[key] for key in keys)]
    lengths = [len(each) // (dimension * STORED.itemsize) for each in vectors]

    def sketch(places: NDArray[np.int64]) -> Sketches:
        some = [keys[place] for place in places.tolist()]
        texts = reader.search_texts(some)
        return sketches_of([texts[key] for key in some])

    return Seen(as_halves(vectors, dimension), np.cumsum([0, *lengths[:-1]]), sketch)
