"""What passages take in a database, as it tells it: bytes of the right order, of every table that holds something."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from corpus.errors import NotFound
from eval.cluster.sizes import measure
from index.cutting import Entry
from index.models.hashing import HashEncoder
from index.oceanbase.connecting import Database
from index.oceanbase.truth import OceanBaseTruth
from index.writer import Indexer
from tests.conformance.conftest import document_of

NAME = "measured"


@pytest.fixture
def own(database: Database) -> Iterator[Database]:
    """A database of its own, for all that it holds is measured."""
    database.alone(f"DROP DATABASE IF EXISTS {NAME}")
    opened = Database(replace(database.address, database=NAME))
    opened.prepare()
    yield opened
    opened.close()
    database.alone(f"DROP DATABASE IF EXISTS {NAME}")


def test_what_passages_take_is_measured(own: Database) -> None:
    with pytest.raises(NotFound, match="holds 0 indexes"):
        measure(own)
    with OceanBaseTruth.open(own, "default", create=True) as truth:
        encoder = HashEncoder()
        list(Indexer(truth, encoder).add(Entry(document_of(number)) for number in range(60)))
        with truth.reading() as reader:
            state, keys = reader.state(), reader.keys()
            vectors = reader.vectors(keys)
    figures = measure(own)
    assert (figures.documents, figures.passages, figures.dimension) == (60, state.passages, encoder.spec.dimension)
    assert "seekdb" in figures.version
    # A graph holds the vectors in single precision, and neighbours besides.
    assert 4 * figures.dimension < figures.graph < 5 * 4 * figures.dimension
    assert 20e6 < figures.window < 50e6
    assert 1 < figures.terms < 1_000
    held = {"documents", "pieces", "passages", "features", "tokens", "index", "term_counts"}
    assert {name for name, size in figures.disk.items() if size > 1} >= held
    assert figures.disk["features"] > len(next(iter(vectors.values()))[0]) / 2
