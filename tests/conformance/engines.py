"""Which engines the kit is run on: those of one machine, or OceanBase alone where a database runs."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from corpus.store.copied import Side
from corpus.store.copying import Copying
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.truth import Truth
from index.engine import Engine, Index
from index.local.index import LOCAL, LocalIndex
from index.manifest import Manifest
from tests.conformance.brute_force import BRUTE_FORCE

STORE_VARIABLE = "WHEREFROM_TEST_STORE"
STORE = os.environ.get(STORE_VARIABLE, "")  # the address of a database that runs

# Of few passages already, so that a small corpus is searched by clusters.
CLUSTERED = Engine(LOCAL.open_truth, partial(LocalIndex, clustered_from=20))


@cache
def oceanbase() -> Engine:
    """The engine over the database that runs; its tables are made at the first use."""
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database
    from index.oceanbase.engine import engine_of

    database = Database(read_address(STORE))
    database.prepare()
    return engine_of(database)


def collection_of(folder: Path) -> Path:
    """The collection that stands for a folder of the kit, by which the engine opens it."""
    return Path(f"k{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}")


@contextmanager
def open_truth(folder: Path, create: bool) -> Iterator[Truth]:
    """Open the collection of a folder; what stands in the folder itself, as SQLite keeps it, is copied to it first."""
    copied = (folder / DATABASE_FILE).exists()
    with oceanbase().open_truth(collection_of(folder), create or copied) as truth:
        if copied:
            with Store.open(folder) as store:
                list(Copying(Side(str(folder), store), Side(STORE, truth), lambda *_: True).run())
        yield truth


def open_index(truth: Truth, manifest: Manifest, folder: Path) -> Index:
    return oceanbase().open_index(truth, manifest, collection_of(folder))


ENGINES: dict[str, Engine] = {"local": LOCAL, "local, clustered": CLUSTERED, "brute force": BRUTE_FORCE}
if STORE:  # the others need none, and have been run without
    ENGINES = {"oceanbase": Engine(open_truth, open_index)}
