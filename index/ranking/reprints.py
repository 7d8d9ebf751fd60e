"""The same text twice: a reprint is one answer with several sources, not several answers."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Key
from index.models.vectors import HalfVectors, products
from index.ranking.harmless import same_wording
from index.ranking.sketches import Sketches, nearly_same
from index.ranking.wording import Wording

# The cosine of the vectors of two texts of the same wording is higher: of reprints made for tests, .958 and more by the
# model that comes inside.
ALIKE = 0.95


def fold(
    rows: Sequence[Key],
    vectors: HalfVectors,
    sketch: Callable[[NDArray[np.int64]], Sketches],
    read_wordings: Callable[[Sequence[Key]], Mapping[Key, Wording]],
    k: int,
) -> list[list[int]]:
    """Return the `k` best passages, each with the later ones that are the same words, best first, by their places.

    Args:
        rows: keys of the passages, best first.
        vectors: their unit vectors, shape `(passages, dimension)`.
        sketch: returns the sketches of those at some places; asked for texts whose vectors nearly agree.
        read_wordings: returns what counts of some when they are compared; asked for texts that are nearly the same.
        k: how many.
    """
    near = _near(vectors, sketch)
    if not len(near):
        return [[place] for place in range(min(k, len(rows)))]
    wordings = read_wordings([rows[place] for place in np.unique(near).tolist()])

    def same(one: Key, other: Key) -> bool:
        return same_wording(wordings[one], wordings[other])

    earlier: dict[int, list[int]] = {}
    for later, before in near.tolist():
        earlier.setdefault(later, []).append(before)
    groups: dict[int, list[int]] = {}  # by the place of their best
    for place in range(len(rows)):
        heads = (before for before in earlier.get(place, ()) if before in groups)
        head = next((each for each in heads if same(rows[each], rows[place])), None)
        if head is not None:
            groups[head].append(place)
        elif len(groups) < k:
            groups[place] = [place]
    return list(groups.values())


def _near(vectors: HalfVectors, sketch: Callable[[NDArray[np.int64]], Sketches]) -> NDArray[np.int64]:
    """Return pairs of places whose words have to be looked at, the later place of each first, shape `(pairs, 2)`."""
    alike = np.argwhere(np.tril(products(vectors, vectors) >= ALIKE, -1))
    if not len(alike):
        return alike
    twins, at = np.unique(alike, return_inverse=True)
    sketches = sketch(twins)
    left, right = at.reshape(alike.shape).T
    return alike[nearly_same(sketches[left], sketches[right])]
