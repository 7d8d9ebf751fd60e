"""The engine over a database: a collection is opened by its name."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

from corpus.store.truth import Truth
from index.engine import Engine, Index
from index.manifest import Manifest
from index.oceanbase.connecting import Database
from index.oceanbase.index import INDEXED_FROM, OceanBaseIndex
from index.oceanbase.truth import OceanBaseTruth


def engine_of(database: Database, indexed_from: int = INDEXED_FROM) -> Engine:
    """Return the engine over a database, whose places are the names of its collections.

    Args:
        database: the database.
        indexed_from: so many passages of a collection are found by indexes.
    """

    def open_truth(place: Path, create: bool) -> AbstractContextManager[Truth]:
        return OceanBaseTruth.open(database, str(place), create=create)

    def open_index(truth: Truth, manifest: Manifest, place: Path) -> Index:
        # The truth is one that `open_truth` opened.
        return OceanBaseIndex(cast(OceanBaseTruth, truth), manifest, place, indexed_from)

    return Engine(open_truth, open_index)
