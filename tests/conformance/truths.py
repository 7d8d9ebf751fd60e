"""Which truths the kit is run on: one of each kind, whatever searches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.store.truth import Truth
from tests.conformance.engines import ENGINES

TRUTHS = [name for name in ("local", "oceanbase") if name in ENGINES]


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Truth]:
    """A block with an empty truth of a kind, for what is a new folder."""
    with ENGINES[kind].open_truth(folder, True) as truth:
        yield truth
