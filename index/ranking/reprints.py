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
    earlier: dict[int, list[int]] = {}
    wordings: dict[Key, Wording] = {}
    groups: dict[int, list[int]] = {}  # by the place of their best
    looked_at = 0  # of so many places the later ones that are near are known
    for place, row in enumerate(rows):
        if place == looked_at and len(groups) < k:  # each of the next ones may be the best of a group
            looked_at += k - len(groups)
            near = _near(vectors, place, looked_at, sketch)
            if near:
                wordings |= read_wordings([rows[each] for each in sorted({each for pair in near for each in pair})])
            for before, later in near:
                earlier.setdefault(later, []).append(before)
        heads = (before for before in earlier[place] if before in groups) if place in earlier else ()
        head = next((each for each in heads if same_wording(wordings[rows[each]], wordings[row])), None)
        if head is not None:
            groups[head].append(place)
        elif len(groups) < k:
            groups[place] = [place]
    return list(groups.values())


def _near(
    vectors: HalfVectors, start: int, end: int, sketch: Callable[[NDArray[np.int64]], Sketches]
) -> list[tuple[int, int]]:
    """Return pairs of places whose words have to be looked at: one from `start` to `end`, and a later one."""
    before, later = np.nonzero(products(vectors[start:end], vectors) >= ALIKE)
    before += start
    alike = later > before
    if not alike.any():
        return []
    pairs = np.stack([before[alike], later[alike]])
    left, right = sketch(pairs.ravel()).reshape(2, pairs.shape[1], -1)
    near: list[tuple[int, int]] = list(zip(*pairs[:, nearly_same(left, right)].tolist(), strict=True))
    return near
