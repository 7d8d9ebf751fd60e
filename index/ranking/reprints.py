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
        read_wordings: returns what counts of some when they are compared; asked for texts that may be the same, as far
            as their sketches tell.
        k: how many.
    """
    earlier: dict[int, list[tuple[int, bool]]] = {}
    wordings: dict[Key, Wording] = {}
    groups: dict[int, list[int]] = {}  # by the place of their best
    looked_at = 0  # of so many places the later ones that are near are known
    for place, row in enumerate(rows):
        if place == looked_at and len(groups) < k:  # each of the next ones may be the best of a group
            looked_at += k - len(groups)
            near = _near(vectors, place, looked_at, sketch)
            if unknown := sorted({each for *pair, known in near if not known for each in pair}):
                wordings |= read_wordings([rows[each] for each in unknown])
            for before, later, known in near:
                earlier.setdefault(later, []).append((before, known))
        heads = ((before, known) for before, known in earlier.get(place, ()) if before in groups)
        same = (each for each, known in heads if known or same_wording(wordings[rows[each]], wordings[row]))
        head = next(same, None)
        if head is not None:
            groups[head].append(place)
        elif len(groups) < k:
            groups[place] = [place]
    return list(groups.values())


def _near(
    vectors: HalfVectors, start: int, end: int, sketch: Callable[[NDArray[np.int64]], Sketches]
) -> list[tuple[int, int, bool]]:
    """Return pairs of places that may have the same words, from `start` to `end` and later, and whether they do."""
    before, later = np.nonzero(products(vectors[start:end], vectors) >= ALIKE)
    before += start
    alike = later > before
    if not alike.any():
        return []
    places, pairs = np.unique(np.stack([before[alike], later[alike]]), return_inverse=True)
    near, known = nearly_same(sketch(places), pairs.reshape(2, -1))
    return list(zip(*places[near].tolist(), known.tolist(), strict=True))
