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


@dataclass(frozen=True, slots=True)
class Seen:
    """The vectors of candidates, as they are stored.

    Attributes:
        passages: shape `(candidates, dimension)`.
        sentences: those of their sentences, or of a passage that has none, shape `(sentences, dimension)`.
        starts: where the sentences of each candidate begin.
        sketch: returns the sketches of the texts of those at some places.
    """

    passages: HalfVectors
    sentences: HalfVectors
    starts: NDArray[np.int64]
    sketch: Callable[[NDArray[np.int64]], Sketches]

    def cosines(self, question: Vectors, signals: frozenset[Signal]) -> dict[Signal, NDArray[np.float64]]:
        """Return those of the passages and of their best sentences to a question's vector, as far as they count."""
        found: dict[Signal, NDArray[np.float64]] = {}
        if Signal.SENTENCE in signals:
            found[Signal.SENTENCE] = np.maximum.reduceat(cosines(self.sentences, question), self.starts)
        if Signal.DENSE in signals or signals <= CLOSE:  # vectors order what only tokens will score
            found[Signal.DENSE] = cosines(self.passages, question)
        return found


Look = Callable[[Sequence[Key]], Seen]


def read_seen(reader: FeatureReader, keys: Sequence[Key], dimension: int) -> Seen:
    """Return what is seen of stored passages, read from the truth; of which texts too, is seen later.

    Raises:
        StoreDamaged: if the vectors of one are not of the dimension.
    """
    stored = reader.vectors(keys)
    sentences = [stored[key][1] or stored[key][0] for key in keys]
    lengths = [len(each) // (dimension * STORED.itemsize) for each in sentences]

    def sketch(places: NDArray[np.int64]) -> Sketches:
        some = [keys[place] for place in places.tolist()]
        texts = reader.search_texts(some)
        return sketches_of([texts[key] for key in some])

    passages = as_halves([stored[key][0] for key in keys], dimension)
    return Seen(passages, as_halves(sentences, dimension), np.cumsum([0, *lengths[:-1]]), sketch)
