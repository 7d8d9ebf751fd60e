"""What the tests on a database share: which one it is, and a collection of its own for each test."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance.engines import STORE, STORE_VARIABLE

if TYPE_CHECKING:
    from index.oceanbase.connecting import Database
    from index.oceanbase.truth import OceanBaseTruth

HERE = Path(__file__).parent
REASON = f"{STORE_VARIABLE} names no running database; run: make test-cluster"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what stands here where there is no database."""
    for item in items:
        if not STORE and HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=REASON))


@pytest.fixture(scope="session")
def store() -> str:
    """The address of the database."""
    return STORE


@pytest.fixture(scope="module")
def own_store(store: str, request: pytest.FixtureRequest) -> "Iterator[str]":
    """The address of a database of a module's own, for a server serves all collections that there are."""
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database

    address = f"{store}_{request.module.__name__.rpartition('_')[2]}"
    yield address
    database = Database(read_address(address))
    database.alone(f"DROP DATABASE IF EXISTS {database.address.database}")
    database.close()


@pytest.fixture(scope="session")
def database() -> "Iterator[Database]":
    """A pool of connections to the database, whose tables are there."""
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database

    opened = Database(read_address(STORE))
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The name of a collection that no other test uses."""
    return f"t{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]}"


@pytest.fixture
def truth(database: "Database", name: str) -> "Iterator[OceanBaseTruth]":
    """An empty collection, gone with the test."""
    from index.oceanbase import collections
    from index.oceanbase.truth import OceanBaseTruth

    def forget() -> None:
        if name in collections.names(database):
            collections.delete(database, name)

    forget()  # what a run that was cut short has left
    with OceanBaseTruth.open(database, name, create=True) as opened:
        yield opened
    forget()
