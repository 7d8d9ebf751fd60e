"""Following the truth: what came and went since a change is brought to an index."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Changes, Key
from corpus.store.truth import Reader

BATCH = 1_000  # passages added at a time


def follow(
    reader: Reader,
    since: int,
    remove: Callable[[NDArray[np.int64]], None],
    add: Callable[[Reader, Sequence[Key]], None],
) -> Changes:
    """Bring an index from a change to the last one, and return which passages came and went."""
    changes = reader.changes(since)
    remove(np.array(changes.removed, dtype=np.int64))
    for start in range(0, len(changes.added), BATCH):
        add(reader, changes.added[start : start + BATCH])
    return changes
